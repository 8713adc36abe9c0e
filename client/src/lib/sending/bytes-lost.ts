/** The bytes of a take are not on this device any more: only recording it again helps. */
export class BytesLost extends Error {
  override readonly name = 'BytesLost';
}
