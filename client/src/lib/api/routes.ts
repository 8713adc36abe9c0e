/**
 * The contract's calls without their schemas: those bring zod, 57 kB (gzip) that the first screen would wait for. `tsc` holds every word
 * here to the contract.
 */
import type { EndpointName, endpoints, API_PREFIX as PREFIX } from '@2t1l/contract/endpoints';

/** What every path of the API stands below. */
export const API_PREFIX: typeof PREFIX = '/api/v1';

type Route<N extends EndpointName> = Readonly<Pick<(typeof endpoints)[N], 'auth' | 'method' | 'path'>>;

/** How each call is made. */
export const ROUTES: { readonly [N in EndpointName]: Route<N> } = {
  register: { auth: 'none', method: 'POST', path: '/auth/register' },
  login: { auth: 'none', method: 'POST', path: '/auth/login' },
  guest: { auth: 'none', method: 'POST', path: '/auth/guest' },
  refresh: { auth: 'none', method: 'POST', path: '/auth/refresh' },
  logout: { auth: 'player', method: 'POST', path: '/auth/logout' },
  upgrade: { auth: 'player', method: 'POST', path: '/auth/upgrade' },
  changePassword: { auth: 'player', method: 'POST', path: '/auth/password/change' },
  me: { auth: 'player', method: 'GET', path: '/me' },
  patchMe: { auth: 'player', method: 'PATCH', path: '/me' },
  putConsents: { auth: 'player', method: 'PUT', path: '/me/consents' },
  sessions: { auth: 'player', method: 'GET', path: '/me/sessions' },
  endSession: { auth: 'player', method: 'DELETE', path: '/me/sessions/:id' },
  endOtherSessions: { auth: 'player', method: 'DELETE', path: '/me/sessions' },
  pushState: { auth: 'player', method: 'GET', path: '/me/push-tokens' },
  putPushToken: { auth: 'player', method: 'PUT', path: '/me/push-tokens' },
  deletePushToken: { auth: 'player', method: 'DELETE', path: '/me/push-tokens' },
  testPush: { auth: 'player', method: 'POST', path: '/me/push-tokens/test' },
  myChallenges: { auth: 'player', method: 'GET', path: '/me/challenges' },
  myTells: { auth: 'player', method: 'GET', path: '/me/tells' },
  myStats: { auth: 'player', method: 'GET', path: '/me/stats' },
  myGuesses: { auth: 'player', method: 'GET', path: '/me/guesses' },
  createChallenge: { auth: 'player', method: 'POST', path: '/challenges' },
  feed: { auth: 'optional', method: 'GET', path: '/challenges' },
  challenge: { auth: 'optional', method: 'GET', path: '/challenges/:id' },
  patchChallenge: { auth: 'player', method: 'PATCH', path: '/challenges/:id' },
  deleteChallenge: { auth: 'player', method: 'DELETE', path: '/challenges/:id' },
  process: { auth: 'player', method: 'POST', path: '/challenges/:id/process' },
  publish: { auth: 'player', method: 'POST', path: '/challenges/:id/publish' },
  analysis: { auth: 'player', method: 'GET', path: '/challenges/:id/analysis' },
  chooseTells: { auth: 'player', method: 'PUT', path: '/challenges/:id/tells' },
  guess: { auth: 'player', method: 'POST', path: '/challenges/:id/guesses' },
  reveal: { auth: 'player', method: 'GET', path: '/challenges/:id/reveal' },
  player: { auth: 'optional', method: 'GET', path: '/players/:username' },
};
