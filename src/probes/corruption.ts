// The text of --corrupt, and the corruption of a protocol's JSON: what every view goes through by itself.
import { z } from 'zod';
import { expected, unknownName } from '../core/errors.js';
import type { Corruption } from '../core/protocol.js';

/** Pixels round the window that are corrupted with it: two of the JPEG's blocks of colour, and all that remedies see. */
const MARGIN = 32;

const QUALITY = 'a quality from 1 to 100';
const DEVIATION = 'a standard deviation above 0, at most 128 (of values 0 to 255)';
const FRAME = 'a multiple of 16 from 0 to 256';

const margin = z.int(FRAME).min(0, FRAME).max(256, FRAME).multipleOf(16, FRAME).default(MARGIN);

export const corruptionSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('jpeg'),
      quality: z.int(QUALITY).min(1, QUALITY).max(100, QUALITY),
      subsampling: z.literal('4:2:0').default('4:2:0'),
      margin,
    }),
    z.strictObject({
      kind: z.literal('noise'),
      deviation: z.number(DEVIATION).gt(0, DEVIATION).max(128, DEVIATION),
      margin,
    }),
  ],
  'an object such as {"kind": "jpeg", "quality": 90}',
);

/**
 * "jpeg:90" (quality, chroma 4:2:0) or "noise:2" (standard deviation, in values 0 to 255).
 *
 * @throws InputError naming the flag
 */
export function parseCorrupt(text: string): Corruption {
  const [, kind = '', number] = /^([^:]*)(?::(.*))?$/s.exec(text.trim()) ?? [];
  if (kind !== 'jpeg' && kind !== 'noise') throw unknownName('corruption (--corrupt)', kind, ['jpeg:90', 'noise:2']);
  const value = number === undefined || !/^\d+(?:\.\d+)?$/.test(number) ? Number.NaN : Number(number);
  if (kind === 'jpeg') {
    if (Number.isInteger(value) && value >= 1 && value <= 100)
      return { kind, quality: value, subsampling: '4:2:0', margin: MARGIN };
    throw expected('--corrupt jpeg', `${QUALITY}, such as jpeg:90`, text);
  }
  if (value > 0 && value <= 128) return { kind, deviation: value, margin: MARGIN };
  throw expected('--corrupt noise', `${DEVIATION}, such as noise:2`, text);
}
