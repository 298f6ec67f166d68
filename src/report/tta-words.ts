// What a run of test-time averaging says, in words: what the views buy, what they cost, and what training would take.
import { isEstimate, type Estimate } from '../core/estimate.js';
import type { ModelResult, Series } from '../core/result.js';
import { listed, pointsWithInterval } from '../metrics/words.js';
import type { Facts } from './facts.js';
import { count, estimateText, grouped, narrow, percent } from './format.js';
import { optionsOf } from './words.js';

export const TTA_PATHS = ['diagonal', 'horizontal', 'random pairs'] as const;

/** Views that the sentence is about, where there are as many. */
const TOLD = 8;

/** Numbers of averaged views, ascending; null where the run is of another probe. */
export function countsOf({ input, models }: Facts): number[] | null {
  if (input.result.protocol.probe.name !== 'tta') return null;
  const counts = models.flatMap(({ series }) => series.map(({ at }) => Number(at['views'])));
  return [...new Set(counts)].sort((a, b) => a - b);
}

/** The number of views that sentences are about: 8, or the largest below. */
export function toldCount(counts: readonly number[]): number {
  return counts.filter((views) => views <= TOLD).at(-1) ?? 1;
}

export function seriesAt(model: ModelResult, views: number, path: string): Series | undefined {
  return model.series.find(({ at }) => at['views'] === views && at['path'] === path);
}

/** "Averaging 8 views changes the answer on 3.8 % of the diagonal steps instead of 5.9 % … at 8 times the cost". */
export function gainSentence(model: ModelResult, counts: readonly number[]): string {
  const views = toldCount(counts);
  const told = TTA_PATHS.flatMap((path) => {
    const [before, after] = [1, views].map((n) => seriesAt(model, n, path)?.estimates['top1Change']);
    return isEstimate(before) && isEstimate(after)
      ? [`${estimateText(after)} ${STEPS[path]} instead of ${percent(before.value)}`]
      : [];
  });
  const accuracy = seriesAt(model, views, 'diagonal')?.against?.['accuracy'];
  const right = isEstimate(accuracy) ? `; ${accuracyWords(accuracy)}` : '';
  return `Averaging ${count(views)} views, ${model.name} changes its answer on ${listed(told)}. That takes ${count(views)} times the computing${right}.`;
}

const STEPS: Readonly<Record<(typeof TTA_PATHS)[number], string>> = {
  diagonal: 'of diagonal steps',
  horizontal: 'of horizontal steps',
  'random pairs': 'of random pairs',
};

function accuracyWords(difference: Estimate): string {
  const points = narrow(pointsWithInterval(difference));
  if (difference.low <= 0 && difference.high >= 0) return `accuracy doesn’t change measurably (${points})`;
  return `accuracy ${difference.value > 0 ? 'rises' : 'falls'} (${points})`;
}

/** What was averaged, in words: "5 shifts × mirror image × 3 sizes". */
export function overWords(facts: Facts): string {
  const { over } = optionsOf(facts.input.result.protocol);
  const list = Array.isArray(over) ? over : [];
  const parts = list.map((one) => {
    const { kind, count: n, along, factor } = one as Readonly<Record<string, unknown>>;
    if (kind === 'flip') return 'the mirror image';
    if (kind === 'scale') return `${String(n)} sizes, each ${String(factor)} times the one before`;
    return `${String(n)} shifts ${along === 'around' ? 'round the centre' : `along the ${String(along)}`}`;
  });
  return parts.join(' × ');
}

/** Whether averaged shifts lie on the path that they are judged on. */
export function isFlattered(facts: Facts): boolean {
  const { over } = optionsOf(facts.input.result.protocol);
  return Array.isArray(over) && over.some((one) => (one as Readonly<Record<string, unknown>>)['along'] === 'diagonal');
}

/** Milliseconds that one view took, as the run measured it; null where it didn't. */
export function viewMilliseconds({ input, models }: Facts): number | null {
  const { stages } = input.run;
  const busy = ['views', 'prepare', 'infer', 'answer'].reduce((sum, stage) => sum + (stages[stage] ?? 0), 0);
  const lists = models.map(({ name }) => input.observations[name] ?? []);
  const windows = lists.map((list) => {
    const measured = list.map(({ views }) => views.filter(({ at }) => at['views'] === undefined).length);
    return measured.reduce((sum, n) => sum + n, 0) / Math.max(1, measured.length);
  });
  const all = models.reduce((sum, { pictures }, m) => sum + pictures.measured * (windows[m] ?? 0), 0);
  return busy > 0 && all > 0 ? (1000 * busy) / all : null;
}

/** Pictures that training would need for each of the views that averaging tells apart. */
export function trainingSentence(facts: Facts): string {
  const { over } = optionsOf(facts.input.result.protocol);
  const list = (Array.isArray(over) ? over : []) as readonly Readonly<Record<string, unknown>>[];
  const others = list.reduce(
    (product, { kind, count: n }) => product * (kind === 'flip' ? 2 : kind === 'scale' ? Number(n) : 1),
    1,
  );
  const layers = facts.input.run.layers?.find(({ model }) => model === facts.names[0])?.layers ?? [];
  const factors = layers.map(({ factor }) => factor.x * factor.y);
  const times = others === 1 ? '' : ` × ${others} for sizes and mirror images`;
  const rule = `a network that subsamples by a factor f tells f² shifts apart${times}`;
  if (factors.length === 0)
    return `To learn the same from augmented pictures instead: ${rule}, so that each picture would be needed f²${others === 1 ? '' : ` × ${others}`} times; with f = 32, ${grouped(32 * 32 * others)} times. (With --layers the run knows the factor.)`;
  const square = Math.max(...factors);
  return `To learn the same from augmented pictures instead: ${rule}. ${facts.names[0] ?? ''} subsamples by ${grouped(Math.sqrt(square))}, so that each picture would be needed ${grouped(square * others)} times.`;
}
