// Options of the rotate probe: which angles, and how the picture is sampled; their normal form has every default.
import { z } from 'zod';
import { expected, InputError } from '../../core/errors.js';
import { ROTATION_KERNELS, type RotationKernel } from '../../image/rotate.js';
import { parsed } from '../parse.js';
import type { Canvas } from '../shift/options.js';

/** What stands where nothing else does. "mean": the colour that is zero after the model's normalisation. */
export const BORDERS = ['reflect', 'edge', 'mean', 'black'] as const;
export type Border = (typeof BORDERS)[number];

/** How a picture is sampled between pixels, and what comes in from outside the window. */
export type Sampling = {
  /** The side that the picture's shorter side is resized to, as the shift probe's. */
  readonly canvas: Canvas;
  readonly kernel: RotationKernel;
  readonly border: Border;
  /** "picture": the resized picture goes on beyond the window; "window": it ends with the model's centre crop. */
  readonly surround: 'picture' | 'window';
};

/** Normal form: plain JSON, part of the protocol. */
export type RotateOptions = Sampling & {
  /** Degrees, counter-clockwise; `steps` angles, evenly spaced, both ends among them, and 0 besides where it isn't. */
  readonly from: number;
  readonly to: number;
  readonly steps: number;
};

const degrees = z
  .number('degrees from -360 to 360')
  .min(-360, 'degrees from -360 to 360')
  .max(360, 'degrees from -360 to 360');
const side = 'whole pixels (4 or more), "model" or {"ratio": [256, 224]}';
const positive = z.number('a number above 0').gt(0, 'a number above 0');
const steps = 'a whole number, 2 to 1000';

/** The keys of `Sampling`, each optional. */
export const samplingShape = {
  canvas: z
    .union(
      [
        z.int(side).min(4, side),
        z.literal('model'),
        z.strictObject({ ratio: z.tuple([positive, positive]).readonly() }),
      ],
      side,
    )
    .default('model'),
  kernel: z.enum(ROTATION_KERNELS).default('bilinear'),
  border: z.enum(BORDERS).default('reflect'),
  surround: z.enum(['picture', 'window']).default('picture'),
};

const rotateSchema = z.strictObject(
  {
    ...samplingShape,
    from: degrees.default(-15),
    to: degrees.default(15),
    steps: z.int(steps).min(2, steps).max(1000, steps).default(31),
  },
  'an object',
);

export type RotateInput = z.input<typeof rotateSchema>;

/**
 * The options in their normal form.
 *
 * @throws {InputError} an unknown key or name, a wrong value, or angles that don't rise
 */
export function normaliseRotateOptions(input: unknown): RotateOptions {
  const options = parsed(rotateSchema, input, 'rotate options');
  if (options.from < options.to) return options;
  throw new InputError(
    `Expected angles that rise for rotate but received from ${options.from} to ${options.to}. Give the lower one first.`,
  );
}

/** Angles where nothing is said of their number. */
const ANGLES = 31;

/**
 * The angles of `--rotate`: "30" is −30 … 30 degrees in 31 steps, "-15..15" and "-15..15x31" say the ends and how many
 * angles there are.
 *
 * @throws {InputError} anything else
 */
export function parseRotateFlag(text: string): RotateInput {
  const number = String.raw`([+-]?\d+(?:\.\d+)?)°?`;
  const match = new RegExp(`^(?:${number}\\.\\.)?${number}(?:x(\\d+))?$`).exec(text.trim());
  const wrong = (todo: string): InputError =>
    expected(
      '--rotate',
      'degrees each way such as "30", or a range with its number of angles such as "-15..15x31"',
      text,
      todo,
    );
  if (match === null) throw wrong('Write "30".');
  const [, low, high = '', count] = match;
  const to = Number(high);
  const from = low === undefined ? -to : Number(low);
  const steps = count === undefined ? ANGLES : Number(count);
  if (from >= to) throw wrong(low === undefined ? 'Write a number above 0.' : 'Write the lower angle first.');
  if (from < -360 || to > 360) throw wrong('Write angles from -360 to 360.');
  if (steps < 2 || steps > 1000) throw wrong('Write a number of angles from 2 to 1000 after the "x".');
  return { from, to, steps };
}
