// Who flips where: whether models change their answer on the same pictures. Agreement beyond chance by Cohen's kappa
// (J. Cohen, Educational and Psychological Measurement 20, 1960), its interval by the bootstrap over pictures.
import type { FlipsResult, PairAgreement } from '../core/compare.js';
import type { MaybeEstimate } from '../core/estimate.js';
import { randomFor } from '../core/random.js';
import { percentileInterval } from './bootstrap.js';
import type { Collected } from './collect.js';
import type { Column } from './column.js';
import { metricNamed } from './registry.js';

const RESAMPLES = 2_000;
/** Pictures and sets of models that are listed. */
const ROWS = 100;
const PATTERNS = 24;

/** Pictures that both models, one alone, or neither flips. */
export type FlipCounts = Pick<PairAgreement, 'both' | 'onlyA' | 'onlyB' | 'neither'>;

/**
 * Cohen's kappa of two yes-or-no judgements of the same pictures: (agreement − chance) / (1 − chance).
 *
 * @returns NaN where chance alone makes them agree always: both flip every picture, or none
 */
export function kappaOf({ both, onlyA, onlyB, neither }: FlipCounts): number {
  const n = both + onlyA + onlyB + neither;
  const agreement = (both + neither) / n;
  const [a, b] = [(both + onlyA) / n, (both + onlyB) / n];
  const chance = a * b + (1 - a) * (1 - b);
  return (agreement - chance) / (1 - chance);
}

/** Pictures of one set of flipping models: `flips` by model, and how many they are. */
type Pattern = { readonly flips: readonly boolean[]; count: number };

/**
 * Which pictures are flipped by which models.
 *
 * @param models with names unique in the run
 * @param options.seed of the resamples: the same pictures are drawn as for estimates and differences
 * @returns null for fewer than two models, or where they have no pictures in common
 */
export function flipsOf(
  models: readonly { readonly name: string; readonly collected: Collected }[],
  { seed }: { readonly seed: number },
): FlipsResult | null {
  if (models.length < 2) return null;
  const rows = commonShares(models.map(({ collected }) => collected));
  if (rows.length === 0) return null;
  const names = models.map(({ name }) => name);
  const { patterns, patternOf } = patternsOf(rows.map(({ shares }) => shares.map((share) => share > 0)));
  const counts = pairCounts(patterns, names.length);
  const kappas = resampledKappas(patterns, patternOf, counts, seed);
  const flippedBy = names.map(() => 0).concat(0);
  for (const { flips, count } of patterns) {
    const flipping = flips.filter(Boolean).length;
    flippedBy[flipping] = (flippedBy[flipping] ?? 0) + count;
  }
  const flipped = rows
    .map((row) => ({ ...row, models: row.shares.filter((share) => share > 0).length, sum: sumOf(row.shares) }))
    .filter((row) => row.models > 0)
    .sort((a, b) => b.models - a.models || b.sum - a.sum || (a.picture < b.picture ? -1 : 1));
  return {
    pictures: rows.length,
    flippedBy,
    pairs: counts.map(({ a, b, ...pair }, place): PairAgreement => {
      const kappa = kappaEstimate(pair, kappas[place] as Float64Array, rows.length);
      return { a: names[a] ?? '', b: names[b] ?? '', ...pair, kappa };
    }),
    patterns: patterns
      .toSorted((a, b) => b.count - a.count)
      .slice(0, PATTERNS)
      .map(({ flips, count }) => ({ models: names.filter((_, model) => flips[model]), pictures: count })),
    rows: evenly(flipped, ROWS).map(({ picture, shares }) => ({ picture, shares })),
  };
}

/** By picture that every model has a pair of answers for: the share of its pairs that change, by model. */
function commonShares(models: readonly Collected[]): { picture: string; shares: number[] }[] {
  const change = metricNamed('top1Change');
  const columns = models.map(({ metrics, columns: all }) => all[metrics.indexOf(change)] as Column);
  const rowsOf = models.map(({ pictures }) => new Map(pictures.map((id, row) => [id, row])));
  return (models[0]?.pictures ?? []).flatMap((picture) => {
    const shares = columns.map(({ sum, count }, model) => {
      const row = rowsOf[model]?.get(picture);
      return row === undefined || count[row] === 0 ? null : (sum[row] as number) / (count[row] as number);
    });
    return shares.every((share) => share !== null) ? [{ picture, shares }] : [];
  });
}

