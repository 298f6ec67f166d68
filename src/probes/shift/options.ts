// Options of the shift probe: which surround, which path, how far; their normal form has every default written out.
import { z } from 'zod';
import { InputError } from '../../core/errors.js';
import { INTERPOLATIONS, type Interpolation } from '../../image/fractional.js';
import { parsed } from '../parse.js';

/** What surrounds the object: new content of the picture, the picture wrapped round, or a fill. */
export const FILLS = ['fill-mean', 'fill-black', 'fill-edge', 'fill-reflect', 'fill-inpaint', 'fill-telea'] as const;
const SURROUNDS = ['crop', 'cyclic', ...FILLS, 'random-crop'] as const;
const PATHS = ['diagonal', 'horizontal', 'vertical', 'random', 'random-pair', 'grid', 'map'] as const;

export type FillName = (typeof FILLS)[number];
type SurroundName = (typeof SURROUNDS)[number];
type PathName = (typeof PATHS)[number];

/**
 * The side that the picture's shorter side is resized to, pixels; or `ratio: [a, b]`, round(input · a / b); or "model",
 * the size of the model's own preprocessing where that leaves the path room, else the larger of round(input / 0.875) and input + 8.
 */
export type Canvas = number | 'model' | { readonly ratio: readonly [number, number] };

/** Length of the object's larger side: pixels, or a share of the model's input in (0, 1], rounded down. */
export type ObjectSize = { readonly pixels: number } | { readonly share: number };

/** What is placed on the filled canvas. "box": the largest box that is known of the picture. */
export type ObjectOptions = { readonly of: 'picture' | 'centre-square' | 'box'; readonly size: ObjectSize };

type Surround =
  | { readonly surround: 'crop' | 'cyclic'; readonly canvas: Canvas }
  | {
      readonly surround: FillName;
      readonly object: ObjectOptions;
      /** Place of the unshifted object: floor((input − side) / 2), or floor((input − side − 1) / 2) as Azulay & Weiss. */
      readonly anchor: 'centre' | 'before-centre';
    }
  | {
      readonly surround: 'random-crop';
      /** Share of the picture's area, (0, 1]. */
      readonly share: number;
      /** Lowest and highest width / height of the crop. */
      readonly aspect: readonly [number, number];
      /** The crop is resized to the model's input and this many pixels more a side. */
      readonly margin: number;
    };

/** All offsets are multiples of `step` (those of a grid with a phase lie that much beside them). */
type Path =
  | {
      readonly path: 'diagonal' | 'horizontal' | 'vertical';
      /** Steps from the centre to either end. */
      readonly reach: number;
      /** Whether dx and dy grow or fall along the path; the first view of a pair decides whose probability MAC follows. */
      readonly order: 'ascending' | 'descending';
    }
  | { readonly path: 'random' }
  | {
      readonly path: 'random-pair' | 'grid';
      /** Lowest and highest offset, pixels, both in it; "canvas": corner offsets 0 … canvas − input − 1. */
      readonly range: readonly [number, number] | 'canvas';
      /** Of a grid: part of a pixel, in (0, 1), that every offset has beside a multiple of the step; none = 0. */
      readonly phase?: number;
    }
  | {
      readonly path: 'map';
      /** Positions a side at most, spread evenly over the range; without one over all that the canvas allows. */
      readonly positions: number;
      /** Lowest and highest offset, pixels, both in the map, and 0 with them where it lies between. */
      readonly range?: readonly [number, number];
    };

/** Normal form: plain JSON, part of the protocol. */
export type ShiftOptions = Surround &
  Path & {
    /** Pixels between neighbours; any number above 0. */
    readonly step: number;
    /** How views between whole pixels are made; only where there are any (whole shifts are exact copies). */
    readonly interpolation?: Interpolation;
    /** Passes with new random numbers each; 1 where nothing is random. */
    readonly repeat: number;
  };

const step = z.number('a number of pixels, 0.001 or more').min(0.001, 'a number of pixels, 0.001 or more');
const pixels = z.int('a whole number of pixels, 4 or more').min(4, 'a whole number of pixels, 4 or more');
const share = z
  .number('a share above 0, at most 1')
  .gt(0, 'a share above 0, at most 1')
  .max(1, 'a share above 0, at most 1');
const positive = z.number('a number above 0').gt(0, 'a number above 0');
const count = (least: number) =>
  z.int(`a whole number, ${least} or more`).min(least, `a whole number, ${least} or more`);
const offset = z.number('a number of pixels');

const inputSchema = z.strictObject(
  {
    surround: z.enum(SURROUNDS).default('crop'),
    path: z.enum(PATHS).default('diagonal'),
    step: step.default(1),
    repeat: count(1).default(1),
    canvas: z
      .union(
        [pixels, z.literal('model'), z.strictObject({ ratio: z.tuple([positive, positive]).readonly() })],
        'whole pixels (4 or more), "model" or {"ratio": [256, 224]}',
      )
      .optional(),
    object: z
      .strictObject({
        of: z.enum(['picture', 'centre-square', 'box']).default('picture'),
        size: z
          .union([z.strictObject({ pixels }), z.strictObject({ share })], '{"pixels": 140} or {"share": 0.625}')
          .default({ share: 0.625 }),
      })
      .optional(),
    anchor: z.enum(['centre', 'before-centre']).optional(),
    share: share.optional(),
    aspect: z
      .tuple([positive, positive], 'lowest and highest width / height, e.g. [0.75, 1.3333]')
      .readonly()
      .optional(),
    margin: count(2).optional(),
    reach: count(1).optional(),
    order: z.enum(['ascending', 'descending']).optional(),
    range: z
      .union([z.literal('canvas'), z.tuple([offset, offset]).readonly()], '[lowest, highest] whole pixels, or "canvas"')
      .optional(),
    phase: z
      .number('a part of a pixel between 0 and 1')
      .gt(0, 'a part of a pixel between 0 and 1')
      .lt(1, 'a part of a pixel between 0 and 1')
      .optional(),
    positions: count(2).optional(),
    interpolation: z.enum(INTERPOLATIONS).optional(),
  },
  'an object',
);

