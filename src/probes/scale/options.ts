// Options of the scale probe: which sizes, of what, and what stands round an object that is made smaller.
import { z } from 'zod';
import { expected, InputError } from '../../core/errors.js';
import { parsed } from '../parse.js';

/**
 * What stands where the picture at scale 1 doesn't reach once it is made smaller. "real": what the picture itself has
 * there, the mean colour beyond its edge; "crop": the same, and pictures that don't reach so far are skipped; "inpaint":
 * blurred from what is known. The others are one colour, or go on from the edge.
 */
export const SCALE_SURROUNDS = ['mean', 'black', 'edge', 'reflect', 'inpaint', 'real', 'crop'] as const;

export type ScaleSurround = (typeof SCALE_SURROUNDS)[number];

/** Normal form: plain JSON, part of the protocol. */
export type ScaleOptions = {
  /** "picture": sizes are times that of the reference view; "object": of the largest box's longer side by the input's. */
  readonly of: 'picture' | 'object';
  /** Ascending; neighbours are pairs. */
  readonly sizes: readonly number[];
  /** The size that others are compared with, one of `sizes`. */
  readonly reference: number;
  /** Half of the reference where the sizes reach so far but leave it out: measured beside the path; else null. */
  readonly half: number | null;
  readonly surround: ScaleSurround;
  /** Side that the picture's shorter side has at scale 1, pixels, or "model"; null with "object". */
  readonly canvas: number | 'model' | null;
};

const LEAST = 0.01;
const MOST = 16;
const MOST_SIZES = 64;

const number = z.number('a number above 0').min(LEAST, `a size of at least ${LEAST}`).max(MOST, `at most ${MOST}`);

const inputSchema = z.strictObject(
  {
    of: z.enum(['picture', 'object']).default('picture'),
    sizes: z
      .array(number, 'a list of sizes such as [0.5, 0.7071, 1]')
      .min(2, 'two sizes or more')
      .max(MOST_SIZES, `at most ${MOST_SIZES} sizes`),
    reference: number.optional(),
    half: number.nullable().optional(),
    surround: z.enum(SCALE_SURROUNDS).default('mean'),
    canvas: z
      .union([z.int().min(4), z.literal('model')], 'whole pixels (4 or more) or "model"')
      .nullable()
      .optional(),
  },
  'an object such as {"sizes": [0.5, 1, 2]}',
);

/** What may be given: any of the keys of the normal form; the others take their defaults. */
export type ScaleInput = z.input<typeof inputSchema>;

/**
 * The options in their normal form. Of a picture, 1 is the reference and joins the sizes where it isn't one of them; of
 * an object, the largest size up to 1 is (the smallest, where all are larger).
 *
 * @throws {InputError} a wrong key or value, a size twice, a reference that isn't among the sizes
 */
export function normaliseScaleOptions(input: unknown): ScaleOptions {
  const read = parsed(inputSchema, input, 'scale options');
  const { of, surround } = read;
  const given = read.sizes.map(rounded);
  const twice = given.find((size, i) => given.indexOf(size) !== i);
  if (twice !== undefined)
    throw expected(
      'scale options.sizes',
      'each size once (to four digits)',
      twice,
      'Leave it out, or take fewer steps.',
    );
  if (of === 'object' && read.canvas !== undefined && read.canvas !== null)
    throw new InputError('A canvas has no meaning with sizes of the object, which say how large it is. Leave it out.');
  const ascending = [...given].sort((a, b) => a - b);
  const standard = of === 'picture' ? 1 : (ascending.filter((size) => size <= 1).at(-1) ?? Math.min(...ascending));
  const reference = read.reference ?? standard;
  const sizes =
    ascending.includes(reference) || of === 'object' ? ascending : [...ascending, reference].sort((a, b) => a - b);
  if (!sizes.includes(reference))
    throw expected('scale options.reference', `one of the sizes (${sizes.join(', ')})`, reference);
  if (of === 'picture' && reference !== 1)
    throw expected('scale options.reference', '1, the view without scaling', reference, 'Leave it out.');
  const half = rounded(reference / 2);
  const between = half > (sizes[0] as number) && !sizes.includes(half) ? half : null;
  return {
    of,
    sizes,
    reference,
    half: read.half === undefined ? between : read.half,
    surround,
    canvas: of === 'object' ? null : (read.canvas ?? 'model'),
  };
}

/** Four digits: what stands on axes and in coordinates is the size itself. */
export function rounded(size: number): number {
  return Number(size.toPrecision(4));
}