/** The distinct sets of flipping models in the order of their first picture, and each picture's set. */
function patternsOf(flips: readonly (readonly boolean[])[]): { patterns: Pattern[]; patternOf: Int32Array } {
  const places = new Map<string, number>();
  const patterns: Pattern[] = [];
  const patternOf = Int32Array.from(flips, (own) => {
    const key = own.map(Number).join('');
    const place = places.get(key) ?? patterns.push({ flips: own, count: 0 }) - 1;
    places.set(key, place);
    (patterns[place] as Pattern).count++;
    return place;
  });
  return { patterns, patternOf };
}

/** Two models by their places, the earlier first. */
type PairCounts = FlipCounts & { readonly a: number; readonly b: number };

/** What every pair of models flips together. */
function pairCounts(patterns: readonly Pattern[], models: number): PairCounts[] {
  const weights = Int32Array.from(patterns, ({ count }) => count);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const places = Array.from({ length: models }, (_, model) => model);
  const own = places.map((model) => weighed(weights, flippedIn(patterns, [model])));
  return places.flatMap((a) =>
    places.slice(a + 1).map((b) => {
      const both = weighed(weights, flippedIn(patterns, [a, b]));
      return { a, b, ...countsOf(both, own[a] as number, own[b] as number, total) };
    }),
  );
}

/** Places of the patterns in which all of these models flip. */
function flippedIn(patterns: readonly Pattern[], models: readonly number[]): Int32Array {
  const places = patterns.flatMap(({ flips }, place) => (models.every((model) => flips[model]) ? [place] : []));
  return Int32Array.from(places);
}

function weighed(weights: Int32Array, places: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < places.length; i++) sum += weights[places[i] as number] as number;
  return sum;
}

function countsOf(both: number, a: number, b: number, total: number): FlipCounts {
  return { both, onlyA: a - both, onlyB: b - both, neither: total - a - b + both };
}

/** By pair: kappa in each resample. Pictures are drawn once for all pairs, as `bootstrapRatios` draws them. */
function resampledKappas(
  patterns: readonly Pattern[],
  patternOf: Int32Array,
  pairs: readonly PairCounts[],
  seed: number,
): Float64Array[] {
  const { uniform } = randomFor(seed, 'bootstrap');
  const total = patternOf.length;
  const models = patterns[0]?.flips.length ?? 0;
  const ownPlaces = Array.from({ length: models }, (_, model) => flippedIn(patterns, [model]));
  const pairPlaces = pairs.map(({ a, b }) => flippedIn(patterns, [a, b]));
  const kappas = pairs.map(() => new Float64Array(RESAMPLES));
  const weights = new Int32Array(patterns.length);
  for (let r = 0; r < RESAMPLES; r++) {
    weights.fill(0);
    for (let i = 0; i < total; i++) weights[patternOf[Math.floor(uniform() * total)] as number]!++;
    const own = ownPlaces.map((places) => weighed(weights, places));
    for (const [place, { a, b }] of pairs.entries()) {
      const both = weighed(weights, pairPlaces[place] as Int32Array);
      (kappas[place] as Float64Array)[r] = kappaOf(countsOf(both, own[a] as number, own[b] as number, total));
    }
  }
  return kappas;
}

function kappaEstimate(counts: FlipCounts, kappas: Float64Array, pictures: number): MaybeEstimate {
  const value = kappaOf(counts);
  const { both, onlyA, onlyB, neither } = counts;
  if (Number.isNaN(value)) return { unavailable: both > neither ? 'both flip every picture' : 'neither flips any' };
  const flipped = [both + onlyA, both + onlyB];
  // Beside a model that answers one way for every picture kappa is 0 whatever the other does.
  if (flipped.includes(0)) return { unavailable: 'one of them flips none' };
  if (flipped.includes(pictures)) return { unavailable: 'one of them flips every picture' };
  const interval = percentileInterval(kappas);
  if (interval === null) return { unavailable: 'in most resamples neither flips any picture, or both flip all', value };
  return { value, ...interval, n: pictures, pictures, unit: 'kappa', method: 'bootstrap over pictures' };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** `most` items at equal distances, the first and the last among them. */
function evenly<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))] as Item);
}
