/** Values that move, and the ways they move. For browsers; see motion.web.tsx. */

/** One frame of a movement: where it stands after so many milliseconds. */
export interface Frame {
  value: number | string;
  isDone: boolean;
}

/** A movement to `goal`, begun from wherever the value stands. */
export class Animation {
  readonly goal: number | string;
  readonly begin: (from: number | string) => (elapsedMs: number) => Frame;

  constructor(goal: Animation['goal'], begin: Animation['begin']) {
    this.goal = goal;
    this.begin = begin;
  }
}

type Ease = (share: number) => number;
const cubic: Ease = (share) => share ** 3;
const quad: Ease = (share) => share ** 2;
const inOut =
  (ease: Ease): Ease =>
  (share) =>
    share < 0.5 ? ease(2 * share) / 2 : 1 - ease(2 * (1 - share)) / 2;
const linear: Ease = (share) => share;
const out =
  (ease: Ease): Ease =>
  (share) =>
    1 - ease(1 - share);
export const Easing = { linear, quad, cubic, in: (ease: Ease) => ease, out, inOut };

/** Evenly timed; half of colours too (`#rrggbb`). `duration` in milliseconds. */
export function withTiming(
  goal: number | string,
  { duration = 300, easing = inOut(quad) }: { duration?: number; easing?: Ease } = {},
): Animation {
  return new Animation(goal, (from) => (elapsedMs) => {
    const share = Math.min(1, elapsedMs / duration);
    return { value: between(from, goal, easing(share)), isDone: share === 1 };
  });
}

interface Spring {
  damping?: number;
  stiffness?: number;
  mass?: number;
}

/** A damped spring from rest: x(t) = e^(-ζω₀t)·(cos ω_d t + ζω₀/ω_d·sin ω_d t), critically damped where it would not swing. */
export function withSpring(goal: number, { damping = 120, stiffness = 900, mass = 4 }: Spring = {}): Animation {
  const natural = Math.sqrt(stiffness / mass);
  const ratio = damping / (2 * Math.sqrt(stiffness * mass));
  return new Animation(goal, (from) => (elapsedMs) => {
    const t = elapsedMs / 1000;
    const envelope = Math.exp(-Math.min(1, ratio) * natural * t);
    const damped = natural * Math.sqrt(Math.max(0, 1 - ratio ** 2));
    const swing = damped > 0 ? Math.cos(damped * t) + ((ratio * natural) / damped) * Math.sin(damped * t) : 1 + natural * t;
    const isDone = envelope * (1 + natural * t) < 0.002;
    return { value: isDone ? goal : goal + (Number(from) - goal) * envelope * swing, isDone };
  });
}

/** Waits first. */
export function withDelay(delayMs: number, { goal, begin }: Animation): Animation {
  return new Animation(goal, (from) => {
    const frame = begin(from);
    return (elapsedMs) => (elapsedMs < delayMs ? { value: from, isDone: false } : frame(elapsedMs - delayMs));
  });
}

/** Again and again, -1: for ever; `reverses`: every second time backwards. */
export function withRepeat({ goal, begin }: Animation, times = 2, reverses = false): Animation {
  return new Animation(goal, (from) => {
    let [start, end] = [from, goal];
    let frame = begin(start);
    let began = 0;
    let round = 1;
    return (elapsedMs) => {
      const { value, isDone } = frame(elapsedMs - began);
      if (!isDone) {
        return { value: between(start, end, shareOf(value, from, goal)), isDone };
      }
      if (round === times) {
        return { value: end, isDone: true };
      }
      round++;
      began = elapsedMs;
      frame = begin(from);
      if (reverses) {
        [start, end] = [end, start];
      }
      return { value: start, isDone: false };
    };
  });
}

/** How far `value` has come from `from` to `goal`. */
function shareOf(value: number | string, from: number | string, goal: number | string): number {
  return (Number(value) - Number(from)) / (Number(goal) - Number(from) || 1);
}

function between(from: number | string, to: number | string, share: number): number | string {
  if (typeof from === 'number' && typeof to === 'number') {
    return from + (to - from) * share;
  }
  const [one, other] = [channels(from), channels(to)];
  if (one === null || other === null) {
    return to;
  }
  return `rgb(${one.map((channel, index) => Math.round(channel + ((other[index] ?? channel) - channel) * share)).join(', ')})`;
}

function channels(color: number | string): number[] | null {
  const text = String(color);
  if (/^#[0-9a-f]{6}$/i.test(text)) {
    return [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));
  }
  return /^rgb\(/.test(text) ? (text.match(/\d+/g)?.map(Number) ?? null) : null;
}

/** Who is asking for values just now: what a style reads is what it follows. */
let reading: Set<SharedValue<unknown>> | null = null;

/** Runs `read` and answers which values it has asked for. */
export function readingOf<T>(read: () => T): { result: T; sources: ReadonlySet<SharedValue<unknown>> } {
  const outer = reading;
  const sources = new Set<SharedValue<unknown>>();
  reading = sources;
  try {
    return { result: read(), sources };
  } finally {
    reading = outer;
  }
}

/** A value outside of React. Set to an `Animation`, it moves there. */
export class SharedValue<T> {
  private now: T;
  private goal: unknown = null;
  private frame = 0;
  private readonly listeners = new Set<() => void>();

  constructor(first: T) {
    this.now = first;
  }

  get value(): T {
    reading?.add(this as SharedValue<unknown>);
    return this.now;
  }

  set value(next: T | Animation) {
    if (next instanceof Animation) {
      this.move(next);
    } else {
      this.stop();
      this.change(next);
    }
  }

  /** Moves to where `animation` leads, unless it is on its way there or there already. */
  follow(animation: Animation): void {
    if (animation.goal !== (this.goal ?? this.now)) {
      this.move(animation);
    }
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
    this.goal = null;
  }

  private move(animation: Animation): void {
    this.stop();
    this.goal = animation.goal;
    const frame = animation.begin(this.now as number | string);
    let began: number | null = null;
    const draw = (nowMs: number) => {
      began ??= nowMs;
      const { value, isDone } = frame(nowMs - began);
      if (isDone) {
        this.goal = null;
      } else {
        this.frame = requestAnimationFrame(draw);
      }
      this.change(value as T);
    };
    this.frame = requestAnimationFrame(draw);
  }

  private change(next: T): void {
    this.now = next;
    for (const listener of this.listeners) {
      listener();
    }
  }
}

/** Stands still where it is. */
export function cancelAnimation(shared: Pick<SharedValue<unknown>, 'stop'>): void {
  shared.stop();
}

/** Where `value` stands between `outputs` as it does between `inputs`, which rise; `clamp` stays inside of them. */
export function interpolate(value: number, inputs: readonly number[], outputs: readonly number[], beyond?: 'clamp'): number {
  const above = inputs.findIndex((input, index) => index > 0 && value <= input);
  const end = above === -1 ? inputs.length - 1 : above;
  const [from = 0, to = 0, low = 0, high = 0] = [inputs[end - 1], inputs[end], outputs[end - 1], outputs[end]];
  const share = (value - from) / (to - from || 1);
  return low + (high - low) * (beyond === 'clamp' ? Math.min(1, Math.max(0, share)) : share);
}
