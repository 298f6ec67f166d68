// The graph of a model and its structural audit, whatever its format: a TensorFlow.js model's by its translation to ONNX.
import type { Model } from '../core/model.js';
import { auditGraph } from '../graph/audit/audit.js';
import type { AuditOptions } from '../graph/audit/audit.js';
import type { GraphAudit } from '../graph/audit/layer.js';
import type { OnnxModel } from '../graph/read.js';
import { readModel } from '../graph/read.js';
import type { TfjsModel } from '../tfjs/model.js';
import { auditTfjs } from '../tfjs/onnx/audit.js';
import { translateTfjs } from '../tfjs/onnx/translate.js';
import { readTfjs } from '../tfjs/read.js';

export type ModelStructure = { readonly graph: OnnxModel; readonly audit: GraphAudit };

type Options = Omit<AuditOptions, 'input'>;

/** The structure of a TensorFlow.js model that was read already, in its own layers. */
export function structureOfTfjs(model: Model, files: TfjsModel, options: Options = {}): ModelStructure {
  const translation = translateTfjs(files, model);
  return { graph: translation.model, audit: auditTfjs(translation, model, options) };
}

/**
 * @throws InputError where the model's files can't be read any more
 */
export async function modelStructure(model: Model, options: Options = {}): Promise<ModelStructure> {
  if (model.format !== 'onnx') return structureOfTfjs(model, await readTfjs(model.path), options);
  const { model: graph } = await readModel(model.path);
  return { graph, audit: auditGraph(graph, { ...options, input: model.input }) };
}
