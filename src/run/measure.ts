// Measures one picture on one model: views from the probe, answers from the classifier, one observation.
// Canvases are normalised once and windows cut from them by row copies (design: a per-pixel loop a view costs a quarter).
import { packedGroup, type Observation, type StoredGroup, type ViewObservation } from '../core/observation.js';
import type { ModelLayers } from '../core/layers.js';
import type { Model } from '../core/model.js';
import type { Raster } from '../core/picture.js';
import type { Protocol } from '../core/protocol.js';
import { randomFor } from '../core/random.js';
import type { Answer, AveragedView, Frame, ProbePicture, View } from '../core/view.js';
import { findProbe } from '../probes/registry.js';
import type { Tracer } from '../runtimes/layers.js';
import { layersOf, openClassifier } from '../runtimes/registry.js';
import { elementsPerView } from '../runtimes/classifier.js';
import { createWorkspace, cutWindow, prepareCanvas, type Prepared } from '../runtimes/prepare.js';
import { answersFrom, meanAnswer } from '../runtimes/softmax.js';
import { lookInside, NO_CLOSER_LOOK, type CloserLook, type Inside, type SeenView } from './inside.js';
import { highest } from './top.js';

/** Seconds spent in each stage of a run, summed over workers; of decoding, what the picture before didn't cover. */
export type Stages = { decode: number; views: number; prepare: number; infer: number; answer: number; inside: number };

export function noStages(): Stages {
  return { decode: 0, views: 0, prepare: 0, infer: 0, answer: 0, inside: 0 };
}

/** A decoded picture with what is known of it. */
export type Decoded = ProbePicture;

export type Measurer = {
  /** One picture's observation. `label` is the true class's index, or null; `look` what is looked at inside the model. */
  readonly measure: (picture: Decoded, label: number | null, look?: CloserLook) => Promise<Observation>;
  readonly close: () => Promise<void>;
};

/** How many classes of each view are stored with their probabilities. */
const TOP = 5;

/** What a probe needs to know of a model: geometry and colour, never the model. */
export function frameOf(model: Model): Frame {
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
  };
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
  const inside =
    protocol.layers === undefined || layers === null
      ? null
      : lookInside(model, await layersOf(model), layers, protocol.layers, protocol.seed, threads);
  const engine = await openEngine(model, inside, threads);
  const probe = findProbe(protocol.probe.name);
  const frame = frameOf(model);
  const together = viewsPerCall(model);
  const size = elementsPerView(model.input);
  const workspace = createWorkspace(model.input, together);
  let canvas: { raster: Raster; prepared: Prepared } | null = null;

  const answer = async (views: readonly View[]): Promise<Seen[]> => {
    const start = performance.now();
    views.forEach((view, i) => {
      if (canvas?.raster !== view.canvas) {
        canvas = {
          raster: view.canvas,
          prepared: prepareCanvas(view.canvas, model.input, model.preprocessing, workspace),
        };
      }
      cutWindow(canvas.prepared, view.x, view.y, view.wrap, workspace.target, i * size);
    });
    const ready = performance.now();
    const { outputs, sums } = await engine.run(workspace.target, views.length);
    const ran = performance.now();
    const answers = answersFrom(outputs, views.length, model.output);
    const seen = views.map((view, i): Seen => ({
      at: view.at,
      view,
      answer: answers[i] as Answer,
      sums: inside?.sumsOf(sums, i) ?? [],
    }));
    stages.prepare += (ready - start) / 1000;
    stages.infer += (ran - ready) / 1000;
    stages.answer += (performance.now() - ran) / 1000;
    return seen;
  };

  /** A batch of views, those that are means after the windows that they are of. */
  const seenOf = async (batch: readonly (View | AveragedView)[], before: readonly Seen[]): Promise<Seen[]> => {
    const windows = batch.filter((view): view is View => !('mean' in view));
    const measured: Seen[] = [];
    for (const part of evenParts(windows, together)) measured.push(...(await answer(part)));
    if (windows.length === batch.length) return measured;
    let next = 0;
    const found = batch.map((view) => ('mean' in view ? null : (measured[next++] as Seen)));
    const all = [...before, ...found];
    return batch.map((view, i): Seen => {
      if (!('mean' in view)) return found[i] as Seen;
      const answer = meanAnswer(view.mean.map((index) => all[index]?.answer));
      return { at: view.at, view: null, sums: [], answer };
    });
  };

  return {
    measure: async (picture, label, look = NO_CLOSER_LOOK) => {
      const generator = probe.views(picture, frame, protocol.probe.options, (...keys) =>
        randomFor(protocol.seed, ...keys),
      );
      const closer = look.maps || look.strip || look.local;
      const seen: Seen[] = [];
      let answers: Answer[] = [];
      for (;;) {
        const start = performance.now();
        const step = generator.next(answers);
        stages.views += (performance.now() - start) / 1000;
        if (step.done) {
          const observation = observationOf(picture.id, label, seen, step.value.map(packedGroup));
          if (inside === null) return observation;
          const looking = performance.now();
          const trace = await inside.trace(seen, step.value, look);
          stages.inside += (performance.now() - looking) / 1000;
          return { ...observation, trace };
        }
        const found = await seenOf(step.value, seen);
        answers = found.map((one) => one.answer);
        // Canvases are held only where they are needed again.
        seen.push(...(closer ? found : found.map((one) => ({ ...one, view: null }))));
      }
    },
    close: async () => {
      await engine.close();
      await inside?.close();
    },
  };
}

type Engine = {
  readonly run: Tracer['run'];
  readonly close: () => Promise<void>;
};

/** The model with its layers' sums where they are asked for. */
async function openEngine(model: Model, inside: Inside | null, threads: number): Promise<Engine> {
  if (inside !== null) return (await layersOf(model)).trace(model, inside.names, threads);
  const classifier = await openClassifier(model, { threads });
  return {
    run: async (input, count) => ({ outputs: await classifier.run(input, count), sums: [] }),
    close: () => classifier.close(),
  };
}

type Seen = SeenView & { readonly answer: Answer };

/**
 * Views a call: several for small inputs, where the call itself costs (`npm run bench`: +17 % at 128×128, nothing at 224×224).
 * It depends on the model alone, so that the numbers never depend on the machine.
 */
function viewsPerCall({ input }: Model): number {
  if (input.batch !== null) return input.batch;
  return input.width * input.height <= 192 * 192 ? 4 : 1;
}

/** Splits a list into as few parts of at most `most` as possible, of nearly equal length: 9 by 4 = 3, 3, 3. */
function evenParts<T>(list: readonly T[], most: number): T[][] {
  const parts = Math.ceil(list.length / most);
  return Array.from({ length: parts }, (_, i) =>
    list.slice(Math.round((i * list.length) / parts), Math.round(((i + 1) * list.length) / parts)),
  );
}

/** The stored form of all answers to one picture. */
function observationOf(
  picture: string,
  label: number | null,
  seen: readonly Seen[],
  groups: readonly StoredGroup[],
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
  return { picture, label, tracked, groups, views };
}

/** Seven significant digits: what a 32-bit float holds. */
function rounded(value: number | undefined): number {
  return Number((value ?? 0).toPrecision(7));
}
