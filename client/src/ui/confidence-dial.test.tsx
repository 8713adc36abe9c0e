import { describe, expect, it, jest } from '@jest/globals';
import { fireEvent, render, screen } from '@testing-library/react-native';
import { ConfidenceDial } from './confidence-dial.tsx';
import { clampPercent, confidenceOf, DIAL_MAX, DIAL_MIN, percentAt, stepped } from './dial-geometry.ts';

const texts = {
  label: 'How sure are you?',
  lowLabel: 'no idea',
  highLabel: 'certain',
  lessLabel: 'Less sure',
  moreLabel: 'More sure',
};

async function show(value: number, disabled = false) {
  const onChange = jest.fn<(percent: number) => void>();
  await render(<ConfidenceDial {...texts} value={value} valueText={`${value} percent sure`} onChange={onChange} disabled={disabled} />);
  return onChange;
}

describe('the dial', () => {
  it('is a slider that says its value', async () => {
    await show(70);
    const dial = screen.getByTestId('confidence-dial');
    expect(dial.props.role ?? dial.props.accessibilityRole).toMatch(/slider|adjustable/);
    expect(dial).toHaveAccessibilityValue({ min: DIAL_MIN, max: DIAL_MAX, now: 70, text: '70 percent sure' });
    expect(screen.getByText('70 %', { includeHiddenElements: true })).toBeTruthy();
  });

  it('moves by its buttons on whole fives', async () => {
    const onChange = await show(67);
    await fireEvent.press(screen.getByLabelText('More sure'));
    await fireEvent.press(screen.getByLabelText('Less sure'));
    expect(onChange.mock.calls).toEqual([[70], [65]]);
  });

  it('answers to a screen reader', async () => {
    const onChange = await show(70);
    const dial = screen.getByTestId('confidence-dial');
    await fireEvent(dial, 'accessibilityAction', { nativeEvent: { actionName: 'increment' } });
    await fireEvent(dial, 'accessibilityAction', { nativeEvent: { actionName: 'decrement' } });
    expect(onChange.mock.calls).toEqual([[75], [65]]);
  });

  it('has no way past its ends', async () => {
    const onChange = await show(DIAL_MAX);
    await fireEvent.press(screen.getByLabelText('More sure'));
    expect(onChange).not.toHaveBeenCalled();
  });
});

describe('the geometry of the dial', () => {
  const hub = { x: 100, y: 100 };
  it.each([
    [{ x: 0, y: 100 }, DIAL_MIN],
    [{ x: 100, y: 0 }, 67],
    [{ x: 200, y: 100 }, DIAL_MAX],
    [{ x: 190, y: 180 }, DIAL_MAX],
    [{ x: 10, y: 180 }, DIAL_MIN],
  ])('reads a finger at %p as %p percent', (point, percent) => {
    expect(percentAt(point, hub)).toBe(percent);
  });

  it('knows an even split as exactly a third', () => {
    expect(confidenceOf(DIAL_MIN)).toBe(1 / 3);
    expect(confidenceOf(70)).toBe(0.7);
    expect(clampPercent(12)).toBe(DIAL_MIN);
  });

  it.each([
    [67, 1, 70],
    [67, -1, 65],
    [35, -1, 33],
    [33, 1, 35],
    [98, 1, 100],
    [70, 2, 80],
  ])('steps from %p by %p to %p', (from, steps, to) => {
    expect(stepped(from, steps)).toBe(to);
  });
});
