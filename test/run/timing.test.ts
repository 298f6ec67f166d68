// Times of models side by side: what is told of an engine that doesn't compute in one thread.
import { expect, it, vi } from 'vitest';
import type { Model } from '../../src/core/model.js';
import { loadModel } from '../../src/models/load.js';
import { timeModels } from '../../src/run/timing.js';
import { settleTfjs } from '../../src/runtimes/tfjs-settle.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { tfjsNodeProject } from '../support/tfjs-node.js';
import { graphBytes, graphJson, writeModel } from '../tfjs/models.js';

const { write } = temporaryFolder();

it.skipIf(tfjsNodeProject === null)("says that TensorFlow's own library has threads of its own", async () => {
  vi.spyOn(process, 'cwd').mockReturnValue(tfjsNodeProject ?? '');
  const made = await loadModel(writeModel(write, 'timed', graphJson(), graphBytes([1, 2, 3, 4, 5, 6])), {
    preprocess: 'none',
  });
  const on = async (backend: 'wasm' | 'node'): Promise<Model> => {
    const { models } = await settleTfjs([made], backend, { views: () => 1, workers: 1 });
    return { ...(models[0] as Model), name: backend };
  };
  const models = [await on('wasm'), await on('node')];
  vi.restoreAllMocks();
  const { signal } = new AbortController();
  const times = await timeModels(models, { signal, now: () => performance.now() });
  expect(times?.machine).toMatch(
    /; @tensorflow\/tfjs-backend-wasm [^,]*\), @tensorflow\/tfjs-node .* \(with threads of its own/,
  );
});
