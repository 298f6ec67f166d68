// The sweep: the shift probe with several sets of options, each a group of its own (protocols, "azulay-sweep").
import { z } from 'zod';
import type { Coordinates, Group, Probe } from '../../core/view.js';
import { InputError } from '../../core/errors.js';
import { parsed } from '../parse.js';
import { normaliseShiftOptions, type ShiftOptions } from './options.js';
import { shiftViews } from './shift.js';

/** Normal form: the steps of the sweep in order; `at` tells their estimates apart. */
type SweepOptions = { readonly steps: readonly { readonly at: Coordinates; readonly shift: ShiftOptions }[] };

const sweepSchema = z.strictObject(
  {
    steps: z
      .array(
        z.strictObject({
          at: z.record(z.string(), z.union([z.number(), z.string()]), 'coordinates such as {"share": 0.4}'),
          shift: z.unknown(),
        }),
      )
      .min(1, 'one step or more'),
  },
  'an object',
);

/**
 * The options in their normal form.
 *
 * @throws {InputError} a wrong key or value, or two steps with the same coordinates
 */
export function normaliseSweepOptions(input: unknown): SweepOptions {
  const steps = parsed(sweepSchema, input, 'sweep options').steps.map(({ at, shift }) => ({
    at,
    shift: normaliseShiftOptions(shift),
  }));
  const seen = new Set<string>();
  for (const { at } of steps) {
    const text = JSON.stringify(Object.entries(at).sort());
    if (seen.has(text))
      throw new InputError(
        `Expected other coordinates for each step of a sweep but received ${JSON.stringify(at)} twice.`,
      );
    seen.add(text);
  }
  return { steps };
}

/** Views have their step's coordinates besides `dx`, `dy`. Steps draw the same random numbers, so that they compare. */
export const sweepProbe: Probe<SweepOptions> = {
  name: 'shift-sweep',
  *views(picture, frame, { steps }, randomFor) {
    const groups: Group[] = [];
    let first = 0;
    for (const { at, shift } of steps) {
      const part = yield* shiftViews(picture, frame, shift, randomFor, at);
      groups.push(...part.groups.map((group) => moved(group, first)));
      first += part.count;
    }
    return groups;
  },
};

/** The group with all indices raised. */
function moved({ at, reference, pairs, views }: Group, by: number): Group {
  return {
    at,
    reference: reference + by,
    pairs: pairs.map(([a, b]) => [a + by, b + by] as const),
    views: views.map((view) => view + by),
  };
}
