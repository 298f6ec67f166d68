// A layer's result as an engine gives it, brought to [channels, rows, columns] without class tokens.
import type { LayerMaps } from '../core/layers.js';
import type { Places } from '../graph/audit/layer.js';

export type Grid = Omit<LayerMaps, 'data'>;

/** Elements of a layer's result for one view, class tokens with them. */
export function elementsOf(places: Places | null, { channels, rows, columns }: Grid): number {
  const { before, after } = places?.classTokens ?? { before: 0, after: 0 };
  return channels * (rows * columns + before + after);
}

/** A layer's result with channels first and class tokens left out. */
export function channelsFirst(
  data: Float32Array,
  places: Pick<Places, 'layout' | 'classTokens'> | null,
  { channels, rows, columns }: Grid,
): Float32Array {
  if (places?.layout === 'NCHW') return data;
  const area = rows * columns;
  const start = channels * (places?.classTokens.before ?? 0);
  const planes = new Float32Array(channels * area);
  for (let place = 0; place < area; place++) {
    for (let c = 0; c < channels; c++) planes[c * area + place] = data[start + place * channels + c] as number;
  }
  return planes;
}
