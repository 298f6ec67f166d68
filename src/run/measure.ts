// Measures one picture on one model: views from the probe, answers from the classifier, one observation. Variants of a
// model share its session, the very views, and the answers to windows that several of them look at.
import { packedGroup, type Observation, type StoredGroup, type ViewObservation } from '../core/observation.js';
import type { ModelLayers } from '../core/layers.js';
import type { Model } from '../core/model.js';
import type { Protocol } from '../core/protocol.js';
import { randomFor } from '../core/random.js';
import type { Answer, AveragedView, Frame, Group, ProbePicture, View } from '../core/view.js';
import { corruptedView } from '../image/corrupt.js';
import { findProbe } from '../probes/registry.js';
import { parseRemedy } from '../remedies/registry.js';
import { layersOf } from '../runtimes/registry.js';
import { meanAnswer } from '../runtimes/softmax.js';
import { openAnswerer, type Seen, type Stages } from './answer.js';
import { lookInside, NO_CLOSER_LOOK, type CloserLook } from './inside.js';
import { remedied, useCounter, type UseCounter } from './remedied.js';
import { highest } from './top.js';

export function noStages(): Stages {
  return { decode: 0, views: 0, prepare: 0, infer: 0, answer: 0, inside: 0 };
}

/** A decoded picture with what is known of it. */
export type Decoded = ProbePicture;

/** Measures pictures on the variants of one model. */
export type VariantsMeasurer = {
  /** One picture's observations, by variant. `label` is the true class's index, or null. */
  readonly measure: (picture: Decoded, label: number | null, look?: CloserLook) => Promise<Observation[]>;
  readonly close: () => Promise<void>;
};

export type Measurer = {
  /** One picture's observation. `label` is the true class's index, or null; `look` what is looked at inside the model. */
  readonly measure: (picture: Decoded, label: number | null, look?: CloserLook) => Promise<Observation>;
  readonly close: () => Promise<void>;
};

/** How many classes of each view are stored with their probabilities. */
const TOP = 5;

/**
 * What a probe needs to know of a model: geometry and colour, never the model.
 *
 * @param margin pixels wanted round windows; left out where none
 */
export function frameOf(model: Model, margin = 0): Frame {
  const { input, preprocessing } = model;
  const { mean, scale, offset, channels, resize, crop } = preprocessing;
  const zero = mean.map((value) => (value - offset) / scale) as [number, number, number];
  return {
    width: input.width,
    height: input.height,
    resizeTo: resize?.to === 'shortest-edge' && crop !== null ? resize.size : null,
    ...(resize?.to === 'exact' ? { exact: { width: resize.width, height: resize.height } } : {}),
    kernel: resize?.kernel ?? 'bilinear',
    neutral: channels === 'bgr' ? [zero[2], zero[1], zero[0]] : zero,
    ...(margin === 0 ? {} : { margin }),
  };
}

/** Pixels wanted round the views' windows: for the widest remedy, or, where each view has a frame, for that. */
export function marginFor(variants: readonly Model[], { corruption }: Protocol): number {
  return corruption?.margin ?? farthest(variants);
}

function farthest(variants: readonly Model[]): number {
  return Math.max(0, ...variants.map(({ remedy }) => (remedy === undefined ? 0 : parseRemedy(remedy.name).reach)));
}

/**
 * Opens the model once; the measurer then takes picture after picture.
 *
 * @param layers what to look at inside the model, where the protocol asks for it
 */
export async function openMeasurer(
  model: Model,
  protocol: Protocol,
  threads: number,
  stages: Stages,
  layers: ModelLayers | null = null,
): Promise<Measurer> {
  const { measure, close } = await openVariants([model], protocol, threads, stages, layers);
  return { measure: async (...args) => (await measure(...args))[0] as Observation, close };
}

/**
 * Opens the model of several variants once.
 *
 * @param variants of one model (`variantGroups`); probes are answered by the first
 * @param layers what to look at inside the plain model, where the protocol asks for it
 */
