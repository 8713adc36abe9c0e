/**
 * Every JSON call of the API, written once: the server mounts it, the client calls it, OpenAPI is made from it.
 * Paths stand below `API_PREFIX`; `:name` is a path parameter.
 */
import { z } from 'zod';
import { Analysis, OwnTells, TellChoicesAnswer, TellChoicesBody } from './analysis.ts';
import { MyGuess, MyStats, PlayerPage, PlayerParams } from './players.ts';
import type { ProblemCode } from './problems.ts';
import { PushState, PushTokenBody } from './push.ts';
import {
  Challenge,
  ChangePasswordBody,
  Consents,
  ConsentsBody,
  CreateChallengeBody,
  FeedQuery,
  GuessAnswer,
  GuessBody,
  Id,
  LoginBody,
  Me,
  OwnChallenge,
  PageQuery,
  PatchChallengeBody,
  PatchMeBody,
  PublicChallenge,
  PublishBody,
  page,
  RefreshBody,
  RegisterBody,
  Reveal,
  SessionPage,
  Tokens,
} from './schemas.ts';

export const API_PREFIX = '/api/v1';

/** How many calls a minute: `auth` by address, the others by player (by address without one). */
export type RateClass = 'auth' | 'read' | 'write' | 'upload';

export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  tag: 'auth' | 'me' | 'challenges' | 'play' | 'players';
  summary: string;
  /** `none`: a token is not looked at; `optional`: looked at where it is sent; `player`: needed. */
  auth: 'none' | 'optional' | 'player';
  /** Scope the token must have, where there is a token. */
  scope: 'read' | 'write';
  rate: RateClass;
  /** Takes an `Idempotency-Key`: the same answer for 24 h. */
  idempotent?: true;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  status: 200 | 201 | 202 | 204;
  answer: z.ZodType;
  problems: readonly ProblemCode[];
}

const endpoint = <const E extends Endpoint>(definition: E): E => definition;
const IdParams = z.strictObject({ id: Id });
/** The body of a 204. */
const Nothing = z.null();

const open = { tag: 'auth', auth: 'none', scope: 'write', rate: 'auth' } as const;
const own = { auth: 'player', rate: 'write', scope: 'write' } as const;
const look = { auth: 'player', rate: 'read', scope: 'read' } as const;

