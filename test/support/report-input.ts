// Synthetic runs for tests of the report: plausible observations from a seed, estimated and compared by the project's own
// metrics, with small generated pictures. Nothing is read from files.
import sharp from 'sharp';
import { packedGroup, unpackedGroup, type Observation, type ViewObservation } from '../../src/core/observation.js';
import type { Model, Preprocessing } from '../../src/core/model.js';
import { protocolHash, type Json, type Protocol } from '../../src/core/protocol.js';
import { randomFor, type Random } from '../../src/core/random.js';
import type { ModelResult, Result, RunRecord } from '../../src/core/result.js';
import type { Coordinates, Group } from '../../src/core/view.js';
import { createCollector, type Collected } from '../../src/metrics/collect.js';
import type { AnswerTimes, ModelCost } from '../../src/core/compare.js';
import { againstOf } from '../../src/metrics/against.js';
import { flipsOf } from '../../src/metrics/agreement.js';
import { compareModels } from '../../src/metrics/compare.js';
import { estimatesOf } from '../../src/metrics/estimate.js';
import { metrics } from '../../src/metrics/registry.js';
import { choosePictures, summarise, type PictureSummary } from '../../src/report/choose.js';
import type { EmbeddedPicture, PageInput } from '../../src/report/input.js';
import { shownViews } from '../../src/report/track.js';
import { LAYERS_PROTOCOL, layersResult, pictureTrace } from './layers-sample.js';

/** What is synthesised. */
export type Synthetic = {
  readonly models: readonly string[];
  readonly pictures: number;
  /** Side of every model's input, pixels; default 64. */
  readonly side?: number;
  readonly labelled?: boolean;
  /** Default "path": 9 views along the diagonal. */
  readonly kind?: 'path' | 'horizontal' | 'grid' | 'random-pair' | 'sweep';
  /** Steps from the centre to either end of a path, default 4; half the side of a grid. */
  readonly reach?: number;
  readonly surround?: 'crop' | 'cyclic' | 'fill-mean';
  /** Views that have no answer: those whose index is divisible by this, of every third picture. */
  readonly invalidEvery?: number;
  /** Ids of pictures; default "n01443537_thing_0.JPEG", … */
  readonly id?: (index: number) => string;
  readonly className?: ((index: number) => string) | null;
  /** Whether images are embedded; default true. */
  readonly images?: boolean;
  /** What the insides of the models look like, in their order; null where nothing inside was looked at. */
  readonly layers?: readonly ('strided' | 'dense' | null)[];
  /** Layers of each network; default 16. */
  readonly depth?: number;
  /** Makes it a comparison: against the models' depths or multiply-accumulates, with their times. */
  readonly compare?: 'depth' | 'macs';
};

const CLASSES = 12;
const SEED = 7;

export async function reportInput(options: Synthetic): Promise<PageInput> {
  const { models, pictures, side = 64, labelled = true } = options;
  const ids = Array.from({ length: pictures }, (_, i) => options.id?.(i) ?? `n01443537_thing_${i}.JPEG`);
  const observations: Record<string, Observation[]> = {};
  for (const [m, name] of models.entries()) {
    observations[name] = [];
    for (const [i, id] of ids.entries())
      observations[name].push(await traced(observationOf(options, id, i, m), options, m, i));
  }
  const collected = models.map((name) => collect(observations[name] ?? []));
  const protocol = protocolOf(options);
  const hash = protocolHash(protocol);
  const named = models.map((name, m) => ({ name, collected: collected[m] as Collected }));
  const flips = flipsOf(named, { seed: SEED });
  const modelResults = models.map((name, m): ModelResult => {
    const kind = options.layers?.[m] ?? null;
    const layers = kind === null ? {} : { layers: layersResult(kind, insideDepth(options, m), 1 - 0.15 * m) };
    const cost = options.compare === undefined ? {} : { cost: costOf(m) };
    return { ...modelResult(name, side, collected[m] as Collected), ...cost, ...layers };
  });
  const x = options.compare === undefined ? null : comparedNumber(options.compare, models);
  const result: Result = {
    schema: 'invariance/result@1',
    protocol: { ...protocol, hash },
    pictures: { count: pictures, labelled: labelled ? pictures : 0, sha256: 'ef'.repeat(32), skipped: [] },
    models: modelResults,
    comparisons: compareModels(named, { seed: SEED }),
    ...(flips === null ? {} : { flips }),
    ...(x === null ? {} : { against: againstOf(x, modelResults, SEED) }),
    thresholds: [],
  };
  const summaries = Object.fromEntries(
    models.map((name) => [
      name,
      (observations[name] ?? []).map(summarise).filter((summary): summary is PictureSummary => summary !== null),
    ]),
  );
  const shown = choosePictures(
    summaries,
    models.map((model) => ({ model, canvas: `${side}`, pixels: (side + 16) ** 2 })),
  );
  const wanted = new Set(shown.pictures);
  const kept = Object.fromEntries(
    models.map((name) => [name, (observations[name] ?? []).filter(({ picture }) => wanted.has(picture))]),
  );
  const images = options.images === false ? {} : await embedded(options, side, kept, shown.embedded);
  const className =
    options.className === undefined ? (k: number) => `class ${'ABCDEFGHIJKL'[k] ?? k}` : options.className;
  const names = className === null ? null : Array.from({ length: CLASSES }, (_, k) => className(k));
  return {
    result,
    run: runRecord(options, protocol, hash),
    classes: Object.fromEntries(models.map((name) => [name, names])),
    observations: kept,
    shown,
    images,
  };
}

