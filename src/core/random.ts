// Seeded random numbers: the same seed and key give the same numbers on any machine, worker or shard.
// Generator: sfc32 (C. Doty-Humphrey, PractRand); key hash: MurmurHash3's 32-bit finaliser over FNV-1a words.

/** A stream of random numbers. Each call moves it on by one. */
export type Random = {
  /** Uniform in [0, 1), 32 bits. */
  readonly uniform: () => number;
  /** Uniform whole number in [0, below); `below` from 1 to 2^32. Free of modulo bias. */
  readonly below: (below: number) => number;
};

function mixed(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function word(text: string, salt: number): number {
  let h = (0x811c9dc5 ^ salt) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mixed(h);
}

/**
 * A random stream of its own for a seed and any number of keys (a picture's id, a repeat's number, a purpose).
 * Streams of different keys are independent for all practical purposes, so that the numbers of one picture don't
 * depend on which pictures were measured before it or where.
 */
export function randomFor(seed: number, ...keys: readonly (string | number)[]): Random {
  const text = [seed, ...keys].map((key) => `${typeof key === 'number' ? '#' : '$'}${key}`).join('\u0000');
  let a = word(text, 1) | 0;
  let b = word(text, 2) | 0;
  let c = word(text, 3) | 0;
  let d = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  return {
    uniform: () => next() / 0x1_0000_0000,
    below: (below) => {
      const limit = 0x1_0000_0000 - (0x1_0000_0000 % below);
      let value = next();
      while (value >= limit) value = next();
      return value % below;
    },
  };
}
