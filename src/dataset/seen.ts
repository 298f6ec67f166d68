// A set of texts that forgets the texts: 53 bits of SHA-256 each in one flat table, so that a million pictures are told
// apart in 16 to 32 MB. Two of a million texts are taken for one with a probability of 6e-5.
import { createHash } from 'node:crypto';

const SMALLEST = 1024;

/** Adds texts and says which are new. */
export type Seen = {
  /** True if the text was not there before. */
  readonly add: (text: string) => boolean;
  readonly size: () => number;
};

/** 1…2^53 − 1; 0 marks an empty place. */
function key(text: string): number {
  const bytes = createHash('sha256').update(text).digest();
  return bytes.readUInt32BE(0) * 0x20_0000 + (bytes.readUInt32BE(4) >>> 11) || 1;
}

/** Puts a key in its place or finds it there: open addressing, linear probing. */
function place(table: Float64Array, wanted: number): boolean {
  let at = wanted % table.length;
  while (table[at] !== 0) {
    if (table[at] === wanted) return false;
    at = (at + 1) % table.length;
  }
  table[at] = wanted;
  return true;
}

export function createSeen(): Seen {
  let table = new Float64Array(SMALLEST);
  let size = 0;
  return {
    size: () => size,
    add: (text) => {
      if (!place(table, key(text))) return false;
      size++;
      if (2 * size > table.length) {
        const before = table;
        table = new Float64Array(2 * before.length);
        for (const known of before) if (known !== 0) place(table, known);
      }
      return true;
    },
  };
}
