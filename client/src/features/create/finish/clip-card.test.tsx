import { it, jest } from '@jest/globals';
import { render, screen } from '@testing-library/react-native';
import { Provider } from 'react-redux';
import { buildClip, buildDraft } from '../../../lib/sending/test/build-draft.ts';
import { store } from '../../../lib/store/store.ts';
import { ClipCard } from './clip-card.tsx';

jest.mock('@react-native-async-storage/async-storage', () => ({ getItem: async () => null, setItem: async () => undefined }));
jest.mock('expo-router', () => ({ useRouter: () => ({}) }));
jest.mock('./clip-thumb.tsx', () => ({ ClipThumb: () => null }));
jest.mock('../../../lib/tells-consent.ts', () => ({ useConsentText: () => (key: string) => key }));

it.each([
  ['a whole take', 720, 1280, '0:08 · 720 × 1280 · 0.8 MB'],
  ['what a crash has left, whose size nobody knows,', 0, 0, '0:08 · 0.8 MB'],
])('%s is told by what is known of it', async (_what, width, height, facts) => {
  const clip = buildClip('take', undefined, { duration_seconds: 8, width, height, size_bytes: 800_000 });
  const draft = buildDraft({ clips: [clip, null, null] });
  const nothing = () => undefined;
  await render(
    <Provider store={store}>
      <ClipCard
        draft={draft}
        index={0}
        tells={{ choices: null, choose: nothing, beforeSwap: async () => true, failure: null }}
        grip={null}
        isTarget={false}
        canMove
        onSwap={nothing}
        onEdit={nothing}
        onStudio={nothing}
      />
    </Provider>,
  );
  await screen.findByText(facts);
});
