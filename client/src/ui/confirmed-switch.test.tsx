import { beforeEach, expect, it, jest } from '@jest/globals';
import { fireEvent, render, screen } from '@testing-library/react-native';
import { ConfirmedSwitch } from './confirmed-switch.tsx';

const mockFocus = jest.fn<(words: unknown, around: unknown) => void>();
jest.mock('./focus-on', () => ({ focusOn: (words: unknown, around: unknown) => mockFocus(words, around) }));

const changed = jest.fn();
const off = { title: 'Turn off?', body: 'It is deleted.', confirm: 'Off', cancel: 'Cancel' };

beforeEach(async () => {
  jest.clearAllMocks();
  await render(<ConfirmedSwitch label="Measure" isOn onChange={changed} off={off} />);
  await fireEvent.press(screen.getByRole('switch'));
});

it('asked, the focus goes to the question', () => {
  expect(mockFocus).toHaveBeenCalledTimes(1);
  expect(mockFocus.mock.calls[0]?.[0]).toMatchObject({ props: { role: 'heading', children: 'Turn off?' } });
  expect(mockFocus.mock.calls[0]?.[1]).toMatchObject({ props: { role: 'group', 'aria-label': 'Turn off?' } });
  expect(changed).not.toHaveBeenCalled();
});

it.each([
  ['Off', [[false]]],
  ['Cancel', []],
])('after "%s" it goes back to the switch', async (answer, changes) => {
  await fireEvent.press(screen.getByText(answer));
  expect(screen.queryByText('Turn off?')).toBeNull();
  expect(mockFocus).toHaveBeenCalledTimes(2);
  expect(mockFocus.mock.calls[1]?.[0]).toMatchObject({ props: { role: 'switch' } });
  expect(changed.mock.calls).toEqual(changes);
});
