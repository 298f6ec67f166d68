// Options of test-time averaging: which changed views of a picture are averaged, in which order, and what they are
// judged on.
import { z } from 'zod';
import { expected, InputError } from '../../core/errors.js';
import { parsed } from '../parse.js';

const KINDS = ['shift', 'flip', 'scale'] as const;
const ALONG = ['around', 'diagonal', 'horizontal', 'vertical'] as const;

/**
 * "shift": so many whole-pixel shifts, the nearest to none first ("around": in all directions; or along one line).
 * "flip": the view and its mirror image. "scale": so many sizes, each `factor` times the one before, from 1 on.
 */
export type Averaged =
  | { readonly kind: 'shift'; readonly count: number; readonly along: (typeof ALONG)[number] }
  | { readonly kind: 'flip' }
  | { readonly kind: 'scale'; readonly count: number; readonly factor: number };

/** Normal form: plain JSON, part of the protocol. */
export type TtaOptions = {
  /** Every combination of these is averaged; the first of the list changes fastest. */
  readonly over: readonly Averaged[];
  /** Side that the picture's shorter side is resized to, pixels, or "model". */
  readonly canvas: number | 'model';
  /** Steps from the centre to either end of the paths that it is judged on. */
  readonly reach: number;
  /** Pixels between neighbours. */
  readonly step: number;
};

/** Most views that are averaged. */
export const MOST_AVERAGED = 512;

/** Each further size of `scale:N` is so much larger than the one before. */
const FACTOR = 1.1;

const count = (least: number, most: number) => {
  const what = `a whole number from ${least} to ${most}`;
  return z.int(what).min(least, what).max(most, what);
};

const over = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('shift'), count: count(2, 81), along: z.enum(ALONG).default('around') }),
    z.strictObject({ kind: z.literal('flip') }),
    z.strictObject({
      kind: z.literal('scale'),
      count: count(2, 8),
      factor: z
        .number('a factor above 1, at most 2')
        .gt(1, 'a factor above 1')
        .max(2, 'a factor of at most 2')
        .default(FACTOR),
    }),
  ],
  '{"kind": "shift", "count": 5}, {"kind": "flip"} or {"kind": "scale", "count": 3}',
);

const inputSchema = z.strictObject(
  {
    over: z.array(over, 'a list').min(1, 'one kind of change or more'),
    canvas: z.union([z.int().min(4), z.literal('model')], 'whole pixels (4 or more) or "model"').default('model'),
    reach: count(1, 64).default(4),
    step: count(1, 64).default(1),
  },
  'an object such as {"over": [{"kind": "flip"}]}',
);

/** What may be given: any of the keys of the normal form; the others take their defaults. */
export type TtaInput = z.input<typeof inputSchema>;

/** The options in their normal form. @throws {InputError} a wrong key or value, a kind twice, too many views */
export function normaliseTtaOptions(input: unknown): TtaOptions {
  const options = parsed(inputSchema, input, 'tta options');
  const kinds = options.over.map(({ kind }) => kind);
  const twice = kinds.find((kind, i) => kinds.indexOf(kind) !== i);
  if (twice !== undefined) throw expected('tta options.over', 'each kind of change once', twice, 'Leave one out.');
  const views = options.over.reduce((product, one) => product * sizeOf(one), 1);
  if (views <= MOST_AVERAGED) return options;
  throw new InputError(
    `Expected at most ${MOST_AVERAGED} averaged views for --tta but their combinations are ${views}. Take fewer.`,
  );
}

/** Number of views that one kind of change gives. */
export function sizeOf(one: Averaged): number {
  return one.kind === 'flip' ? 2 : one.count;
}

/**
 * The options of `--tta`: "shift:5,flip,scale:3", "shift:5:diagonal".
 *
 * @throws {InputError} naming the flag
 */
export function parseTtaFlag(text: string): TtaInput {
  const example = 'changes such as "shift:5,flip,scale:3" (shift:N, shift:N:diagonal, flip, scale:N)';
  const list = text
    .replaceAll(/\s/g, '')
    .split(',')
    .map((part): TtaInput['over'][number] => {
      const [kind, number, along, ...more] = part.split(':');
      const known = KINDS.find((name) => name === kind);
      const line = ALONG.find((name) => name === along);
      const whole = /^\d+$/.test(number ?? '') ? Number(number) : null;
      const wrong = expected('--tta', example, text);
      if (more.length > 0 || (along !== undefined && (line === undefined || known !== 'shift'))) throw wrong;
      if (known === 'flip' && number === undefined) return { kind: 'flip' };
      if (known === undefined || known === 'flip' || whole === null) throw wrong;
      const most = known === 'shift' ? 81 : 8;
      if (whole < 2 || whole > most) throw expected('--tta', `2 to ${most} views for ${known}`, part);
      return known === 'scale'
        ? { kind: 'scale', count: whole }
        : { kind: 'shift', count: whole, ...(line ? { along: line } : {}) };
    });
  return { over: list };
}
