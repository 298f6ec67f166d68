// Options of the box-crop probe: how much stands round the box, what happens to small boxes, the path.
import { z } from 'zod';
import { expected, unknownName } from '../../core/errors.js';
import { parsed } from '../parse.js';

/**
 * Boxes whose square crop is smaller than the model's input. "skip": the picture is left out, as nothing is ever
 * enlarged; "widen": the crop grows to the input's size, so that more of the picture is seen; "enlarge": the crop is.
 */
export const SMALL = ['skip', 'widen', 'enlarge'] as const;

const PATHS = ['diagonal', 'horizontal', 'vertical'] as const;

/** Normal form: plain JSON, part of the protocol. */
export type BoxCropOptions = {
  /** Added on each side of the box, as a share of its longer side. */
  readonly margin: number;
  readonly small: (typeof SMALL)[number];
  readonly path: (typeof PATHS)[number];
  /** Steps from the centre to either end. */
  readonly reach: number;
  /** Pixels of the input between neighbours. */
  readonly step: number;
};

const marginText = 'a share of the box from 0 to 2, such as 0.1';
const count = (what: string) => z.int(`${what}, 1 or more`).min(1, `${what}, 1 or more`);

const inputSchema = z.strictObject(
  {
    margin: z.number(marginText).min(0, marginText).max(2, marginText).default(0.1),
    small: z.enum(SMALL).default('skip'),
    path: z.enum(PATHS).default('diagonal'),
    reach: count('a whole number of steps').default(4),
    step: count('a whole number of pixels').default(1),
  },
  'an object',
);

/** What may be given: any of the keys of the normal form; the others take their defaults. */
export type BoxCropInput = z.input<typeof inputSchema>;

/** The options in their normal form. @throws {InputError} a wrong key or value */
export function normaliseBoxCropOptions(input: unknown): BoxCropOptions {
  return parsed(inputSchema, input, 'box-crop options');
}

/**
 * The options of `--crop box`.
 *
 * @param margin the text of `--crop-margin`: "10%" or "0.1"
 * @param small that of `--crop-small`
 * @throws {InputError} naming the flag
 */
export function parseCropFlag(text: string, margin?: string, small?: string): BoxCropInput {
  if (text !== 'box') throw unknownName('value of --crop', text, ['box']);
  const known = SMALL.find((name) => name === small);
  if (small !== undefined && known === undefined) throw unknownName('value of --crop-small', small, SMALL);
  return {
    ...(margin === undefined ? {} : { margin: parseMargin(margin) }),
    ...(known === undefined ? {} : { small: known }),
  };
}

function parseMargin(text: string): number {
  const [, number, percent] = /^\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(text) ?? [];
  const value = number === undefined ? NaN : Number(number) / (percent ? 100 : 1);
  if (value >= 0 && value <= 2) return value;
  throw expected('--crop-margin', 'a share of the box from 0 to 200%, such as 10% or 0.1', text);
}
