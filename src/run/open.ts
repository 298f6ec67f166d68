// From what the user wrote after --model to loaded models, checked against the protocol before anything is measured.
import { InputError } from '../core/errors.js';
import type { Model } from '../core/model.js';
import type { Protocol } from '../core/protocol.js';
import { findModel } from '../models/find.js';
import { loadModel } from '../models/load.js';
import { findProbe } from '../probes/registry.js';
import { frameOf } from './measure.js';

/** A model as it was asked for. */
export type ModelRequest = {
  /** A path, the name of an embedded model, or "zoo". */
  readonly where: string;
  /** Name in the run; default: the folder's or file's. */
  readonly name?: string;
};

/**
 * Loads models in the order they were asked for.
 *
 * @param preprocess replaces every model's own preprocessing: a name or the path of a JSON file
 * @throws InputError for whatever keeps one of them from being measured
 */
export async function openModels(requests: readonly ModelRequest[], preprocess?: string): Promise<Model[]> {
  const models: Model[] = [];
  for (const request of requests) {
    const found = await findModel(request.where);
    if (request.name !== undefined && found.length > 1) {
      throw new InputError(
        `Expected one model for the name "${request.name}" but "${request.where}" stands for ${found.length}.`,
      );
    }
    for (const { name, path } of found) {
      const given = request.name ?? name ?? '';
      models.push(
        await loadModel(path, {
          trial: async (file, spec) => (await import('../runtimes/onnx.js')).trialRun(file, spec),
          ...(given === '' ? {} : { name: given }),
          ...(preprocess === undefined ? {} : { preprocess }),
        }),
      );
    }
  }
  return models;
}

/** @throws InputError where a model's geometry leaves no room for the protocol's views, naming the model */
export function checkRoom(models: readonly Model[], { probe }: Protocol): void {
  for (const model of models) {
    try {
      if (model.remedy === undefined) findProbe(probe.name).check(probe.options, frameOf(model));
    } catch (error) {
      if (error instanceof InputError) throw new InputError(`${model.name}: ${error.message}`);
      throw error;
    }
  }
}
