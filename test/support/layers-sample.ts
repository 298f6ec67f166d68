// Invented insides of networks for tests of the report: a strided one that loses at each stride, and a dense one that
// loses nothing; with film strips of small generated maps.
import sharp from 'sharp';
import type { Estimate } from '../../src/core/estimate.js';
import type {
  LayerFacts,
  LayerResult,
  LayersProtocol,
  LayersResult,
  LocalResult,
  MapStrip,
  PictureTrace,
} from '../../src/core/layers.js';
import { randomFor } from '../../src/core/random.js';

export const LAYERS_PROTOCOL: LayersProtocol = {
  selection: ['default'],
  threshold: 0.2,
  maps: null,
  mapPictures: 6,
  localPictures: 20,
};

const PICTURES = 24;

export function estimate(value: number, spread = 0.05, unit = 'fraction'): Estimate {
  const half = value === 0 ? 0 : spread;
  const low = unit === 'fraction' ? Math.max(-1, value - half) : value - half * value;
  const high = unit === 'fraction' ? Math.min(1, value + half) : value + half * value;
  return { value, low, high, n: 9 * PICTURES, pictures: PICTURES, unit, method: 'bootstrap over pictures' };
}

const STAGES = [1, 2, 3, 5, 3, 2];

/** Layers of a network: `strided` ones lie in six stages, each coarser than the one before; else the factor stays 1. */
function factsOf(strided: boolean, count: number): LayerFacts[] {
  const total = STAGES.reduce((sum, size) => sum + size, 0);
  const ends = STAGES.map((_, i) => STAGES.slice(0, i + 1).reduce((sum, size) => sum + size, 0) / total);
  let field = 1;
  return Array.from({ length: count }, (_, i) => {
    const stage = ends.findIndex((end) => (i + 0.5) / count < end);
    const factor = strided ? 2 ** stage : 1;
    field += 2 * factor;
    const side = Math.max(1, Math.round(64 / factor));
    return {
      name: strided
        ? `mobilenet/features.${i}/conv/conv.2/BatchNormalization_output_${i}`
        : `block${i + 1}/${i % 3 === 2 ? 'add' : 'relu'}`,
      operator: i % 3 === 2 ? 'Add' : i % 3 === 1 ? 'BatchNormalization' : 'Relu',
      channels: strided ? 16 * (stage + 1) : 32,
      rows: side,
      columns: side,
      factor: { y: factor, x: factor },
      field: i === count - 1 ? null : { y: field, x: field },
      selected: i % 7 !== 5 || count < 8,
      depth: (i + 1) / count,
    };
  });
}

/** Results inside one network. */
export function layersResult(kind: 'strided' | 'dense', count = 16, loss = 1): LayersResult {
  const strided = kind === 'strided';
  const facts = factsOf(strided, count);
  const layers = facts.map((layer, i): LayerResult => {
    const share = strided ? Math.min(0.96, 0.02 + loss * (0.15 * Math.log2(layer.factor.x) + 0.012 * i)) : 0;
    return {
      ...layer,
      estimates: {
        nonShiftability: estimate(share, 0.03 + 0.05 * share),
        relativeSpread: estimate(0.6 * share, 0.1, 'ratio'),
        equivarianceErrorPixel: estimate(strided ? 0.2 + 0.8 * share : 0, 0.1, 'ratio'),
        equivarianceErrorFactor: estimate(strided ? 0.0004 * i : 0, 0.1, 'ratio'),
        periodicMaps:
          layer.factor.x > 16
            ? { unavailable: 'no two views lie a multiple of the factor apart' }
            : estimate(1 - share),
      },
      quiet: strided ? 0.5 * i : 0,
      negative: i % 3 === 0 ? false : i % 3 === 1 ? true : i % 2 === 0,
    };
  });
  const changes = layers.flatMap((layer, i) => {
    const before = layers[i - 1];
    return before && before.factor.x !== layer.factor.x ? [{ before, layer }] : [];
  });
  const losses = changes
    .map(({ before, layer }) => {
      const [from, to] = [
        before.estimates['nonShiftability'] as Estimate,
        layer.estimates['nonShiftability'] as Estimate,
      ];
      const end = layers.findLast(({ factor }) => factor.x === layer.factor.x) ?? layer;
      const rise = to.value - from.value + (layer.factor.x === 4 ? 0.18 : layer.factor.x === 32 ? -0.15 : 0);
      return {
        node: layer.name.replace('BatchNormalization', 'Conv'),
        operator: layer.factor.x === 32 ? 'AveragePool' : 'Conv',
        before: before.name,
        after: layer.name,
        factorBefore: before.factor,
        factorAfter: layer.factor,
        from,
        to: estimate(from.value + rise),
        rise: estimate(rise, 0.05),
        stageEnd: end.name,
        stageTo: end.estimates['nonShiftability'] as Estimate,
        stageRise: estimate((end.estimates['nonShiftability'] as Estimate).value - from.value, 0.05),
      };
    })
    .sort((a, b) => b.rise.value - a.rise.value);
  return {
    shifts: true,
    layers,
    losses,
    skipped: strided ? [{ name: 'classifier/Gemm', reason: 'it has no spatial axes' }] : [],
    local: strided ? localResult(facts) : { unavailable: 'the graph has an operator without a derivative (TopK)' },
  };
}

