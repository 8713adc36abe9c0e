/**
 * The author's promise: SHA-256 of 32 random bytes followed by one byte 0, 1 or 2 is public from publishing on;
 * the random bytes (the nonce) come with the reveal, so anybody can check that the lie was not changed afterwards.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { SegmentIndex } from './challenge.ts';

export const NONCE_BYTES = 32;

/** Hex SHA-256 of `nonce` (64 hex digits) followed by the byte `lie`. Throws a RangeError on another nonce. */
export function commitmentOf(lie: SegmentIndex, nonce: string): string {
  if (!/^[0-9a-f]{64}$/i.test(nonce)) {
    throw new RangeError('a nonce is 64 hex digits');
  }
  return bytesToHex(sha256(Uint8Array.from([...hexToBytes(nonce), lie])));
}

/** True where the revealed lie and nonce are what was promised. False for anything malformed. */
export function keepsCommitment(commitment: string, lie: SegmentIndex, nonce: string): boolean {
  try {
    return commitmentOf(lie, nonce) === commitment.toLowerCase();
  } catch {
    return false;
  }
}