export const endpoints = {
  register: endpoint({
    ...open,
    method: 'POST',
    path: '/auth/register',
    summary: 'Make an account',
    body: RegisterBody,
    status: 201,
    answer: Tokens,
    problems: ['email_taken', 'username_taken', 'too_young', 'busy'],
  }),
  login: endpoint({
    ...open,
    method: 'POST',
    path: '/auth/login',
    summary: 'Log in with e-mail address and password',
    body: LoginBody,
    status: 200,
    answer: Tokens,
    problems: ['credentials_wrong', 'login_throttled', 'busy'],
  }),
  guest: endpoint({
    ...open,
    method: 'POST',
    path: '/auth/guest',
    summary: 'Play as a guest, without any data',
    status: 201,
    answer: Tokens,
    problems: [],
  }),
  refresh: endpoint({
    ...open,
    method: 'POST',
    path: '/auth/refresh',
    summary: 'Spend a refresh token for new tokens; spending one twice ends its session',
    body: RefreshBody,
    status: 200,
    answer: Tokens,
    problems: ['refresh_invalid', 'refresh_reused'],
  }),
  logout: endpoint({
    ...own,
    tag: 'auth',
    method: 'POST',
    path: '/auth/logout',
    summary: 'End this session',
    status: 204,
    answer: Nothing,
    problems: [],
  }),
  upgrade: endpoint({
    ...own,
    tag: 'auth',
    rate: 'auth',
    method: 'POST',
    path: '/auth/upgrade',
    summary: 'Turn the guest into an account; plays and drafts stay',
    body: RegisterBody,
    status: 200,
    answer: Tokens,
    problems: ['email_taken', 'username_taken', 'not_a_guest', 'too_young', 'busy'],
  }),
  changePassword: endpoint({
    ...own,
    tag: 'auth',
    rate: 'auth',
    method: 'POST',
    path: '/auth/password/change',
    summary: 'Change the password; every other session ends',
    body: ChangePasswordBody,
    status: 204,
    answer: Nothing,
    problems: ['credentials_wrong', 'guest_has_no_password', 'login_throttled', 'busy'],
  }),

  me: endpoint({ ...look, tag: 'me', method: 'GET', path: '/me', summary: 'Who I am', status: 200, answer: Me, problems: [] }),
  patchMe: endpoint({
    ...own,
    tag: 'me',
    method: 'PATCH',
    path: '/me',
    summary: 'Change my name',
    body: PatchMeBody,
    status: 200,
    answer: Me,
    problems: ['username_taken'],
  }),
  putConsents: endpoint({
    ...own,
    tag: 'me',
    method: 'PUT',
    path: '/me/consents',
    summary: 'Accept the terms, give the year of birth, allow or refuse tells',
    body: ConsentsBody,
    status: 200,
    answer: Consents,
    problems: ['too_young'],
  }),
  sessions: endpoint({
    ...look,
    tag: 'me',
    method: 'GET',
    path: '/me/sessions',
    summary: 'My sessions, newest first',
    query: PageQuery,
    status: 200,
    answer: SessionPage,
    problems: [],
  }),
  endSession: endpoint({
    ...own,
    tag: 'me',
    method: 'DELETE',
    path: '/me/sessions/:id',
    summary: 'End one of my sessions',
    params: IdParams,
    status: 204,
    answer: Nothing,
    problems: ['session_not_found'],
  }),
  endOtherSessions: endpoint({
    ...own,
    tag: 'me',
    method: 'DELETE',
    path: '/me/sessions',
    summary: 'End all my sessions but this one',
    status: 204,
    answer: Nothing,
    problems: [],
  }),
  pushState: endpoint({
    ...look,
    tag: 'me',
    method: 'GET',
    path: '/me/push-tokens',
    summary: 'Which notifications this device gets, and the key to subscribe with',
    status: 200,
    answer: PushState,
    problems: [],
  }),
  putPushToken: endpoint({
    ...own,
    tag: 'me',
    method: 'PUT',
    path: '/me/push-tokens',
    summary: 'Send notifications to this device, for as long as this session lives; takes the place of what it had before',
    body: PushTokenBody,
    status: 204,
    answer: Nothing,
    problems: ['push_off'],
  }),
  deletePushToken: endpoint({
    ...own,
    tag: 'me',
    method: 'DELETE',
    path: '/me/push-tokens',
    summary: 'Send no more notifications to this device',
    status: 204,
    answer: Nothing,
    problems: [],
  }),
  testPush: endpoint({
    ...own,
    tag: 'me',
    method: 'POST',
    path: '/me/push-tokens/test',
    summary: 'Send one notification to this device now',
    status: 204,
    answer: Nothing,
    problems: ['push_off', 'push_token_missing'],
  }),
  myChallenges: endpoint({
    ...look,
    tag: 'me',
    method: 'GET',
    path: '/me/challenges',
    summary: 'My challenges and drafts, newest first',
    query: PageQuery,
    status: 200,
    answer: page(OwnChallenge, 'OwnChallengePage'),
    problems: [],
  }),

  myTells: endpoint({
    ...look,
    tag: 'me',
    method: 'GET',
    path: '/me/tells',
    summary: 'What my signals do when I lie, over my published challenges',
    status: 200,
    answer: OwnTells,
    problems: [],
  }),
  myStats: endpoint({
    ...look,
    tag: 'me',
    method: 'GET',
    path: '/me/stats',
    summary: 'How often I was right and how often I fooled others, with intervals; how well I know how sure I am',
    status: 200,
    answer: MyStats,
    problems: [],
  }),
  myGuesses: endpoint({
    ...look,
    tag: 'me',
    method: 'GET',
    path: '/me/guesses',
    summary: 'My guesses, newest first',
    query: PageQuery,
    status: 200,
    answer: page(MyGuess, 'MyGuessPage'),
    problems: [],
  }),

  createChallenge: endpoint({
    ...own,
    tag: 'challenges',
    method: 'POST',
    path: '/challenges',
    summary: 'Begin a challenge',
    idempotent: true,
    body: CreateChallengeBody,
    status: 201,
    answer: OwnChallenge,
    problems: ['too_many_drafts'],
  }),
  feed: endpoint({
    ...look,
    tag: 'challenges',
    auth: 'optional',
    method: 'GET',
    path: '/challenges',
    summary: 'Challenges to guess: never my own, never guessed ones',
    query: FeedQuery,
    status: 200,
    answer: page(PublicChallenge, 'ChallengePage'),
    problems: [],
  }),
  challenge: endpoint({
    ...look,
    tag: 'challenges',
    auth: 'optional',
    method: 'GET',
    path: '/challenges/:id',
    summary: 'One challenge',
    params: IdParams,
    status: 200,
    answer: Challenge,
    problems: ['challenge_not_found'],
  }),
  patchChallenge: endpoint({
    ...own,
    tag: 'challenges',
    method: 'PATCH',
    path: '/challenges/:id',
    summary: 'Change texts, audience or the lie before publishing',
    params: IdParams,
    body: PatchChallengeBody,
    status: 200,
    answer: OwnChallenge,
    problems: ['challenge_not_found', 'challenge_locked'],
  }),
  deleteChallenge: endpoint({
    ...own,
    tag: 'challenges',
    method: 'DELETE',
    path: '/challenges/:id',
    summary: 'Delete my challenge with its video and clips',
    params: IdParams,
    status: 204,
    answer: Nothing,
    problems: ['challenge_not_found'],
  }),
  process: endpoint({
    ...own,
    tag: 'challenges',
    method: 'POST',
    path: '/challenges/:id/process',
    summary: 'Merge the three clips (again after a failure); publishes by itself where the lie is set',
    params: IdParams,
    status: 200,
    answer: OwnChallenge,
    problems: ['challenge_not_found', 'clips_missing', 'clip_refused', 'challenge_locked'],
  }),
  publish: endpoint({
    ...own,
    tag: 'challenges',
    method: 'POST',
    path: '/challenges/:id/publish',
    summary: 'Lock the lie and publish',
    params: IdParams,
    body: PublishBody,
    status: 200,
    answer: OwnChallenge,
    problems: ['challenge_not_found', 'lie_missing', 'not_ready', 'challenge_locked', 'terms_required', 'too_young'],
  }),

  analysis: endpoint({
    ...look,
    tag: 'challenges',
    method: 'GET',
    path: '/challenges/:id/analysis',
    summary: 'What was measured in face and voice, for the author and for those who have guessed',
    params: IdParams,
    status: 200,
    answer: Analysis,
    problems: ['challenge_not_found', 'guess_first'],
  }),
  chooseTells: endpoint({
    ...own,
    tag: 'challenges',
    method: 'PUT',
    path: '/challenges/:id/tells',
    summary: 'Allow or refuse tells for each clip; refusing deletes what was measured',
    params: IdParams,
    body: TellChoicesBody,
    status: 200,
    answer: TellChoicesAnswer,
    problems: ['challenge_not_found', 'challenge_locked'],
  }),

  guess: endpoint({
    ...own,
    tag: 'play',
    method: 'POST',
    path: '/challenges/:id/guesses',
    summary: 'Guess the lie, once',
    idempotent: true,
    params: IdParams,
    body: GuessBody,
    status: 201,
    answer: GuessAnswer,
    problems: ['challenge_not_found', 'own_challenge', 'already_guessed'],
  }),
  reveal: endpoint({
    ...look,
    tag: 'play',
    method: 'GET',
    path: '/challenges/:id/reveal',
    summary: 'The answer, for those who have guessed and for the author',
    params: IdParams,
    status: 200,
    answer: Reveal,
    problems: ['challenge_not_found', 'guess_first'],
  }),

  player: endpoint({
    ...look,
    tag: 'players',
    auth: 'optional',
    method: 'GET',
    path: '/players/:username',
    summary: 'A player as everybody may see them, with what they have published',
    params: PlayerParams,
    query: PageQuery,
    status: 200,
    answer: PlayerPage,
    problems: ['player_not_found'],
  }),
} as const satisfies Record<string, Endpoint>;

export type EndpointName = keyof typeof endpoints;
export type Answer<N extends EndpointName> = z.output<(typeof endpoints)[N]['answer']>;
/** What a caller passes: path parameters, query and body, each where the endpoint has it. */
export type Call<N extends EndpointName> = Part<N, 'params'> & Part<N, 'query'> & Part<N, 'body'>;
type Part<N extends EndpointName, K extends 'params' | 'query' | 'body'> =
  (typeof endpoints)[N] extends Record<K, infer S extends z.ZodType> ? Record<K, z.input<S>> : Partial<Record<K, undefined>>;
