// Looks inside a network while a picture is measured: sums of every view, and, of a few pictures, whole maps under
// cyclic shifts, the film strip and the local equivariance error.
import type {
  LayerEquivariance,
  LayerMaps,
  LayersProtocol,
  LocalEquivariance,
  MapStrip,
  ModelLayers,
  PictureTrace,
} from '../core/layers.js';
import type { Model } from '../core/model.js';
import { randomFor } from '../core/random.js';
import type { Coordinates, Group, View } from '../core/view.js';
import { relativeDistance, shiftedMaps } from '../metrics/layers/equivariance.js';
import { layerSums } from '../metrics/layers/global-sums.js';
import { bytesPerElement, elementsOn, elementsPerView, type Elements } from '../runtimes/classifier.js';
import type { Layers, LocalMeasurer, MapReader } from '../runtimes/layers.js';
import { cutWindow, prepareCanvas } from '../runtimes/prepare.js';
import { stripLayers, stripRecorder, stripViews } from './strip.js';

/** What is looked at in a picture beside its sums. */
export type CloserLook = { readonly maps: boolean; readonly strip: boolean; readonly local: boolean };

export const NO_CLOSER_LOOK: CloserLook = { maps: false, strip: false, local: false };

/** A view's coordinates and its layers' sums, by layer `[channels]`; the view itself where a closer look needs it. */
export type SeenView = {
  readonly at: Coordinates;
  readonly view: View | null;
  readonly sums: readonly Float32Array[];
};

export type Inside = {
  /** The layers whose sums come with every answer, by name. */
  readonly names: readonly string[];
  /** One view's row of sums, by layer, out of a batch's; the picture's in pixel values. */
  readonly sumsOf: (batch: readonly Float32Array[], view: number) => Float32Array[];
  /** All that is kept of one picture. */
  readonly trace: (seen: readonly SeenView[], groups: readonly Group[], look: CloserLook) => Promise<PictureTrace>;
  readonly close: () => Promise<void>;
};

/**
 * @param engine how the model's engine looks inside it; sessions for whole maps and local errors are opened on first use
 */
export function lookInside(
  model: Model,
  engine: Layers,
  { layers, subsamplings, local: steps }: ModelLayers,
  protocol: LayersProtocol,
  seed: number,
  threads: number,
): Inside {
  const names = layers.map(({ name }) => name);
  const channels = layers.map(({ name, channels: count }) => sampled(count, protocol.maps, seed, name));
  const toPixels = pixelSums(model);
  let reader: Promise<MapReader> | null = null;
  let measurer: Promise<LocalMeasurer> | null = null;

  const input = preparer(model);
  const sumsAt = (seen: readonly SeenView[], layer: number): Float32Array[] =>
    seen.map(({ sums }) => sums[layer] as Float32Array);

  const equivariance = async (view: View, maps: MapReader): Promise<LayerEquivariance[]> => {
    const still = await maps.read(input(view));
    const moved = new Map<string, readonly LayerMaps[]>();
    const errors: { pixel: number | null; factor: number | null }[] = layers.map(() => ({ pixel: null, factor: null }));
    const steps = [{ y: 1, x: 1 }, ...layers.map(({ factor }) => factor)];
    for (const { y, x } of steps) {
      const key = `${y} ${x}`;
      if (moved.has(key) || ![y, x].every(Number.isInteger)) continue;
      const found = await maps.read(input(view, y, x));
      moved.set(key, []);
      layers.forEach(({ factor }, i) => {
        const isPixel = y === 1 && x === 1;
        const isStep = factor.y === y && factor.x === x;
        if (!isPixel && !isStep) return;
        const [before, after] = [still[i] as LayerMaps, found[i] as LayerMaps];
        const expected = shiftedMaps(before, y / factor.y, x / factor.x);
        const error = significant(relativeDistance(after.data, expected.data, before.data));
        if (isPixel) (errors[i] as { pixel: number | null }).pixel = error;
        if (isStep) (errors[i] as { factor: number | null }).factor = error;
      });
    }
    return errors.map((error, i) => ({
      ...error,
      negative: layers[i]?.operator !== 'picture' && (still[i] as LayerMaps).data.some((value) => value < 0),
    }));
  };

  const strip = async (seen: readonly SeenView[], group: Group, maps: MapReader): Promise<MapStrip> => {
    const views = stripViews(group.views);
    const shown = views.map((view) => seen[view] as SeenView);
    const recorder = stripRecorder(stripLayers({ layers, subsamplings }), views, (layer) => sumsAt(shown, layer));
    for (const { view } of shown) recorder.add(await maps.read(input(view as View)));
    return recorder.strip();
  };

  return {
    names,
    sumsOf: (batch, view) =>
      batch.map((values, layer) => {
        const count = layers[layer]?.channels ?? 0;
        const row = values.slice(view * count, (view + 1) * count);
        return layers[layer]?.operator === 'picture' ? toPixels(row) : row;
      }),
    trace: async (seen, all, look) => {
      const groups = all.filter(({ apart }) => apart !== true);
      const at = seen.map((one) => one.at);
      const sums = groups.map((group) =>
        layers.map(({ factor }, layer) =>
          // A mean of other views has no sums of its own.
          group.views.some((view) => seen[view]?.sums.length === 0)
            ? null
            : layerSums(sumsAt(seen, layer), at, group, {
                threshold: protocol.threshold,
                channels: channels[layer] ?? null,
                factor,
              }),
        ),
      );
      const [group] = groups;
      const reference = seen[group?.reference ?? 0]?.view ?? null;
      if (group === undefined || reference === null) return { sums };
      let closer: Omit<PictureTrace, 'sums'> = {};
      if (look.maps || look.strip) {
        reader ??= engine.maps(model, names, threads);
        const maps = await reader;
        if (look.maps) closer = { ...closer, equivariance: await equivariance(reference, maps) };
        if (look.strip) closer = { ...closer, strip: await strip(seen, group, maps) };
      }
      if (look.local && Array.isArray(steps)) {
        measurer ??= engine.local(model, threads);
        const found = await (await measurer).measure(input(reference) as Float32Array);
        // A picture without an answer (NaN, infinite) has no error either.
        if (Number.isFinite(found.total)) closer = { ...closer, local: shortened(found) };
      }
      return { sums, ...closer };
    },
    close: async () => {
      await (await reader)?.close();
      await (await measurer)?.close();
    },
  };
}