/** Costs that grow with the model's place; the second's factor and the third's depth can't be told. */
function costOf(model: number): ModelCost {
  return {
    macs: 2_654_976 * 3 ** model,
    parameters: 96_272 + 1_000 * model,
    bytes: 386_846 + 4_000 * model,
    factor: model === 1 ? { unavailable: 'a node is not known' } : { y: 16, x: model === 3 ? 8 : 16 },
    depth: model === 2 ? { unavailable: 'a node is not known' } : 6 + model,
  };
}

function comparedNumber(name: 'depth' | 'macs', models: readonly string[]) {
  const values = models.map((model, m) => ({ model, value: name === 'depth' ? 6 + m : 2_654_976 * 3 ** m }));
  return { name, values };
}

/** Times of seven rounds; the last of three models or more could not be timed. */
function timesOf(models: readonly string[]): AnswerTimes {
  return {
    threads: 1,
    machine: 'a test; no engine',
    models: models.map((model, m) =>
      m === models.length - 1 && m > 1
        ? { model, unavailable: 'its file is gone' }
        : { model, milliseconds: [1, 1.1, 1.2, 1.3, 0.9, 1, 1].map((round) => round * (m + 1)) },
    ),
  };
}

function collect(observations: readonly Observation[]): Collected {
  const collector = createCollector(metrics);
  for (const observation of observations) collector.add(observation);
  return collector.collected();
}

/** Layers of a model: other models than the first have three less. */
function insideDepth({ depth = 16 }: Synthetic, model: number): number {
  return model === 0 ? depth : depth - 3;
}

/** The observation of picture `index` with what was seen inside: film strips of the first eight pictures. */
async function traced(
  observation: Observation,
  options: Synthetic,
  model: number,
  index: number,
): Promise<Observation> {
  const kind = options.layers?.[model] ?? null;
  if (kind === null || index >= 8) return observation;
  const { views } = shownViews(observation.groups.map(unpackedGroup));
  return {
    ...observation,
    trace: await pictureTrace(kind, observation.picture, views.slice(0, 9), insideDepth(options, model)),
  };
}

/** Probabilities that waver along the views: more for later models and for pictures that are known less well. */
function observationOf(options: Synthetic, id: string, index: number, model: number): Observation {
  const { labelled = true, invalidEvery } = options;
  const random = randomFor(SEED, id, model);
  const { at, groups } = viewsOf(options, randomFor(SEED, id, 'views'));
  const truth = randomFor(SEED, id, 'truth').below(CLASSES);
  const rival = (truth + 1 + random.below(CLASSES - 1)) % CLASSES;
  const sure = 3 * randomFor(SEED, id, 'sure').uniform() - 0.8 + random.uniform() - 0.12 * model;
  const waver = 0.5 + 0.25 * model;
  const answers = at.map((): number[] => {
    const scores = Array.from({ length: CLASSES }, () => 1.5 * random.uniform() - 2);
    scores[truth] = sure + waver * (random.uniform() - 0.5) * 2;
    scores[rival] = sure - 0.5 + waver * (random.uniform() - 0.5) * 2;
    const exponentials = scores.map((score) => Math.exp(1.6 * score));
    const sum = exponentials.reduce((a, b) => a + b, 0);
    return exponentials.map((value) => Number((value / sum).toPrecision(6)));
  });
  const lost = (view: number): boolean =>
    invalidEvery !== undefined && index % 3 === 0 && view % invalidEvery === invalidEvery - 1;
  const orders = answers.map((p) => p.map((_, k) => k).sort((a, b) => (p[b] ?? 0) - (p[a] ?? 0)));
  const tracked = [...new Set([...(labelled ? [truth] : []), ...orders.map(([top = 0]) => top)])].sort((a, b) => a - b);
  return {
    picture: id,
    label: labelled ? truth : null,
    tracked,
    groups: groups.map(packedGroup),
    views: at.map((coordinates, view): ViewObservation => {
      if (lost(view)) return { at: coordinates, invalid: 'logit 3 is NaN' };
      const p = answers[view] ?? [];
      const top = (orders[view] ?? []).slice(0, 5);
      return { at: coordinates, top, p: top.map((k) => p[k] ?? 0), t: tracked.map((k) => p[k] ?? 0) };
    }),
  };
}