/** What may be given: any of the keys of the normal form; the others take their defaults. */
export type ShiftInput = z.input<typeof inputSchema>;
type Read = z.output<typeof inputSchema>;

/** Which names each key has a meaning with. */
const MEANT_FOR: Readonly<Partial<Record<keyof Read, readonly (SurroundName | PathName)[]>>> = {
  canvas: ['crop', 'cyclic'],
  object: FILLS,
  anchor: FILLS,
  share: ['random-crop'],
  aspect: ['random-crop'],
  margin: ['random-crop'],
  reach: ['diagonal', 'horizontal', 'vertical'],
  order: ['diagonal', 'horizontal', 'vertical'],
  range: ['random-pair', 'grid', 'map'],
  phase: ['grid'],
  positions: ['map'],
};

/** How far paths reach where nothing is said, in steps. */
const REACH = 4;

/**
 * The options in their normal form.
 *
 * @throws {InputError} an unknown key or name (with the valid ones), a wrong value, a key that has no meaning with this
 *   surround or path, an empty range, or a repeat where nothing is random
 */
export function normaliseShiftOptions(input: unknown): ShiftOptions {
  const read = parsed(inputSchema, input, 'shift options');
  for (const [key, names] of Object.entries(MEANT_FOR)) {
    if (read[key as keyof Read] === undefined || names.includes(read.surround) || names.includes(read.path)) continue;
    throw new InputError(
      `"${key}" has no meaning with surround ${read.surround} and path ${read.path}; it goes with ${names.join(', ')}. Leave it out or choose one of these.`,
    );
  }
  const whole = isWhole(read);
  if (whole && read.interpolation !== undefined) {
    throw new InputError(
      `"interpolation" has no meaning with a step of ${read.step} px: whole shifts are exact copies. Leave it out or take a fraction such as 0.5.`,
    );
  }
  const options: ShiftOptions = {
    ...surroundOf(read),
    ...pathOf(read),
    step: read.step,
    repeat: read.repeat,
    ...(whole ? {} : { interpolation: read.interpolation ?? defaultInterpolation(read.surround) }),
  };
  if (options.repeat > 1 && !isRandom(options)) {
    throw new InputError(
      `Expected repeat 1 for surround ${read.surround} with path ${read.path} but received ${read.repeat}: nothing in it is random, so every pass would be the same. Leave --repeat out.`,
    );
  }
  return options;
}

/** The given keys that have a meaning with the surround and path among them: for changing a preset's surround or path. */
export function meaningful(input: ShiftInput): ShiftInput {
  const { surround = 'crop', path = 'diagonal' } = input;
  const names = [surround, path];
  const kept = Object.entries(input).filter(([key]) => {
    if (key === 'repeat') return isRandom({ surround, path });
    if (key === 'interpolation') return !isWhole({ step: input.step ?? 1, phase: input.phase });
    const meant = MEANT_FOR[key as keyof Read];
    return meant === undefined || names.some((name) => meant.includes(name));
  });
  return Object.fromEntries(kept);
}

/** Whether all offsets are whole pixels. */
function isWhole({ step, phase }: { readonly step: number; readonly phase?: number | undefined }): boolean {
  return Number.isInteger(step) && phase === undefined;
}

/** A torus has no edges, so that the band-limited shift is exact on it; elsewhere it would ring at every edge. */
function defaultInterpolation(surround: SurroundName): Interpolation {
  return surround === 'cyclic' ? 'fourier' : 'bilinear';
}

/** Whether random numbers decide the views. */
export function isRandom({ surround, path }: Pick<ShiftOptions, 'surround' | 'path'>): boolean {
  return surround === 'random-crop' || path === 'random' || path === 'random-pair';
}

function surroundOf(read: Read): Surround {
  switch (read.surround) {
    case 'crop':
    case 'cyclic':
      return { surround: read.surround, canvas: read.canvas ?? 'model' };
    case 'random-crop':
      return {
        surround: 'random-crop',
        share: read.share ?? 0.7,
        aspect: ascending(read.aspect ?? [3 / 4, 4 / 3], 'aspect'),
        margin: read.margin ?? 10,
      };
    default:
      return {
        surround: read.surround,
        object: read.object ?? { of: 'picture', size: { share: 0.625 } },
        anchor: read.anchor ?? 'centre',
      };
  }
}

function pathOf(read: Read): Path {
  switch (read.path) {
    case 'random':
      return { path: 'random' };
    case 'random-pair':
    case 'grid': {
      const range = read.range ?? [-REACH * read.step, REACH * read.step];
      return {
        path: read.path,
        range: range === 'canvas' ? range : ascending(range, 'range'),
        ...(read.phase === undefined ? {} : { phase: read.phase }),
      };
    }
    case 'map':
      return { path: 'map', positions: read.positions ?? 9, ...mapRange(read.range) };
    default:
      return { path: read.path, reach: read.reach ?? REACH, order: read.order ?? 'ascending' };
  }
}

function mapRange(range: Read['range']): { readonly range?: readonly [number, number] } {
  return range === undefined || range === 'canvas' ? {} : { range: ascending(range, 'range') };
}

function ascending([low, high]: readonly [number, number], key: string): readonly [number, number] {
  if (low <= high) return [low, high];
  throw new InputError(`Expected the lower number first for ${key} but received [${low}, ${high}]. Swap them.`);
}
