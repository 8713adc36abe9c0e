/** What keeps somebody out who reads large, sees little, has no mouse or gets dizzy: found on the page that is open. */
import type AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { AXE_TAGS, axeOn, EXPERIMENTS } from './app.ts';
import { PHONE } from './browser.ts';

/** The phone's window at 200 %. */
const ZOOMED = { width: PHONE.width / 2, height: PHONE.height / 2 };
const MOST_STOPS = 90;

/** Everything on this page in dark and light, at 200 % and by Tab, a line each; leaves the page dark and unzoomed. */
export async function barriersOn(page: Page, screen: string): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await axe(page, (builder) => builder.withTags([...AXE_TAGS, 'best-practice']).disableRules(EXPERIMENTS));
  await page.emulateMedia({ colorScheme: 'light' });
  // The schemes differ in colours alone.
  const light = await axe(page, (builder) => builder.withRules('color-contrast'));
  await page.emulateMedia({ colorScheme: 'dark' });
  const stops = await tabThrough(page);
  await page.setViewportSize(ZOOMED);
  await page.waitForTimeout(250);
  const zoomed = await cutOrCovered(page);
  await page.setViewportSize(PHONE);
  const lines = [...dark, ...light.map((line) => `light: ${line}`), ...stops, ...zoomed.map((line) => `200 %: ${line}`)];
  return lines.map((line) => `${screen}: ${line}`);
}

/** Words that are cut, what has to be scrolled sideways, and buttons with something over them, a line each. */
export function cutOrCovered(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(CUT_OR_COVERED);
}

async function axe(page: Page, choose: (builder: AxeBuilder) => AxeBuilder): Promise<string[]> {
  const { violations } = await choose(axeOn(page)).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}: ${failureSummary}`));
}

/** Once around by Tab: each stop can be seen and shows that it is one, and there is a way out. */
async function tabThrough(page: Page): Promise<string[]> {
  await page.evaluate('document.activeElement.blur(); window.stops = [];');
  const found: string[] = [];
  for (let presses = 0; presses < MOST_STOPS; presses++) {
    await page.keyboard.press('Tab');
    const fault = await page.evaluate<string | null>(STOP);
    if (fault === 'around') {
      return found;
    }
    if (fault !== null) {
      found.push(`Tab: ${fault}`);
    }
  }
  return [...found, `Tab: no way around in ${MOST_STOPS} presses`];
}

/** Presses Tab until `target` has the focus; throws when it is not on the way. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < MOST_STOPS; presses++) {
    if ((await target.and(page.locator(':focus')).count()) > 0) {
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${target}`);
}

const NAMED = `const named = (element) => (element.getAttribute('aria-label') || element.textContent || element.outerHTML).slice(0, 60);`;

const STOP = `(() => {
  ${NAMED}
  const element = document.activeElement;
  if (element === document.body || stops.includes(element)) {
    return 'around';
  }
  stops.push(element);
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const isThere = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  if (!isThere || right <= 0 || bottom <= 0 || left >= innerWidth || top >= innerHeight) {
    return 'out of sight: ' + named(element);
  }
  if (element.closest('[aria-hidden=true]') !== null) {
    return 'not there for screen readers: ' + named(element);
  }
  return outlineStyle === 'none' || parseFloat(outlineWidth) < 2 ? 'no ring: ' + named(element) : null;
})()`;

const CUT_OR_COVERED = `(() => {
  ${NAMED}
  const found = new Set();
  const isThere = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  if (document.scrollingElement.scrollWidth > innerWidth) {
    found.add('the page scrolls sideways');
  }
  const cutBy = (element, rect) => {
    for (let clip = element; clip !== null && clip !== document.documentElement; clip = clip.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(clip);
      const box = clip.getBoundingClientRect();
      if (box.width <= 1) {
        return null;
      }
      const isWide = rect.left < box.left - 1 || rect.right > box.right + 1;
      const isHigh = rect.top < box.top - 2 || rect.bottom > box.bottom + 2;
      if ((isWide && /hidden|clip/.test(overflowX)) || (isHigh && /hidden|clip/.test(overflowY))) {
        return clip;
      }
      if ((isWide && /auto|scroll/.test(overflowX)) || (isHigh && /auto|scroll/.test(overflowY))) {
        return null;
      }
    }
    return rect.left < -1 || rect.right > innerWidth + 1 ? document.body : null;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const element = text.parentElement;
    if (text.data.trim() === '' || !isThere(element) || element.closest('script, style, noscript') !== null) {
      continue;
    }
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const rect of range.getClientRects()) {
      if (rect.width > 1 && rect.height > 1 && cutBy(element, rect) !== null) {
        found.add('cut: ' + text.data.slice(0, 60));
      }
    }
    const { overflowY } = getComputedStyle(element);
    if (overflowY === 'hidden' && (element.scrollHeight > element.clientHeight + 2 || element.scrollWidth > element.clientWidth + 1) && element.clientHeight > 1) {
      found.add('cut: ' + text.data.slice(0, 60));
    }
  }
  const pressed = 'button, a, input, textarea, ' + ['button', 'link', 'radio', 'checkbox', 'switch', 'slider'].map((role) => '[role=' + role + ']').join();
  for (const element of document.querySelectorAll(pressed)) {
    if (!isThere(element) || element.getAttribute('aria-disabled') === 'true' || element.disabled || getComputedStyle(element).opacity === '0') {
      continue;
    }
    element.scrollIntoView({ block: 'center', inline: 'center' });
    const { left, top, width, height } = element.getBoundingClientRect();
    // The stage itself is a button, with others on it.
    const isGround = height > innerHeight * 0.6 && width > innerWidth * 0.8;
    for (const share of isGround ? [0.5] : [0.15, 0.5, 0.85]) {
      const hit = document.elementFromPoint(left + width * share, top + Math.min(height, innerHeight) / 2);
      if (hit === null || !(element.contains(hit) || hit.contains(element))) {
        found.add('covered: ' + named(element) + ' by ' + (hit === null ? 'the edge' : hit.outerHTML.slice(0, 140)));
      }
    }
  }
  return [...found];
})()`;

/** Before the page: notes what moves for longer than a moment. A film's own pictures and a bar's width are no motion. */
export const WATCH_MOTION = `(() => {
  const MOMENT_MS = 250;
  const began = new Map();
  window.motions = new Set();
  const describe = (element) => element.outerHTML.slice(0, 140);
  new MutationObserver((changes) => {
    const now = performance.now();
    for (const { target, oldValue } of changes) {
      const before = /(?:^|;) ?(?:transform|opacity):[^;]*/g;
      const style = target.getAttribute('style') ?? '';
      if (String((oldValue ?? '').match(before)) === String(style.match(before))) {
        continue;
      }
      const known = began.get(target);
      if (known === undefined || now - known.last > 120) {
        began.set(target, { first: now, last: now });
      } else {
        known.last = now;
        if (now - known.first > MOMENT_MS) {
          motions.add('style: ' + describe(target));
        }
      }
    }
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['style'], attributeOldValue: true });
  setInterval(() => {
    for (const animation of document.getAnimations()) {
      if (animation.playState === 'running' && animation.effect.getComputedTiming().activeDuration > MOMENT_MS) {
        motions.add('animation: ' + describe(animation.effect.target));
      }
    }
  }, 50);
})()`;

/** What moved since the page was loaded. */
export function motionsOn(page: Page): Promise<string[]> {
  return page.evaluate('[...motions]');
}
