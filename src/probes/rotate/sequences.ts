// Sequences: a picture moved, turned and resized in small steps, each kind a film of its own, as ImageNet-P's geometric
// perturbations (Hendrycks & Dietterich, ICLR 2019).
import { z } from 'zod';
import { InputError } from '../../core/errors.js';
import type { Group, Probe, View } from '../../core/view.js';
import type { Placing } from '../../image/rotate.js';
import { parsed } from '../parse.js';
import { samplingShape, type Sampling } from './options.js';
import { evenSteps, ownView } from './rotate.js';
import { stageOf, UNMOVED } from './stage.js';

/** What changes along a sequence, of the placing of the content. */
const VARIED = ['dx', 'dy', 'angle', 'scale'] as const;

/** One sequence: `steps` frames with `vary` from `from` to `to`, evenly spaced. */
export type Sequence = {
  readonly name: string;
  readonly vary: (typeof VARIED)[number];
  readonly from: number;
  readonly to: number;
  readonly steps: number;
};

/** Normal form: plain JSON, part of the protocol. */
export type SequencesOptions = Sampling & { readonly sequences: readonly Sequence[] };

const number = z.number('a number');
const steps = 'a whole number, 2 to 1000';

const sequencesSchema = z.strictObject(
  {
    ...samplingShape,
    sequences: z
      .array(
        z.strictObject({
          name: z.string('a name').min(1, 'a name'),
          vary: z.enum(VARIED),
          from: number,
          to: number,
          steps: z.int(steps).min(2, steps).max(1000, steps),
        }),
        'a list of sequences',
      )
      .min(1, 'one sequence or more'),
  },
  'an object',
);

export type SequencesInput = z.input<typeof sequencesSchema>;

/**
 * The options in their normal form.
 *
 * @throws {InputError} a wrong key or value, two sequences of one name, ends that don't rise, or a scale of 0 or less
 */
export function normaliseSequencesOptions(input: unknown): SequencesOptions {
  const options = parsed(sequencesSchema, input, 'sequences options');
  const names = new Set<string>();
  for (const { name, vary, from, to } of options.sequences) {
    if (names.has(name))
      throw new InputError(`Expected another name for each sequence but received "${name}" twice. Rename one.`);
    names.add(name);
    if (from >= to || (vary === 'scale' && from <= 0)) {
      throw new InputError(
        `Expected ${vary} of the sequence "${name}" to rise${vary === 'scale' ? ' from above 0' : ''} but received ${from} to ${to}.`,
      );
    }
  }
  return options;
}

/** Most views of one batch: each has pixels of its own. */
const BATCH = 8;

/**
 * Views have the coordinates `sequence` and what it varies; each is the neighbour of the next. A sequence's reference is
 * the view that is not changed, or the middle one where there is none.
 */
export const sequencesProbe: Probe<SequencesOptions> = {
  name: 'sequences',
  *views(picture, frame, options) {
    const groups: Group[] = [];
    let first = 0;
    for (const { name, vary, from, to, steps: count } of options.sequences) {
      const values = evenSteps(from, to, count);
      const stage = stageOf(picture, frame, options, {
        scale: vary === 'scale' ? Math.min(1, from) : 1,
        move: vary === 'dx' || vary === 'dy' ? Math.max(Math.abs(from), Math.abs(to)) : 0,
      });
      const views = values.map((value) => (): View => {
        const placing: Placing = { ...UNMOVED, [vary]: value };
        return ownView({ sequence: name, [vary]: value }, stage(placing));
      });
      for (let i = 0; i < views.length; i += BATCH) yield views.slice(i, i + BATCH).map((view) => view());
      const unchanged = values.indexOf(UNMOVED[vary]);
      groups.push({
        at: { sequence: name },
        reference: first + (unchanged >= 0 ? unchanged : Math.floor(values.length / 2)),
        pairs: values.slice(1).map((_, i) => [first + i, first + i + 1] as const),
        views: values.map((_, i) => first + i),
      });
      first += values.length;
    }
    return groups;
  },
};
