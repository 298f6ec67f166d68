// Logits of the shipped models by the product's own steps: load, decode, make views, normalise, cut, run.
import path from 'node:path';
import type { Model } from '../../src/core/model.js';
import type { PictureEntry } from '../../src/core/picture.js';
import { randomFor } from '../../src/core/random.js';
import type { View } from '../../src/core/view.js';
import { decodePicture } from '../../src/image/decode.js';
import { loadModel } from '../../src/models/load.js';
import { findProbe } from '../../src/probes/registry.js';
import { frameOf } from '../../src/run/measure.js';
import { elementsPerView } from '../../src/runtimes/classifier.js';
import { createWorkspace, cutWindow, prepareCanvas } from '../../src/runtimes/prepare.js';
import { openClassifier } from '../../src/runtimes/registry.js';
import { root } from '../support/cli.js';

export const MODELS = path.join(root, 'zoo', 'models');
export const FIXTURES = path.join(root, 'fixtures');

/** Views a call. */
const BATCH = 32;

/** Where the views of one picture are cut from: the unshifted one, and others by offsets of the content. */
export type Scene = Pick<View, 'canvas' | 'x' | 'y' | 'wrap'>;

export type Shift = readonly [dx: number, dy: number];

export type Logits = {
  readonly model: Model;
  /** The scene that the shift probe makes of a picture. */
  readonly scene: (picture: Pick<PictureEntry, 'id' | 'path'>, surround: 'crop' | 'cyclic') => Promise<Scene>;
  /** One row of logits a shift. */
  readonly of: (scene: Scene, shifts: readonly Shift[]) => Promise<Float32Array[]>;
  readonly close: () => Promise<void>;
};

/** Opens a shipped model. */
export async function openLogits(name: string): Promise<Logits> {
  const model = await loadModel(path.join(MODELS, name));
  const classifier = await openClassifier(model);
  const probe = findProbe('shift');
  const workspace = createWorkspace(model.input, BATCH);
  const size = elementsPerView(model.input);
  return {
    model,
    scene: async ({ id, path: file }, surround) => {
      const picture = { id, raster: await decodePicture(file), boxes: [] };
      const options = probe.normalise({ surround });
      for (const batch of probe.views(picture, frameOf(model), options, (...keys) => randomFor(0, ...keys)) as Iterable<
        readonly View[]
      >) {
        const unshifted = batch.find(({ at }) => at['dx'] === 0 && at['dy'] === 0);
        if (unshifted !== undefined) return unshifted;
      }
      throw new Error(`no unshifted view of ${id}`);
    },
    of: async ({ canvas, x, y, wrap }, shifts) => {
      const prepared = prepareCanvas(canvas, model.input, model.preprocessing, workspace);
      const rows: Float32Array[] = [];
      for (let from = 0; from < shifts.length; from += BATCH) {
        const part = shifts.slice(from, from + BATCH);
        part.forEach(([dx, dy], i) => cutWindow(prepared, x - dx, y - dy, wrap, workspace.target, i * size));
        const outputs = await classifier.run(workspace.target, part.length);
        const { classes } = model.output;
        part.forEach((_, i) => rows.push(outputs.slice(i * classes, (i + 1) * classes)));
      }
      return rows;
    },
    close: () => classifier.close(),
  };
}

/** The largest absolute difference of two rows. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? NaN))), 0);
}
