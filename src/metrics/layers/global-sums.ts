// Global sums of feature maps over the views of a picture: Azulay & Weiss, JMLR 2019, section 3 and figure 5.
import type { LayerSums } from '../../core/layers.js';
import type { Coordinates, Group } from '../../core/view.js';

/** Maps whose mean sum is below this share of the layer's largest are quiet: they don't count. */
const QUIET = 1e-6;

/** Sums within this share of a map's largest are equal: what rounding in single precision leaves. */
const EQUAL = 1e-4;

export type SumsOptions = {
  /** Share of its mean by which a sum must leave it to count as changed. */
  readonly threshold: number;
  /** Channels that are looked at; null = all. */
  readonly channels: readonly number[] | null;
  /** Pixels of the picture from one place of the layer to the next. */
  readonly factor: { readonly y: number; readonly x: number };
};

/** Mean of a map's sums, and their largest distance from it. */
export type MapSteadiness = { readonly mean: number; readonly deviation: number };

/** Each channel's mean sum over the views, and the largest distance from it. */
export function steadiness(sums: readonly Float32Array[]): MapSteadiness[] {
  const channels = sums[0]?.length ?? 0;
  return Array.from({ length: channels }, (_, c) => {
    let total = 0;
    for (const view of sums) total += view[c] as number;
    const mean = total / sums.length;
    let deviation = 0;
    for (const view of sums) deviation = Math.max(deviation, Math.abs((view[c] as number) - mean));
    return { mean, deviation };
  });
}

/** Which of the maps are quiet. */
export function quietMaps(maps: readonly MapSteadiness[]): boolean[] {
  let largest = 0;
  for (const { mean } of maps) largest = Math.max(largest, Math.abs(mean));
  return maps.map(({ mean }) => !(Math.abs(mean) > QUIET * largest));
}

/**
 * One layer's global sums over the views of a group.
 *
 * @param sums by view of the picture: `[channels]`
 * @returns null where a sum of the group is NaN or infinite
 */
export function layerSums(
  sums: readonly Float32Array[],
  at: readonly Coordinates[],
  { views }: Pick<Group, 'views'>,
  { threshold, channels, factor }: SumsOptions,
): LayerSums | null {
  const seen = views.map((view) => sums[view] as Float32Array);
  if (seen.some((view) => !view.every(Number.isFinite))) return null;
  const maps = steadiness(seen);
  const quiet = quietMaps(maps);
  const looked = channels ?? maps.map((_, c) => c);
  const counting = looked.filter((c) => !quiet[c]);
  const changed = counting.filter((c) => {
    const { mean, deviation } = maps[c] as MapSteadiness;
    return deviation > threshold * Math.abs(mean);
  });
  const pairs = pairsApart(
    views.map((view) => at[view] ?? {}),
    factor,
  );
  return {
    maps: counting.length,
    changed: changed.length,
    quiet: looked.length - counting.length,
    spread: spreadOf(seen, maps, looked),
    periodic:
      pairs.length === 0 ? null : { maps: counting.filter((c) => repeats(seen, pairs, c)).length, of: counting.length },
  };
}

/** Root mean square distance of the vector of sums from its mean, over the mean's length; null for a mean of 0. */
function spreadOf(
  seen: readonly Float32Array[],
  maps: readonly MapSteadiness[],
  channels: readonly number[],
): number | null {
  let length = 0;
  let distance = 0;
  for (const c of channels) {
    const { mean } = maps[c] as MapSteadiness;
    length += mean * mean;
    for (const view of seen) distance += ((view[c] as number) - mean) ** 2;
  }
  return length > 0 ? Math.sqrt(distance / seen.length / length) : null;
}

/** Pairs of views that lie a whole multiple of the factor apart along both sides, but not at the same place. */
function pairsApart(
  at: readonly Coordinates[],
  factor: { readonly y: number; readonly x: number },
): (readonly [number, number])[] {
  const multiple = (distance: number, step: number): boolean => {
    const steps = distance / step;
    return Math.abs(steps - Math.round(steps)) < 1e-9;
  };
  return at.flatMap((a, i) =>
    at.slice(i + 1).flatMap((b, j): (readonly [number, number])[] => {
      if (![a['dx'], a['dy'], b['dx'], b['dy']].every((value) => typeof value === 'number')) return [];
      const dx = Number(b['dx']) - Number(a['dx']);
      const dy = Number(b['dy']) - Number(a['dy']);
      const apart = (dx !== 0 || dy !== 0) && multiple(dx, factor.x) && multiple(dy, factor.y);
      return apart ? [[i, i + 1 + j]] : [];
    }),
  );
}

/** Whether a map's sums agree at both views of all pairs. */
function repeats(seen: readonly Float32Array[], pairs: readonly (readonly [number, number])[], c: number): boolean {
  let largest = 0;
  for (const view of seen) largest = Math.max(largest, Math.abs(view[c] as number));
  return pairs.every(
    ([a, b]) =>
      Math.abs(((seen[a] as Float32Array)[c] as number) - ((seen[b] as Float32Array)[c] as number)) <= EQUAL * largest,
  );
}
