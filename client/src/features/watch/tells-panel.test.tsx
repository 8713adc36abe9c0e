import type { Analysis } from '@2t1l/contract/analysis';
import { Problem, type ProblemCode } from '@2t1l/contract/problems';
import { beforeEach, expect, it, jest } from '@jest/globals';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen } from '@testing-library/react-native';
import { Provider } from 'react-redux';
import { store } from '../../lib/store/store.ts';
import { TellsPanel } from './tells-panel.tsx';

const mockAnalysis = jest.fn<() => Promise<unknown>>();
const mockChoose = jest.fn<(call: { body: { segments: boolean[] } }) => Promise<unknown>>();
const mockWent = jest.fn();
const mockConsents = { tells: false };
jest.mock('@react-native-async-storage/async-storage', () => ({ getItem: async () => null, setItem: async () => undefined }));
jest.mock('../../lib/api.ts', () => ({
  api: {
    analysis: () => mockAnalysis(),
    reveal: async () => ({ lie_index: 1 }),
    chooseTells: (call: { body: { segments: boolean[] } }) => mockChoose(call),
  },
}));
jest.mock('../../lib/use-me.ts', () => ({ useMe: () => ({ data: { consents: mockConsents } }) }));
jest.mock('expo-router', () => ({ useRouter: () => ({ push: mockWent }) }));
jest.mock('../../lib/events.ts', () => ({ listenToChallenge: () => () => undefined }));

const PENDING = /^Face and voice are still being measured/;
const NOTICE = /^Measured in face and voice/;
const NO_CURVES = { pitch_hz: null, energy_db: null, expression_change: null };
type Status = Analysis['emotion_analysis']['segments'][number]['status'];

/** Share of the three statements in pauses, null where none were measured; faces and voices as told. */
function analysisOf(pauses: (number | null)[], faces: Status[], voices: Status[], tells: Partial<Analysis['tells']> = {}) {
  const segments = pauses.map((value) => ({
    signals: value === null ? [] : [{ name: 'pause_share', unit: '', value, difference: 0.2, effect: 3 }],
    curves: NO_CURVES,
  }));
  return {
    status: 'completed',
    emotion_analysis: { segments: faces.map((status) => ({ status })) },
    voice_analysis: { segments: voices.map((status) => ({ status })) },
    tells: { segments, strongest: null, record: null, ...tells },
  };
}

const three = (status: Status): Status[] => [status, status, status];
const forever = { gcTime: Number.POSITIVE_INFINITY };
const queries = new QueryClient({ defaultOptions: { queries: forever, mutations: forever } });

async function show(analysis: unknown, isAuthor = false) {
  mockAnalysis.mockResolvedValue(analysis);
  await render(
    <Provider store={store}>
      <QueryClientProvider client={queries}>
        <TellsPanel challengeId="c1" isAuthor={isAuthor} />
      </QueryClientProvider>
    </Provider>,
  );
}
beforeEach(() => {
  queries.clear();
  mockAnalysis.mockReset();
  mockChoose.mockReset();
  mockWent.mockReset();
  mockConsents.tells = false;
});

it.each([
  ['nothing was measured', analysisOf([null, null, null], three('no_face'), three('no_speech')), 'There was nothing to compare.'],
  [
    'only one voice was heard',
    analysisOf([0.1, null, null], three('no_face'), ['completed', 'no_speech', 'no_speech']),
    'Numbers 2 and 3: no voice to be heard',
  ],
  [
    'the author does not wish it',
    { ...analysisOf([null, null, null], three('declined'), three('declined')), tells: null },
    'The author keeps their tells to themselves.',
  ],
  [
    'it could not be done',
    { ...analysisOf([null, null, null], three('pending'), three('pending')), status: 'failed', tells: null },
    'Face and voice could not be measured.',
  ],
  [
    'the nets went away before the last',
    { ...analysisOf([null, null, null], ['completed', 'completed', 'failed'], three('completed')), tells: null },
    'Number 3: could not be measured',
  ],
])('%s: no word of how things are measured, nor of chance', async (_what, analysis, said) => {
  await show(analysis);
  await screen.findByText(said);
  expect(screen.queryByText(NOTICE)).toBeNull();
  expect(screen.queryByText(/No clear signal|blind guess|The three compared/)).toBeNull();
  expect(screen.queryByText(PENDING)).toBeNull();
});

