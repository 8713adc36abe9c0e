/** Versions of the app, as it names them in every call: an app that is too old for the server is told to update (`update_required`). */

/** The header that carries the version. */
export const CLIENT_VERSION_HEADER = 'X-Client-Version';

const VERSION = /^\d{1,6}\.\d{1,6}\.\d{1,6}(?:[-+][0-9A-Za-z.+-]{1,40})?$/;

/** True for three whole numbers with points between them; what semver.org (2.0.0, 9 and 10) puts behind them may follow. */
export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** True where `version` comes before `least` by its three numbers; both are versions. */
export function isOlder(version: string, least: string): boolean {
  const [ours, theirs] = [numbersOf(version), numbersOf(least)];
  const at = ours.findIndex((number, index) => number !== theirs[index]);
  return at !== -1 && (ours[at] ?? 0) < (theirs[at] ?? 0);
}

function numbersOf(version: string): number[] {
  return (version.split(/[-+]/, 1)[0] ?? '').split('.').map(Number);
}