function viewsOf({ kind = 'path', reach = 4 }: Synthetic, random: Random): { at: Coordinates[]; groups: Group[] } {
  const steps = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const chain = (from: number, n: number): [number, number][] =>
    Array.from({ length: n - 1 }, (_, i) => [from + i, from + i + 1]);
  const all = (from: number, n: number): number[] => Array.from({ length: n }, (_, i) => from + i);
  if (kind === 'grid') {
    const side = steps.length;
    const at = steps.flatMap((dy) => steps.map((dx) => ({ dx, dy })));
    const pairs = at.flatMap((_, i): [number, number][] => [
      ...((i + 1) % side === 0 ? [] : [[i, i + 1] as [number, number]]),
      ...(i + side < at.length ? [[i, i + side] as [number, number]] : []),
    ]);
    return { at, groups: [{ at: {}, reference: reach * side + reach, pairs, views: all(0, at.length) }] };
  }
  if (kind === 'random-pair') {
    const drawn = (): Coordinates => ({ dx: random.below(17) - 8, dy: random.below(17) - 8 });
    const passes = [0, 1, 2];
    return {
      at: passes.flatMap(() => [{ dx: 0, dy: 0 }, drawn(), drawn()]),
      groups: passes.map((pass) => ({
        at: {},
        reference: 3 * pass,
        pairs: [[3 * pass + 1, 3 * pass + 2]],
        views: all(3 * pass, 3),
      })),
    };
  }
  if (kind === 'sweep') {
    const shares: [number, string][] = [
      [0.1, 'crop'],
      [0.4, 'crop'],
      [0.7, 'crop'],
      [1, 'crop'],
      [1.3, 'mean'],
      [1.6, 'mean'],
      [1.9, 'mean'],
    ];
    return {
      at: shares.flatMap(([share, surround]) => steps.map((c) => ({ share, surround, dx: c, dy: c }))),
      groups: shares.map(([share, surround], g) => ({
        at: { share, surround },
        reference: g * steps.length + reach,
        pairs: chain(g * steps.length, steps.length),
        views: all(g * steps.length, steps.length),
      })),
    };
  }
  const at = steps.map((c) => ({ dx: c, dy: kind === 'horizontal' ? 0 : c }));
  return { at, groups: [{ at: {}, reference: reach, pairs: chain(0, at.length), views: all(0, at.length) }] };
}

function protocolOf({ kind = 'path', surround = 'crop', reach = 4, layers }: Synthetic): Protocol {
  const common = { surround, step: 1, repeat: kind === 'random-pair' ? 3 : 1, canvas: 'model' };
  const diagonal = { ...common, path: 'diagonal', reach };
  const options: Record<NonNullable<Synthetic['kind']>, Json> = {
    path: diagonal,
    horizontal: { ...diagonal, path: 'horizontal' },
    grid: { ...common, path: 'grid', range: [-reach, reach] },
    'random-pair': { ...common, path: 'random-pair', range: 'canvas' },
    sweep: {
      steps: [0.1, 0.4, 0.7, 1, 1.3, 1.6, 1.9].map((share) => ({
        at: { share, surround: share > 1 ? 'mean' : 'crop' },
        shift: diagonal,
      })),
    },
  };
  return {
    schema: 'invariance/protocol@1',
    name: 'test',
    probe: { name: kind === 'sweep' ? 'shift-sweep' : 'shift', options: options[kind] },
    repeat: 1,
    seed: SEED,
    preprocess: 'model',
    ...(layers ? { layers: LAYERS_PROTOCOL } : {}),
    definitions: 1,
  };
}

function preprocessing(side: number): Preprocessing {
  return {
    source: 'preprocessor_config.json',
    resize: { to: 'shortest-edge', size: side + 16, kernel: 'bilinear' },
    crop: { width: side, height: side },
    scale: 1 / 255,
    offset: 0,
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
    channels: 'rgb',
  };
}

