import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blankUserData } from './user-data.ts';

interface Message {
  type: number;
  payload: Uint8Array;
}

const SLICE = Buffer.from('650504ff000003', 'hex');
const anyMessage = fc.record({
  type: fc.constantFrom(1, 4, 5, 6, 137, 300),
  // mostly what has to be escaped
  payload: fc.array(fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 0x53), { maxLength: 600 }).map((bytes) => Uint8Array.from(bytes)),
});

/** The unit as it stands in a file: so many 255 and a rest for type and size, 00 00 03 where zeros would look like a start. */
function unitOf(messages: readonly Message[]): Buffer {
  const number = (value: number) => [...Array.from({ length: Math.floor(value / 255) }, () => 255), value % 255];
  const raw = [...messages.flatMap(({ type, payload }) => [...number(type), ...number(payload.length), ...payload]), 0x80];
  const escaped: number[] = [];
  for (const byte of raw) {
    const isAfterZeros = escaped.at(-1) === 0 && escaped.at(-2) === 0;
    escaped.push(...(isAfterZeros && byte <= 3 ? [3, byte] : [byte]));
  }
  return Buffer.from([6, ...escaped]);
}

function messagesIn(unit: Buffer): Message[] {
  const raw = [...unit.subarray(1)].filter((byte, at, all) => !(byte === 3 && all[at - 1] === 0 && all[at - 2] === 0));
  const messages: Message[] = [];
  const number = () => {
    let value = 0;
    for (let byte = 255; byte === 255; value += byte) {
      byte = raw.shift() ?? 0;
    }
    return value;
  };
  while (raw.length > 1) {
    const type = number();
    messages.push({ type, payload: Uint8Array.from(raw.splice(0, number())) });
  }
  return messages;
}

it('leaves nothing of user data and everything else, at the same places', () => {
  fc.assert(
    fc.property(fc.array(anyMessage, { minLength: 1, maxLength: 4 }), fc.constantFrom(1, 2, 4), (messages, lengthSize) => {
      const prefixed = [unitOf(messages), SLICE].flatMap((unit) => {
        const length = Buffer.alloc(lengthSize);
        length.writeUIntBE(unit.length % 256 ** lengthSize, 0, lengthSize);
        return [length, unit];
      });
      const unit = prefixed[1] ?? SLICE;
      fc.pre(unit.length < 256 ** lengthSize);
      const picture = Buffer.concat(prefixed);
      blankUserData(picture, lengthSize);
      const end = picture.length - SLICE.length;
      expect(picture.subarray(end)).toEqual(SLICE);
      const blanked = messagesIn(picture.subarray(lengthSize, end - lengthSize));
      expect(blanked.map(({ type, payload }) => [type, payload.length])).toEqual(
        messages.map(({ type, payload }) => [type, payload.length]),
      );
      for (const [index, { type, payload }] of blanked.entries()) {
        const isBlank = payload.every((byte) => byte === 0xff || byte <= 1);
        expect(type === 4 || type === 5 ? isBlank : Buffer.compare(payload, messages[index]?.payload ?? payload) === 0).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

it('leaves what is no picture as it is', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(1, 2, 4), (bytes, lengthSize) => {
      const picture = Buffer.from(bytes);
      blankUserData(picture, lengthSize);
      expect(picture.length).toBe(bytes.length);
    }),
  );
});
