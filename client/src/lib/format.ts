import { currentLanguage } from './i18n/i18n.ts';

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(currentLanguage()).format(value);
}

/** A share from 0 to 1 as "48 %". */
export function formatPercent(share: number): string {
  return new Intl.NumberFormat(currentLanguage(), { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** A score with its sign: "+80", "−85" (a true minus), "0". */
export function formatScore(score: number): string {
  return score > 0 ? `+${score}` : score < 0 ? `\u2212${-score}` : '0';
}

/** "0:14" of seconds. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

export function formatDate(iso: string): string {
  return new Intl.DateTimeFormat(currentLanguage(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

/** A chance as "0.3" with at most three digits: half a percent is the finest that a whole percent leaves to each of two others. */
export function formatDecimal(value: number): string {
  return new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: 3 }).format(value);
}

export function formatDay(iso: string): string {
  return new Intl.DateTimeFormat(currentLanguage(), { dateStyle: 'long' }).format(new Date(iso));
}