/** Channels drawn at random for a layer, ascending; null = all. The same for every picture. */
function sampled(channels: number, maps: number | null, seed: number, layer: string): number[] | null {
  if (maps === null || maps >= channels) return null;
  const random = randomFor(seed, 'maps', layer);
  const left = Array.from({ length: channels }, (_, c) => c);
  return Array.from({ length: maps }, () => left.splice(random.below(left.length), 1)[0] as number).sort(
    (a, b) => a - b,
  );
}

/**
 * Sums of the normalised picture to sums of its pixels (0…255): x = (v · scale + offset − mean) / std. Normalised colours
 * lie round 0, where a share of the mean says nothing.
 */
function pixelSums({
  input,
  preprocessing: { mean, std, scale, offset },
}: Model): (sums: Float32Array) => Float32Array {
  const places = input.width * input.height;
  return (sums) =>
    sums.map((sum, channel) => {
      const [m, s] = [mean[channel] ?? 0, std[channel] ?? 1];
      return (sum * s + places * (m - offset)) / scale;
    });
}

/** One prepared view, rolled cyclically by `y` rows down and `x` columns to the right. */
function preparer({ input, preprocessing }: Model): (view: View, y?: number, x?: number) => Elements {
  const length = elementsPerView(input);
  const empty = (): Elements =>
    elementsOn(new ArrayBuffer(length * bytesPerElement(input.type)), input.type, 0, length);
  return (view, y = 0, x = 0) => {
    const window = empty();
    const canvas = prepareCanvas(view.canvas, input, preprocessing);
    cutWindow(canvas, view.x, view.y, view.wrap, window, 0);
    if (y === 0 && x === 0) return window;
    const rolled = empty();
    const { width, height, layout } = input;
    const torus = { layout, width, height, windowWidth: width, windowHeight: height, elements: window, start: 0 };
    cutWindow(torus, -x, -y, true, rolled, 0);
    return rolled;
  };
}

/** Five significant digits are more than an error of single precision has. */
function significant(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(5));
}

function shortened({ total, steps, unexplained }: LocalEquivariance): LocalEquivariance {
  return {
    total: significant(total) ?? 0,
    steps: steps.map(
      (step) =>
        Object.fromEntries(Object.entries(step).map(([key, value]) => [key, significant(value)])) as typeof step,
    ),
    unexplained: significant(unexplained) ?? 0,
  };
}
