// The film strip: a few maps of a few layers as pictures, one a view (Azulay & Weiss, JMLR 2019, figure 4).
import sharp from 'sharp';
import type { LayerMaps, MapStrip, ModelLayers } from '../core/layers.js';
import { steadiness } from '../metrics/layers/global-sums.js';

/** Layers of a strip, views of a strip, and the longest side of a map's picture, pixels. */
const LAYERS = 8;
const VIEWS = 17;
const FEWER_VIEWS = 9;
const SIDE = 56;
/** Maps up to this side are kept without loss: they are drawn enlarged, place by place. */
const LOSSLESS_SIDE = 16;
const WEBP_QUALITY = 60;

/** The layers that a strip shows: first, last, those behind a change of the factor, and others evenly between. */
export function stripLayers({ layers, subsamplings }: Pick<ModelLayers, 'layers' | 'subsamplings'>): number[] {
  const shown = layers.flatMap(({ selected, operator }, i) => (selected && operator !== 'picture' ? [i] : []));
  if (shown.length <= LAYERS) return shown;
  const after = new Set(subsamplings.map((cut) => cut.after));
  const telling = shown.filter((layer, i) => i === 0 || i === shown.length - 1 || after.has(layer));
  const kept = new Set(spread(telling, LAYERS));
  const rest = shown.filter((layer) => !kept.has(layer));
  for (const layer of spread(rest, LAYERS - kept.size)) kept.add(layer);
  return shown.filter((layer) => kept.has(layer));
}

/** The views of a group that a strip shows. */
export function stripViews(views: readonly number[]): readonly number[] {
  return views.length <= VIEWS ? views : spread(views, FEWER_VIEWS);
}

function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  if (count < 2) return items.slice(0, count);
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))] as Item);
}

const KINDS = ['least steady', 'middle', 'steadiest'] as const;

/** The maps of a layer to show, by the relative deviation of their sums over the views; the quieter half says little. */
function chosenMaps(
  sums: readonly Float32Array[],
): { channel: number; kind: (typeof KINDS)[number]; deviation: number }[] {
  const maps = steadiness(sums).map(({ mean, deviation }, channel) => ({ channel, mean: Math.abs(mean), deviation }));
  const median = maps.map(({ mean }) => mean).sort((a, b) => a - b)[Math.floor(maps.length / 2)] ?? 0;
  const telling = maps
    .filter(({ mean }) => mean > 0 && mean >= median)
    .map(({ channel, mean, deviation }) => ({ channel, deviation: deviation / mean }))
    .sort((a, b) => b.deviation - a.deviation);
  const places = [0, Math.floor((telling.length - 1) / 2), telling.length - 1];
  return KINDS.flatMap((kind, i) => {
    const map = telling[places[i] ?? 0];
    const again = i > 0 && places[i] === places[i - 1];
    return map === undefined || again ? [] : [{ ...map, kind }];
  });
}

/** One map made smaller by whole steps, each place the mean of those it covers. */
function reduced(
  { rows, columns, data }: LayerMaps,
  channel: number,
): { width: number; height: number; values: Float64Array } {
  const step = Math.ceil(Math.max(rows, columns) / SIDE);
  const [height, width] = [Math.ceil(rows / step), Math.ceil(columns / step)];
  const values = new Float64Array(width * height);
  const counts = new Float64Array(width * height);
  const start = channel * rows * columns;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const to = Math.floor(y / step) * width + Math.floor(x / step);
      values[to] = (values[to] as number) + (data[start + y * columns + x] as number);
      counts[to] = (counts[to] as number) + 1;
    }
  }
  return { width, height, values: values.map((sum, i) => sum / (counts[i] as number)) };
}

/** Takes maps view by view, so that only the few that are shown are kept. */
export type StripRecorder = {
  /** @param maps of one view, by layer */
  readonly add: (maps: readonly LayerMaps[]) => void;
  readonly strip: () => Promise<MapStrip>;
};

/**
 * @param layers indices of the layers that are shown
 * @param views the views, in the order in which they are added
 * @param sums by layer and view of the strip: `[channels]`
 */
export function stripRecorder(
  layers: readonly number[],
  views: readonly number[],
  sums: (layer: number) => readonly Float32Array[],
): StripRecorder {
  const rows = layers.map((layer) => {
    const seen = sums(layer);
    return { layer, seen, maps: chosenMaps(seen), width: 0, height: 0, cells: [] as Float64Array[][] };
  });
  return {
    add: (maps) => {
      for (const row of rows) {
        const cells = row.maps.map(({ channel }) => reduced(maps[row.layer] as LayerMaps, channel));
        row.width = cells[0]?.width ?? 0;
        row.height = cells[0]?.height ?? 0;
        row.cells.push(cells.map(({ values }) => values));
      }
    },
    strip: async () => ({
      views,
      layers: await Promise.all(
        rows
          .filter(({ maps }) => maps.length > 0)
          .map(async ({ layer, seen, maps, width, height, cells }) => ({
            layer,
            width,
            height,
            maps: await Promise.all(
              maps.map(async ({ channel, kind, deviation }, m) => ({
                channel,
                kind,
                deviation: rounded(deviation),
                sums: seen.map((view) => rounded(view[channel] as number)),
                sheet: await sheetOf(
                  width,
                  height,
                  cells.map((view) => view[m] as Float64Array),
                ),
              })),
            ),
          })),
      ),
    }),
  };
}

/** The pictures of one map side by side. @param views by view its values, row by row */
async function sheetOf(width: number, height: number, views: readonly Float64Array[]): Promise<string> {
  let [low, high] = [Infinity, -Infinity];
  for (const view of views) {
    for (const value of view) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const scale = high > low ? 255 / (high - low) : 0;
  const across = width * views.length;
  const pixels = new Uint8Array(across * height);
  for (const [v, view] of views.entries()) {
    for (let i = 0; i < view.length; i++) {
      pixels[Math.floor(i / width) * across + v * width + (i % width)] = Math.round(
        ((view[i] as number) - low) * scale,
      );
    }
  }
  const webp = await sharp(pixels, { raw: { width: across, height, channels: 1 } })
    .webp(Math.max(width, height) <= LOSSLESS_SIDE ? { lossless: true } : { quality: WEBP_QUALITY })
    .toBuffer();
  return `data:image/webp;base64,${webp.toString('base64')}`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
