/** How names and e-mail addresses are compared, and the names that guests get. */
import { Problem } from '@2t1l/contract/problems';
import type { Chance } from '../ports.ts';

/** What two spellings of one address share; what the unique index holds. */
export function emailKey(email: string): string {
  return email.trim().normalize('NFKC').toLowerCase();
}

/** What two spellings of one name share; what the unique index holds. */
export function usernameKey(username: string): string {
  return username.normalize('NFKC').toLowerCase();
}

/** The name as it is kept. Throws `invalid_request` for look-alike forms (full-width letters, ligatures) that would pass for another name. */
export function tidyUsername(username: string): string {
  const tidy = username.normalize('NFC');
  if (tidy.normalize('NFKC') !== tidy) {
    throw new Problem('invalid_request', { errors: [{ pointer: '#/username', detail: 'plain letters and digits, no look-alike forms' }] });
  }
  return tidy;
}

const MOODS = (
  'brave bright calm clever curious daring eager fair fancy gentle happy honest jolly kind lucky merry ' +
  'mighty nimble noble patient plucky proud quick quiet rapid sharp sly snappy sunny swift witty zesty'
).split(' ');
const ANIMALS = (
  'badger bear beaver bison cat crane deer dolphin eagle falcon ferret finch fox frog gecko hare ' +
  'heron ibex koala lemur lynx magpie mole otter owl panda puffin raven robin seal tiger wolf'
).split(' ');
const NUMBERS = 90_000;

/** A friendly name such as `clever-otter-48213`; one of 92 million, so the caller checks that it is free. */
export function guestName(chance: Chance): string {
  const bytes = chance.bytes(6);
  const number = new DataView(bytes.buffer, bytes.byteOffset).getUint32(2) % NUMBERS;
  return `${pick(MOODS, bytes[0])}-${pick(ANIMALS, bytes[1])}-${number + 10_000}`;
}

function pick(words: readonly string[], byte = 0): string {
  return words[byte % words.length] ?? 'guest';
}
