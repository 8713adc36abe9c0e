/**
 * The part of react-native-reanimated that the app uses, for browsers, where metro.config.js puts it in the library's place: that is
 * 140 kB (gzip) of programs for what is a style written sixty times a second. Values live outside of React; a change goes straight to the
 * element. Names and meanings are the library's (docs.swmansion.com/react-native-reanimated); nothing leaves slowly.
 */
import {
  type ComponentType,
  createElement,
  type Ref,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { type StyleProp, View } from 'react-native';
import { cssOf, type Values } from './motion-css.ts';
import type { Entering } from './motion-entering.ts';
import { Animation, readingOf, SharedValue } from './motion-values.ts';

export { FadeIn, FadeInDown, FadeOut, ZoomIn } from './motion-entering.ts';
export { cancelAnimation, Easing, interpolate, withDelay, withRepeat, withSpring, withTiming } from './motion-values.ts';

/** A style that follows the values it reads, and what in it moves by itself. */
class Motion {
  private update: () => Values;
  private element: Element | null = null;
  private unfollow: (() => void)[] = [];
  private readonly movers = new Map<string, SharedValue<number | string>>();
  current: Values;

  constructor(update: () => Values) {
    this.update = update;
    this.current = this.resolve(readingOf(update).result);
  }

  /** Takes the closure of the newest rendering, and follows what that reads. */
  follow(update: () => Values): void {
    this.update = update;
    this.stop();
    const { result, sources } = readingOf(update);
    this.current = this.resolve(result);
    this.unfollow = [...sources, ...this.movers.values()].map((source) => source.subscribe(() => this.refresh()));
    this.draw();
  }

  attach(element: Element | null): void {
    this.element = element;
    this.draw();
  }

  stop(): void {
    for (const end of this.unfollow) {
      end();
    }
    this.unfollow = [];
  }

  private refresh(): void {
    this.current = this.resolve(readingOf(this.update).result);
    this.draw();
  }

  private draw(): void {
    if (this.element === null || !('style' in this.element)) {
      return;
    }
    for (const [name, value] of cssOf(this.current)) {
      (this.element.style as CSSStyleDeclaration).setProperty(name, value);
    }
  }

  /** Movements among the values, at whatever depth, run by themselves; what stands first is where they lead. */
  private resolve(values: Values): Values {
    return this.settled(values, '') as Values;
  }

  private settled(value: unknown, path: string): unknown {
    if (value instanceof Animation) {
      const mover = this.movers.get(path) ?? new SharedValue(value.goal);
      this.movers.set(path, mover);
      mover.follow(value);
      return mover.value;
    }
    if (Array.isArray(value)) {
      return value.map((part, index) => this.settled(part, `${path}.${index}`));
    }
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, this.settled(part, `${path}.${name}`)]));
    }
    return value;
  }
}

function useMotion(update: () => Values): Motion {
  const [motion] = useState(() => new Motion(update));
  useLayoutEffect(() => motion.follow(update));
  useEffect(() => () => motion.stop(), [motion]);
  return motion;
}

export const useAnimatedStyle = useMotion;
export const useAnimatedProps = useMotion;

export function useSharedValue<T>(first: T): SharedValue<T> {
  const [shared] = useState(() => new SharedValue(first));
  useEffect(() => () => shared.stop(), [shared]);
  return shared;
}

export function useDerivedValue(derive: () => number | Animation, _needs?: readonly unknown[]): SharedValue<number> {
  const [derived] = useState(() => {
    const { result } = readingOf(derive);
    return new SharedValue(result instanceof Animation ? Number(result.goal) : result);
  });
  useLayoutEffect(() => {
    const take = () => {
      const { result, sources } = readingOf(derive);
      if (result instanceof Animation) {
        derived.follow(result);
      } else {
        derived.value = result;
      }
      return sources;
    };
    const ends = [...take()].map((source) => source.subscribe(() => void take()));
    return () => {
      for (const end of ends) {
        end();
      }
    };
  });
  useEffect(() => () => derived.stop(), [derived]);
  return derived;
}

/** What the player asked the system for, also when they change their mind. */
export function useReducedMotion(): boolean {
  return useSyncExternalStore(subscribeStill, isStill, () => false);
}

const isStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
function subscribeStill(listener: () => void): () => void {
  const query = matchMedia('(prefers-reduced-motion: reduce)');
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

interface MovingProps {
  style?: StyleProp<unknown>;
  animatedProps?: Motion;
  entering?: Entering;
  exiting?: Entering;
  ref?: Ref<unknown>;
}

/** `Component` with styles that may move; it must give its element, or an `elementRef` as react-native-svg does. */
function createAnimatedComponent(Component: ComponentType<object>): ComponentType<MovingProps> {
  return function Moving({ style, animatedProps, entering, exiting: _exiting, ref, ...rest }: MovingProps) {
    const element = useRef<Element | null>(null);
    const parts = flat(style);
    const motions = [...parts.filter((part) => part instanceof Motion), ...(animatedProps === undefined ? [] : [animatedProps])];
    const take = useCallback(
      (instance: unknown) => {
        element.current = elementOf(instance);
        if (typeof ref === 'function') {
          ref(instance);
        } else if (ref) {
          ref.current = instance;
        }
      },
      [ref],
    );
    useLayoutEffect(() => {
      for (const motion of motions) {
        motion.attach(element.current);
      }
    });
    // Comes in once, however often it is drawn.
    const first = useRef(entering);
    useLayoutEffect(() => {
      if (element.current !== null) {
        first.current?.start(element.current);
      }
    }, []);
    return createElement(Component as ComponentType<Record<string, unknown>>, {
      ...rest,
      ...animatedProps?.current,
      style: parts.map((part) => (part instanceof Motion ? part.current : part)),
      ref: take,
    });
  };
}

function flat(style: unknown): unknown[] {
  return Array.isArray(style) ? style.flatMap(flat) : style ? [style] : [];
}

function elementOf(instance: unknown): Element | null {
  if (instance instanceof Element) {
    return instance;
  }
  const inner = (instance as { elementRef?: { current?: unknown } } | null)?.elementRef?.current;
  return inner instanceof Element ? inner : null;
}

export default { View: createAnimatedComponent(View as ComponentType<object>), createAnimatedComponent };