function localResult(facts: readonly LayerFacts[]): LocalResult {
  const weights = facts.map((layer, i) => {
    const random = randomFor(5, layer.name);
    return {
      layer,
      i,
      sampling: i % 3 === 0 ? random.uniform() * 3 : 0,
      padding: 0.3 * random.uniform(),
      nonLinearity: i % 2 ? random.uniform() : 0,
    };
  });
  const sum = weights.reduce(
    (total, { sampling, padding, nonLinearity }) => total + sampling + padding + nonLinearity,
    0,
  );
  const share = (key: 'sampling' | 'padding' | 'nonLinearity'): number =>
    weights.reduce((total, weight) => total + weight[key], 0) / sum;
  return {
    pictures: 20,
    total: estimate(0.0213, 0.2, 'squared outputs a squared pixel'),
    causes: {
      padding: estimate(share('padding'), 0.03),
      sampling: estimate(share('sampling'), 0.06),
      nonLinearity: estimate(share('nonLinearity'), 0.05),
    },
    steps: weights.map(({ layer, sampling, padding, nonLinearity }) => ({
      name: layer.name,
      operator: layer.operator,
      share: estimate((sampling + padding + nonLinearity) / sum, 0.01),
      causes: {
        padding: padding / sum,
        ...(sampling > 0 ? { sampling: sampling / sum } : {}),
        ...(nonLinearity > 0 ? { nonLinearity: nonLinearity / sum } : {}),
      },
    })),
    unexplained: 0.08,
  };
}

/** What is remembered of one picture; a film strip of `views` with maps of up to 16 pixels a side. */
export async function pictureTrace(
  kind: 'strided' | 'dense',
  picture: string,
  views: readonly number[],
  count = 16,
): Promise<PictureTrace> {
  const facts = factsOf(kind === 'strided', count);
  const chosen = [0, 0.2, 0.4, 0.6, 0.8, 1].map((part) => Math.round(part * (count - 1)));
  const layers: MapStrip['layers'][number][] = [];
  for (const layer of new Set(chosen)) {
    const { rows, columns, factor } = facts[layer] as LayerFacts;
    const [width, height] = [Math.min(16, columns), Math.min(16, rows)];
    const maps: MapStrip['layers'][number]['maps'][number][] = [];
    for (const [i, mapKind] of (['least steady', 'middle', 'steadiest'] as const).entries()) {
      const random = randomFor(9, picture, layer, i);
      const wobble = kind === 'strided' ? (Math.log2(factor.x) * [0.16, 0.06, 0.01][i]!) / 1 : 0;
      const mean = 40 + 200 * random.uniform();
      const sums = views.map(() => mean * (1 + wobble * (2 * random.uniform() - 1)));
      const average = sums.reduce((a, b) => a + b, 0) / sums.length;
      maps.push({
        channel: random.below(facts[layer]?.channels ?? 1),
        kind: mapKind,
        sheet: await sheetUrl(views.length, width, height, sums, random.uniform()),
        sums,
        deviation: Math.max(...sums.map((value) => Math.abs(value - average))) / average,
      });
    }
    layers.push({ layer, width, height, maps });
  }
  return { sums: [], strip: { views, layers } };
}

/** A blob that wanders over the views, brighter where the sum is larger. */
async function sheetUrl(
  views: number,
  width: number,
  height: number,
  sums: readonly number[],
  phase: number,
): Promise<string> {
  const data = new Uint8Array(views * width * height);
  const most = Math.max(...sums);
  for (let view = 0; view < views; view++) {
    const [cx, cy] = [(0.3 + 0.3 * phase + (0.3 * view) / views) * width, (0.4 + 0.2 * phase) * height];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const near = Math.exp(-((x + 0.5 - cx) ** 2 + (y + 0.5 - cy) ** 2) / (0.05 * width * height + 0.5));
        data[y * views * width + view * width + x] = Math.round((255 * near * (sums[view] ?? 0)) / most);
      }
    }
  }
  const png = await sharp(data, { raw: { width: views * width, height, channels: 1 } })
    .png()
    .toBuffer();
  return `data:image/png;base64,${png.toString('base64')}`;
}
