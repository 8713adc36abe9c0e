/** What cameras and encoders write of their own between the pictures of H.264: times, places, settings. It is overwritten while a picture is copied. */

const NAL_SEI = 6;
/** ITU-T H.264, D.1: user_data_registered_itu_t_t35 and user_data_unregistered. All other messages tell a decoder something. */
const USER_DATA = [4, 5];

/**
 * Overwrites the user data in one picture, its units each behind a length of `lengthSize` bytes. Nothing moves: message, unit and picture keep their
 * lengths. What is no picture stays as it is.
 */
export function blankUserData(picture: Buffer, lengthSize: number): void {
  for (let at = 0; at + lengthSize < picture.length; ) {
    const start = at + lengthSize;
    at = start + picture.readUIntBE(at, lengthSize);
    if (((picture[start] ?? 0) & 0x1f) === NAL_SEI && at <= picture.length) {
      blankMessages(picture.subarray(start, at));
    }
  }
}

/** Messages stand one after another: type, size, payload (7.3.2.3.1), the first two as so many 255 and a rest. Bytes that escape zeros (7.4.1) do not count. */
function blankMessages(unit: Buffer): void {
  const message = { type: 0, size: 0, part: 'type' as 'type' | 'size' | 'payload' };
  let zeros = 0;
  let isEscaped = false;
  for (let at = 1; at < unit.length; at += 1) {
    const byte = unit[at] ?? 0;
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      isEscaped = true;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    if (message.part === 'payload') {
      if (USER_DATA.includes(message.type)) {
        const isBeforeEscape = byte === 0 && ((unit[at + 1] === 0 && unit[at + 2] === 3) || (zeros >= 2 && unit[at + 1] === 3));
        unit[at] = isBeforeEscape ? 0 : isEscaped ? 1 : 0xff;
      }
      message.size -= 1;
    } else {
      message[message.part] += byte;
      message.part = byte === 0xff ? message.part : message.part === 'type' ? 'size' : 'payload';
    }
    if (message.part === 'payload' && message.size === 0) {
      Object.assign(message, { type: 0, size: 0, part: 'type' });
    }
    isEscaped = false;
  }
}