it.each(['pending', 'running'])('%s: it is said that it goes on', async (status) => {
  await show({ ...analysisOf([null, null, null], three('pending'), three('pending')), status, tells: null });
  await screen.findByText(PENDING);
});

it('without a clear signal the difference is called chance, and a reason is said once for all three', async () => {
  await show(analysisOf([0.1, 0.3, 0.1], three('no_face'), three('completed')));
  for (const text of ['No clear signal.', /may well be chance/, 'All three: no face to be seen', NOTICE, 'Number 2 was the lie.']) {
    await screen.findByText(text);
  }
  expect(screen.getByLabelText('number 2: 30.0%')).toBeTruthy();
  expect(screen.queryByText(/blind guess/)).toBeNull();
});

it('the author, who kept a statement out, is spoken to', async () => {
  await show(analysisOf([0.1, null, 0.3], ['completed', 'declined', 'completed'], ['completed', 'declined', 'completed']), true);
  await screen.findByText('Number 2: not measured, as you wished');
});

it.each([
  ['and has not consented, is led to the settings', false, [['/me']]],
  ['but has consented, has the switches here', true, []],
])('the author, who kept all out %s', async (_what, consents, led) => {
  mockConsents.tells = consents;
  await show({ ...analysisOf([null, null, null], three('declined'), three('declined')), tells: null }, true);
  await screen.findByText('Nothing is measured here, as you wished.');
  expect(screen.queryAllByRole('switch')).toHaveLength(consents ? 3 : 0);
  for (const link of screen.queryAllByText('Settings')) {
    await fireEvent.press(link);
  }
  expect(mockWent.mock.calls).toEqual(led);
});

it('the strongest signal stands beside its record', async () => {
  const strongest = { segment_index: 1 as const, name: 'pause_share', effect: 3, direction: 'higher' as const };
  const record = { challenges: 40, pointed: 18, crowd_share: 0.5 };
  await show(analysisOf([0.1, 0.3, 0.1], three('completed'), three('completed'), { strongest, record }));
  await screen.findByText('Number 2: paused for 20.0% more of the time than in the other two.');
  await screen.findByText(/lay on the lie in 45% of 40 challenges\. A blind guess is right in 33%\. The crowd was right in 50%\./);
});

const clip = (number: number) => screen.findByRole('switch', { name: `Measure tells of statement ${number}` });
const settle = () => act(() => new Promise((resolve) => setTimeout(resolve, 20)));
const measured = analysisOf([0.1, 0.3, 0.1], three('completed'), three('completed'));

it('the author turns one statement off after the word that it is deleted, and the others are compared anew', async () => {
  mockConsents.tells = true;
  mockChoose.mockResolvedValue(null);
  await show(measured, true);
  await fireEvent.press(await clip(2));
  await screen.findByText(/^What was measured in statement 2 is deleted.*until a day after publishing/);
  expect(mockChoose).not.toHaveBeenCalled();
  const faces: Status[] = ['completed', 'declined', 'completed'];
  mockAnalysis.mockResolvedValue({ ...analysisOf([0.1, null, 0.1], faces, faces), status: 'running', tells: null });
  await fireEvent.press(screen.getByText('Turn off and delete'));
  await settle();
  expect(mockChoose.mock.calls).toEqual([[{ params: { id: 'c1' }, body: { segments: [true, false, true] } }]]);
  expect((await clip(2)).props.accessibilityState).toMatchObject({ checked: false });
  await screen.findByText(PENDING);
});

it.each<[ProblemCode, RegExp]>([
  ['internal', /^Something broke on our side/],
  ['challenge_locked', /file is not kept any more/],
])('a choice that is refused (%s) is taken back, and why is said', async (code, said) => {
  mockConsents.tells = true;
  mockChoose.mockRejectedValue(new Problem(code));
  const faces: Status[] = ['completed', 'completed', 'declined'];
  await show(analysisOf([0.1, 0.3, null], faces, faces), true);
  await fireEvent.press(await clip(3));
  await settle();
  expect(mockChoose.mock.calls[0]?.[0].body.segments).toEqual([true, true, true]);
  expect((await clip(3)).props.accessibilityState).toMatchObject({ checked: false });
  await screen.findByText(said);
});

it.each([
  ['of somebody else', true, false],
  ['of one who has not consented', false, true],
])('a challenge %s has no switches', async (_whose, consents, isAuthor) => {
  mockConsents.tells = consents;
  await show(measured, isAuthor);
  await screen.findByText(NOTICE);
  await settle();
  expect(screen.queryByRole('switch')).toBeNull();
});
