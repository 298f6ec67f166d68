// From views to answers: the one place where a model runs. Canvases are normalised once and windows cut from them by row
// copies (design: a per-pixel loop a view costs a quarter).
import type { Model } from '../core/model.js';
import type { Raster } from '../core/picture.js';
import type { Answer, View } from '../core/view.js';
import { elementsPerView } from '../runtimes/classifier.js';
import type { Tracer } from '../runtimes/layers.js';
import { createWorkspace, cutWindow, prepareCanvas, type Prepared } from '../runtimes/prepare.js';
import { layersOf, openClassifier } from '../runtimes/registry.js';
import { answersFrom } from '../runtimes/softmax.js';
import type { Inside, SeenView } from './inside.js';

/** Seconds spent in each stage of a run, summed over workers; of decoding, what the picture before didn't cover. */
export type Stages = { decode: number; views: number; prepare: number; infer: number; answer: number; inside: number };

/** A view with its answer, and its layers' sums where they are asked for. */
export type Seen = SeenView & { readonly answer: Answer };

export type Answerer = {
  /** The answers to any number of views, in their order. */
  readonly answers: (views: readonly View[]) => Promise<Seen[]>;
  readonly close: () => Promise<void>;
};

/** Opens the model once. @param inside what is looked at inside it; null where nothing is */
export async function openAnswerer(
  model: Model,
  inside: Inside | null,
  threads: number,
  stages: Stages,
): Promise<Answerer> {
  const engine = await openEngine(model, inside, threads);
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

  return {
    answers: async (views) => {
      const seen: Seen[] = [];
      for (const part of evenParts(views, together)) seen.push(...(await answer(part)));
      return seen;
    },
    close: async () => {
      try {
        await engine.close();
      } finally {
        await inside?.close();
      }
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

/**
 * Views a call: several for small inputs, where the call itself costs (`npm run bench`: +17 % at 128×128, nothing at 224×224).
 * It depends on the model alone, so that the numbers never depend on the machine.
 */
export function viewsPerCall({ input }: Pick<Model, 'input'>): number {
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
