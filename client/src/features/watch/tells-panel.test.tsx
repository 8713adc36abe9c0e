import type { Analysis } from '@2t1l/contract/analysis';
import { beforeEach, expect, it, jest } from '@jest/globals';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react-native';
import { Provider } from 'react-redux';
import { store } from '../../lib/store/store.ts';
import { TellsPanel } from './tells-panel.tsx';

const mockAnalysis = jest.fn<() => Promise<unknown>>();
jest.mock('@react-native-async-storage/async-storage', () => ({ getItem: async () => null, setItem: async () => undefined }));
jest.mock('../../lib/api.ts', () => ({ api: { analysis: () => mockAnalysis(), reveal: async () => ({ lie_index: 1 }) } }));
jest.mock('../../lib/events.ts', () => ({ listenToChallenge: () => () => undefined }));

const NOTICE = /^Measured in face and voice/;
const NO_CURVES = { pitch_hz: null, energy_db: null, expression_change: null };
type Status = Analysis['emotion_analysis']['segments'][number]['status'];

/** Pauses of the three statements in seconds, null where none were measured; faces and voices as told. */
function analysisOf(pauses: (number | null)[], faces: Status[], voices: Status[], tells: Partial<Analysis['tells']> = {}) {
  const segments = pauses.map((value) => ({
    signals: value === null ? [] : [{ name: 'pause_seconds', unit: 's', value, difference: 0.8, effect: 3 }],
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
const queries = new QueryClient({ defaultOptions: { queries: { gcTime: Number.POSITIVE_INFINITY } } });

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
beforeEach(() => queries.clear());

it.each([
  ['nothing was measured', analysisOf([null, null, null], three('no_face'), three('no_speech')), 'There was nothing to compare.'],
  [
    'only one voice was heard',
    analysisOf([0.4, null, null], three('no_face'), ['completed', 'no_speech', 'no_speech']),
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
])('%s: no word of how things are measured, nor of chance', async (_what, analysis, said) => {
  await show(analysis);
  await screen.findByText(said);
  expect(screen.queryByText(NOTICE)).toBeNull();
  expect(screen.queryByText(/No clear signal|blind guess|The three compared/)).toBeNull();
});

it('without a clear signal the difference is called chance, and a reason is said once for all three', async () => {
  await show(analysisOf([0.4, 1.2, 0.4], three('no_face'), three('completed')));
  for (const text of ['No clear signal.', /may well be chance/, 'All three: no face to be seen', NOTICE, 'Number 2 was the lie.']) {
    await screen.findByText(text);
  }
  expect(screen.getByLabelText('number 2: 1.2\u00a0s')).toBeTruthy();
  expect(screen.queryByText(/blind guess/)).toBeNull();
});

it('the author, who kept a statement out, is spoken to', async () => {
  await show(analysisOf([0.4, null, 1.2], ['completed', 'declined', 'completed'], ['completed', 'declined', 'completed']), true);
  await screen.findByText('Number 2: not measured, as you wished');
});

it('the strongest signal stands beside its record', async () => {
  const strongest = { segment_index: 1 as const, name: 'pause_seconds', effect: 3, direction: 'higher' as const };
  const record = { challenges: 40, pointed: 18, crowd_share: 0.5 };
  await show(analysisOf([0.4, 1.2, 0.4], three('completed'), three('completed'), { strongest, record }));
  await screen.findByText('Number 2: paused 0.80\u00a0s longer than in the other two.');
  await screen.findByText(/lay on the lie in 45% of 40 challenges\. A blind guess is right in 33%\. The crowd was right in 50%\./);
});
