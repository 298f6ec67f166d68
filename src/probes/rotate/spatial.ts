// Rotations with translations, searched for the worst: L. Engstrom et al., Exploring the landscape of spatial robustness,
// ICML 2019 (a grid of all, the worst of k drawn at random, and one drawn at random).
import { z } from 'zod';
import type { Random } from '../../core/random.js';
import type { Frame, Group, Probe, View } from '../../core/view.js';
import { parsed } from '../parse.js';
import { samplingShape, type Sampling } from './options.js';
import { evenSteps, ownView } from './rotate.js';
import { stageOf, UNMOVED } from './stage.js';

/** Normal form: plain JSON, part of the protocol. */
export type SpatialOptions = Sampling & {
  /** Angles from −degrees to degrees; `rotations` of them in the grid, an odd number. */
  readonly degrees: number;
  readonly rotations: number;
  /** Offsets from −reach to reach, whole pixels, or `ratio: [a, b]`, round(input · a / b); `translations` a side, odd. */
  readonly reach: number | { readonly ratio: readonly [number, number] };
  readonly translations: number;
  /** Drawn at random for the worst of so many. */
  readonly draws: number;
};

const odd = 'an odd whole number, 1 to 999';
const oddNumber = z
  .int(odd)
  .min(1, odd)
  .max(999, odd)
  .refine((value) => value % 2 === 1, odd);
const degrees = 'degrees above 0, at most 180';
const reach = 'whole pixels, or {"ratio": [24, 224]}';
const draws = 'a whole number, 1 to 1000';
const positive = z.number('a number above 0').gt(0, 'a number above 0');

const spatialSchema = z.strictObject(
  {
    ...samplingShape,
    degrees: z.number(degrees).gt(0, degrees).max(180, degrees).default(30),
    rotations: oddNumber.default(31),
    reach: z
      .union([z.int(reach).min(1, reach), z.strictObject({ ratio: z.tuple([positive, positive]).readonly() })], reach)
      .default({ ratio: [24, 224] }),
    translations: oddNumber.default(5),
    draws: z.int(draws).min(1, draws).max(1000, draws).default(10),
  },
  'an object',
);

export type SpatialInput = z.input<typeof spatialSchema>;

/** The options in their normal form. @throws {InputError} a wrong key or value */
export function normaliseSpatialOptions(input: unknown): SpatialOptions {
  return parsed(spatialSchema, input, 'spatial options');
}

/** Turned by `angle` degrees, then moved. */
type Pose = { readonly angle: number; readonly dx: number; readonly dy: number };

/**
 * Views have the coordinates `angle`, `dx`, `dy`: the content is turned about the middle of the window, then moved. Three
 * groups share the unmoved view as reference and have what the attack may choose from as views, so that a group's
 * worst-case accuracy is the accuracy under that attack: `{attack: "grid"}` all poses, the run's own; and apart from it
 * `{attack: "random"}`, one pose, and `{attack: "worst of 10"}`, ten. Random poses are uniform over angles and whole offsets, from the picture's own stream.
 */
export const spatialProbe: Probe<SpatialOptions> = {
  name: 'spatial',
  *views(picture, frame, options, randomFor) {
    const far = reachOf(options, frame);
    const stage = stageOf(picture, frame, options, { scale: 1, move: far });
    const turned = (angle: number): View['canvas'] =>
      stage({ ...UNMOVED, angle }, frame.width + 2 * far, frame.height + 2 * far);
    const viewOf = (canvas: View['canvas'], at: Pose): View => ({
      ...ownView(at, canvas),
      x: far - at.dx,
      y: far - at.dy,
    });
    const angles = evenSteps(-options.degrees, options.degrees, options.rotations);
    const offsets = evenSteps(-far, far, options.translations).map((value) => Math.round(value) + 0);
    const places = offsets.flatMap((dy) => offsets.map((dx) => ({ dx, dy })));
    for (const angle of angles) {
      const canvas = turned(angle);
      yield places.map((place) => viewOf(canvas, { angle, ...place }));
    }
    const random = randomFor(picture.id, 0);
    const drawn = Array.from({ length: options.draws + 1 }, () => drawPose(options.degrees, far, random));
    yield drawn.map((pose) => viewOf(turned(pose.angle), pose));
    const all = angles.length * places.length;
    const reference = (all - 1) / 2;
    const attack = (name: string, views: readonly number[], pairs: Group['pairs']): Group => ({
      at: { attack: name },
      reference,
      pairs,
      views,
      ...(name === 'grid' ? {} : { apart: true }),
    });
    const others = drawn.slice(1).map((_, i) => all + 1 + i);
    return [
      attack(
        'grid',
        Array.from({ length: all }, (_, i) => i),
        neighbours(angles.length, offsets.length),
      ),
      attack('random', [all], [[reference, all]]),
      attack(
        `worst of ${options.draws}`,
        others,
        others.map((view) => [reference, view] as const),
      ),
    ];
  },
};

function reachOf({ reach: asked }: SpatialOptions, frame: Frame): number {
  if (typeof asked === 'number') return asked;
  return Math.max(1, Math.round((Math.min(frame.width, frame.height) * asked.ratio[0]) / asked.ratio[1]));
}

function drawPose(most: number, far: number, random: Random): Pose {
  const angle = Math.round((2 * random.uniform() - 1) * most * 1e6) / 1e6;
  return { angle, dx: random.below(2 * far + 1) - far, dy: random.below(2 * far + 1) - far };
}

/** Every pose with the next angle, the place to its right and the one below. */
function neighbours(angles: number, side: number): [number, number][] {
  const square = side * side;
  return Array.from({ length: angles * square }, (_, i) => i).flatMap((i) => {
    const place = i % square;
    const next = [
      ...(i + square < angles * square ? [i + square] : []),
      ...((place + 1) % side === 0 ? [] : [i + 1]),
      ...(place + side < square ? [i + side] : []),
    ];
    return next.map((other): [number, number] => [i, other]);
  });
}
