// Weights kept in files beside the model (onnx.proto: TensorProto.external_data; docs/ExternalData.md of ONNX).
import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { InputError, shown } from '../core/errors.js';
import type { OnnxModel } from './read.js';
import { TensorProto_DataLocation } from './onnx_pb.js';
import type { AttributeProto, GraphProto, TensorProto } from './onnx_pb.js';

/** A file of weights that a model refers to, and the first tensor that lies in it. */
export type ExternalFile = {
  /** As the model gives it: relative to the model's folder. */
  readonly location: string;
  readonly path: string;
  /** The first tensor kept there. */
  readonly tensor: string;
  /** Size that the file must have at least for its tensors, bytes; 0 where the model doesn't say. */
  readonly needed: number;
};

/** All tensors of a graph: initializers, constants in attributes, and those of subgraphs. */
export function* tensorsOf(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer;
  for (const sparse of graph.sparseInitializer) {
    if (sparse.values) yield sparse.values;
    if (sparse.indices) yield sparse.indices;
  }
  for (const node of graph.node) for (const attribute of node.attribute) yield* tensorsOfAttribute(attribute);
}

function* tensorsOfAttribute(attribute: AttributeProto): Generator<TensorProto> {
  if (attribute.t) yield attribute.t;
  yield* attribute.tensors;
  for (const graph of [attribute.g, ...attribute.graphs]) if (graph) yield* tensorsOf(graph);
}

/**
 * The files of weights that a model refers to, in the order of first mention.
 *
 * @param modelPath the model's file: locations are relative to its folder
 * @throws InputError for a location that is absolute or leads out of the model's folder
 */
export function externalFiles(model: OnnxModel, modelPath: string): ExternalFile[] {
  const files = new Map<string, ExternalFile>();
  for (const tensor of tensorsOf(model.graph)) {
    if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) continue;
    const entry = (key: string): string => tensor.externalData.find((pair) => pair.key === key)?.value ?? '';
    const location = entry('location');
    if (location === '')
      throw new InputError(
        `Tensor ${shown(tensor.name)} of ${modelPath} lies in a file that the model doesn't name. Export the model again.`,
      );
    const relative = normalize(location.replaceAll('\\', '/'));
    if (isAbsolute(relative) || /^[a-z]:/i.test(relative) || relative.split('/').includes('..')) {
      throw new InputError(
        `Expected external weights inside the folder of ${modelPath} but tensor ${shown(tensor.name)} asks for ${shown(location)}. Such a path is refused: save the model with its weights beside it.`,
      );
    }
    const needed = Number(entry('offset') || 0) + Number(entry('length') || 0);
    const known = files.get(relative);
    files.set(relative, {
      location: relative,
      path: join(dirname(modelPath), relative),
      tensor: known?.tensor ?? tensor.name,
      needed: Math.max(known?.needed ?? 0, needed),
    });
  }
  return [...files.values()];
}

/**
 * The same list, once every file is known to be there and long enough.
 *
 * @throws InputError that names the missing or truncated file and the first tensor in it
 */
export async function presentExternalFiles(model: OnnxModel, modelPath: string): Promise<ExternalFile[]> {
  const files = externalFiles(model, modelPath);
  for (const { location, path, tensor, needed } of files) {
    const size = await stat(path).then(
      (found) => (found.isFile() ? found.size : null),
      () => null,
    );
    if (size === null) {
      throw new InputError(
        `The weights of ${modelPath} are missing: tensor ${shown(tensor)} lies in ${shown(location)}, which is not beside the model. Download or copy that file into the model's folder too.`,
      );
    }
    if (size < needed) {
      throw new InputError(
        `The weights of ${modelPath} are truncated: ${shown(location)} has ${size} bytes and needs at least ${needed}. Download or copy that file again.`,
      );
    }
  }
  return files;
}
