// One map of a film strip as a curve of its global sums: shared by the page's script and the figure.
import type { MapStrip } from '../core/layers.js';
import { grouped, plain } from './format.js';

type StripLayer = MapStrip['layers'][number];
export type StripMap = StripLayer['maps'][number];

/** The map of a layer that is shown for a kind; its first where it has none of the kind. */
export function mapOf({ maps }: StripLayer, kind: string): StripMap {
  return maps.find((map) => map.kind === kind) ?? (maps[0] as StripMap);
}

/** Sums relative to their mean: 0 = at the mean; all 0 where the mean is. */
function offsets({ sums }: StripMap): number[] {
  const mean = sums.reduce((total, sum) => total + sum, 0) / Math.max(1, sums.length);
  return sums.map((sum) => (mean === 0 ? 0 : (sum - mean) / Math.abs(mean)));
}

/** Half the height of the curves' common scale: holds the band and the widest curve, never beyond ±100 %. */
export function filmLimit(
  { layers }: { readonly layers: readonly StripLayer[] },
  kind: string,
  threshold: number,
): number {
  const widest = Math.max(0, ...layers.flatMap((layer) => offsets(mapOf(layer, kind)).map(Math.abs)));
  return Math.min(1, Math.max(1.5 * threshold, 1.1 * widest));
}

/** Heights of a map's curve, −limit…limit. */
export function filmPoints(map: StripMap, limit: number): number[] {
  return offsets(map).map((offset) => Math.max(-limit, Math.min(limit, offset)));
}

/** A global sum, short: "12,345", "123", "12.3", "0.123". */
export function sumText(sum: number): string {
  return Math.abs(sum) >= 1000
    ? `${sum < 0 ? '\u2212' : ''}${grouped(Math.abs(sum))}`
    : plain(Number(sum.toPrecision(3)));
}