export async function openVariants(
  variants: readonly Model[],
  protocol: Protocol,
  threads: number,
  stages: Stages,
  layers: ModelLayers | null = null,
): Promise<VariantsMeasurer> {
  const [model] = variants as [Model, ...Model[]];
  const { corruption } = protocol;
  const inside =
    protocol.layers === undefined || layers === null
      ? null
      : lookInside(model, await layersOf(model), layers, protocol.layers, protocol.seed, threads);
  const answerer = await openAnswerer(model, inside, threads, stages);
  const probe = findProbe(protocol.probe.name);
  const frame = frameOf(model, marginFor(variants, protocol));
  const remedies = variants.map(({ remedy }) => (remedy === undefined ? null : parseRemedy(remedy.name)));
  const reach = farthest(variants);

  /** The views as the camera saves them. */
  const framed = async (views: readonly View[], id: string, first: number): Promise<readonly View[]> => {
    if (corruption === undefined) return views;
    return Promise.all(
      views.map((view, i) =>
        corruptedView(view, frame, corruption, randomFor(protocol.seed, 'corruption', id, first + i)),
      ),
    );
  };

  return {
    measure: async (picture, label, look = NO_CLOSER_LOOK) => {
      const generator = probe.views(picture, frame, protocol.probe.options, (...keys) =>
        randomFor(protocol.seed, ...keys),
      );
      const closer = look.maps || look.strip || look.local;
      const windows = reach > 0 ? remedied(answerer.answers, frame, reach) : null;
      const runs = remedies.map((remedy) => ({ remedy, seen: [] as Seen[], use: useCounter() }));
      let made = 0;
      let answers: readonly Answer[] = [];
      for (;;) {
        const start = performance.now();
        const step = generator.next([...answers]);
        stages.views += (performance.now() - start) / 1000;
        if (step.done) {
          const observations = runs.map(({ remedy, seen, use }) =>
            observationOf(picture.id, label, seen, step.value, remedy === null ? null : use),
          );
          if (inside === null) return observations;
          const looking = performance.now();
          const plain = runs.findIndex(({ remedy }) => remedy === null);
          const trace = await inside.trace(runs[plain]?.seen ?? [], step.value, look);
          stages.inside += (performance.now() - looking) / 1000;
          return observations.map((observation, i) => (i === plain ? { ...observation, trace } : observation));
        }
        const batch = step.value;
        const plain = batch.filter((view): view is View => !('mean' in view));
        const corrupting = performance.now();
        const views = await framed(plain, picture.id, made);
        stages.views += (performance.now() - corrupting) / 1000;
        for (const [variant, { remedy, seen, use }] of runs.entries()) {
          let measured: Seen[];
          if (remedy === null || windows === null) {
            measured = await answerer.answers(views);
            if (windows !== null) measured.forEach(({ answer }, i) => windows.keep(views[i] as View, answer));
          } else {
            const found = await windows.answers(views, remedy);
            let index = seen.length;
            const places = batch.flatMap((view) => ('mean' in view ? (index++, []) : [index++]));
            measured = found.map(({ answer, moves }, i): Seen => {
              const view = plain[i] as View;
              use.add(places[i] as number, view, moves, corruption !== undefined);
              return { at: view.at, view, sums: [], answer };
            });
          }
          const all = withMeans(batch, measured, seen);
          // Canvases are held only where they are needed again.
          seen.push(...(closer ? all : all.map((one) => ({ ...one, view: null }))));
          if (variant === 0) answers = all.map(({ answer }) => answer);
        }
        made += plain.length;
        if (corruption !== undefined) windows?.forget();
      }
    },
    close: () => answerer.close(),
  };
}

/** A batch's answers in its order: those to windows as they were measured, and means of them and of earlier ones. */
function withMeans(
  batch: readonly (View | AveragedView)[],
  measured: readonly Seen[],
  before: readonly Seen[],
): Seen[] {
  if (measured.length === batch.length) return [...measured];
  let next = 0;
  const found = batch.map((view) => ('mean' in view ? null : (measured[next++] as Seen)));
  const all = [...before, ...found];
  return batch.map((view, i): Seen => {
    if (!('mean' in view)) return found[i] as Seen;
    const answer = meanAnswer(view.mean.map((index) => all[index]?.answer));
    return { at: view.at, view: null, sums: [], answer };
  });
}

/** The stored form of all answers to one picture. @param use what a remedy's answers took; null without one */
function observationOf(
  picture: string,
  label: number | null,
  seen: readonly Seen[],
  groups: readonly Group[],
  use: UseCounter | null,
): Observation {
  const classes = new Set<number>(label === null ? [] : [label]);
  for (const { answer } of seen) if (answer.ok) classes.add(answer.top1);
  const tracked = [...classes].sort((a, b) => a - b);
  const views = seen.map(({ at, answer }): ViewObservation => {
    if (!answer.ok) return { at, invalid: answer.reason };
    const { probabilities } = answer;
    const top = highest(probabilities, Math.min(TOP, probabilities.length));
    return {
      at,
      top,
      p: top.map((index) => rounded(probabilities[index])),
      t: tracked.map((index) => rounded(probabilities[index])),
    };
  });
  const stored: StoredGroup[] = groups.map(packedGroup);
  const pairs = groups.flatMap((group) => (group.apart === true ? [] : group.pairs));
  return { picture, label, tracked, groups: stored, views, ...(use === null ? {} : { remedy: use.use(pairs) }) };
}

/** Seven significant digits: what a 32-bit float holds. */
function rounded(value: number | undefined): number {
  return Number((value ?? 0).toPrecision(7));
}