function modelResult(name: string, side: number, collected: Collected): ModelResult {
  return {
    name,
    sha256: 'ab'.repeat(32),
    input: [3, side, side],
    preprocessing: preprocessing(side),
    runtime: 'onnxruntime-node 1.30.0',
    ...estimatesOf(collected, { seed: SEED }),
  };
}

function runRecord({ models, pictures, side = 64, compare }: Synthetic, protocol: Protocol, hash: string): RunRecord {
  const model = (name: string): Model => ({
    name,
    path: `${name}.onnx`,
    format: 'onnx',
    sha256: 'ab'.repeat(32),
    input: { name: 'pixels', width: side, height: side, layout: 'NCHW', type: 'float32', batch: null },
    output: { name: 'logits', classes: 1000, kind: 'logits', type: 'float32' },
    preprocessing: preprocessing(side),
    classes: null,
    findings: {},
  });
  return {
    schema: 'invariance/run@1',
    command: `invariance probe --shift 1px ${models.map((name) => `--model '${name}'`).join(' ')} --images pictures`,
    protocol,
    hash,
    models: models.map(model),
    pictures: { source: 'pictures', labels: 'labels.csv', count: pictures, sha256: 'ef'.repeat(32), skipped: [] },
    shard: null,
    versions: { invariance: '0.1.0', node: '20.0.0' },
    machine: { platform: 'linux', arch: 'x64', cpu: 'test', cores: 2 },
    workers: 2,
    threads: 1,
    started: '2026-11-22T04:45:12.000Z',
    ended: '2026-11-22T04:46:12.000Z',
    seconds: 60,
    stages: {},
    state: 'done',
    ...(compare === undefined
      ? {}
      : { comparison: { x: comparedNumber(compare, models), times: timesOf(models), joined: [] } }),
  };
}

/** A disc on a gradient, of colours and a place of its own for each picture; the same for all models. */
async function embedded(
  { kind = 'path', surround = 'crop', reach = 4 }: Synthetic,
  side: number,
  observations: Readonly<Record<string, readonly Observation[]>>,
  wanted: Readonly<Record<string, readonly string[]>>,
): Promise<PageInput['images']> {
  const room = kind === 'random-pair' ? 8 : reach;
  const wrap = surround === 'cyclic';
  const canvas = wrap ? side : side + 2 * room;
  const made = new Map<string, string>();
  for (const id of new Set(Object.values(wanted).flat())) made.set(id, await discUrl(id, canvas));
  const corner = (offset: number): number => (wrap ? ((-offset % side) + side) % side : room - offset);
  return Object.fromEntries(
    Object.entries(wanted).map(([model, ids]) => [
      model,
      Object.fromEntries(
        ids.flatMap((id): [string, EmbeddedPicture][] => {
          const observation = observations[model]?.find(({ picture }) => picture === id);
          if (!observation) return [];
          const shown = new Set(shownViews(observation.groups.map(unpackedGroup)).views);
          const windows = observation.views.map(({ at }, view) =>
            shown.has(view) ? { x: corner(Number(at['dx'])), y: corner(Number(at['dy'])) } : null,
          );
          const dataUrl = made.get(id) ?? '';
          return [[id, { dataUrl, width: canvas, height: canvas, wrap, windows, size: { width: side, height: side } }]];
        }),
      ),
    ]),
  );
}

async function discUrl(id: string, side: number): Promise<string> {
  const random = randomFor(SEED, id, 'disc');
  const colour = (): number[] => [random.below(256), random.below(256), random.below(256)];
  const [ground, disc] = [colour(), colour()];
  const [cx, cy, radius] = [0.3 + 0.4 * random.uniform(), 0.3 + 0.4 * random.uniform(), 0.15 + 0.15 * random.uniform()];
  const data = new Uint8Array(3 * side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const inside = Math.hypot(x / side - cx, y / side - cy) < radius;
      for (let c = 0; c < 3; c++) {
        const shade = inside ? (disc[c] ?? 0) : ((ground[c] ?? 0) * (x + y + side)) / (3 * side);
        data[3 * (y * side + x) + c] = Math.round(0.9 * shade + 25 * random.uniform());
      }
    }
  }
  const webp = await sharp(data, { raw: { width: side, height: side, channels: 3 } })
    .webp({ quality: 50 })
    .toBuffer();
  return `data:image/webp;base64,${webp.toString('base64')}`;
}
