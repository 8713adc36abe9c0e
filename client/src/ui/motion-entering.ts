/** How an element comes in, by the browser's own animations. For browsers; see motion.web.tsx. */

/** Makes a new one with each word, as the library does. */
export class Entering {
  private readonly from: Keyframe;
  private readonly options: KeyframeAnimationOptions;

  constructor(from: Keyframe, options: KeyframeAnimationOptions = { duration: 300, easing: 'ease-out', fill: 'backwards' }) {
    this.from = from;
    this.options = options;
  }

  duration(duration: number): Entering {
    return new Entering(this.from, { ...this.options, duration });
  }

  delay(delay: number): Entering {
    return new Entering(this.from, { ...this.options, delay });
  }

  /** A little over the end and back. */
  springify(): Entering {
    return new Entering(this.from, { ...this.options, duration: 500, easing: 'cubic-bezier(0.34, 1.56, 0.64, 1)' });
  }

  start(element: Element): void {
    element.animate([this.from, {}], this.options);
  }
}

export const FadeIn: Entering = new Entering({ opacity: 0 });
export const FadeInDown: Entering = new Entering({ opacity: 0, translate: '0 25px' });
export const ZoomIn: Entering = new Entering({ scale: '0' });
/** Named for those who name it: nothing leaves slowly here. */
export const FadeOut: Entering = new Entering({});
