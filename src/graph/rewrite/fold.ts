// Constants of a graph as initializers: Constant nodes as they are, and chains that compute whole numbers (shapes, axes,
// pads). Chains of decimals stay: the engine must round them as it always did.
import { attributesOf } from '../audit/attributes.js';
import type { Constant } from '../audit/constants.js';
import { INT32, INT64 } from '../audit/element-types.js';
import type { TensorFacts } from '../audit/facts.js';
import { tensor } from '../build.js';
import { changed } from '../changed.js';
import type { NodeProto, TensorProto } from '../onnx_pb.js';
import type { OnnxModel } from '../read.js';
import { assembled } from './assemble.js';

/** The tensor that a Constant node holds; null for kinds that are no tensor of numbers. */
function heldBy(node: NodeProto): TensorProto | null {
  const [name = ''] = node.output;
  const attributes = attributesOf(node);
  const content = attributes.tensor('value');
  if (content) return changed(content, { name });
  const whole = attributes.has('value_int') ? [attributes.int('value_int', 0)] : null;
  if (whole) return tensor(name, [], BigInt64Array.from(whole.map(BigInt)));
  if (attributes.has('value_float')) return tensor(name, [], Float32Array.of(attributes.float('value_float', 0)));
  const wholes = attributes.has('value_ints') ? attributes.ints('value_ints') : null;
  if (wholes) return tensor(name, [wholes.length], BigInt64Array.from(wholes.map(BigInt)));
  const floats = attributes.has('value_floats') ? attributes.floats('value_floats') : null;
  return floats && tensor(name, [floats.length], Float32Array.from(floats));
}

/** Constant nodes turned into initializers. */
export function constantsHeld(model: OnnxModel): OnnxModel {
  const results = new Set(model.graph.output.map(({ name }) => name));
  const constants: TensorProto[] = [];
  const nodes = model.graph.node.filter((node) => {
    if (node.opType !== 'Constant' || results.has(node.output[0] ?? '')) return true;
    const held = heldBy(node);
    if (held) constants.push(held);
    return held === null;
  });
  return assembled(model, { nodes, constants });
}

/** A folded constant as a tensor; null where its type is no whole number or a value can't be written exactly. */
export function wholeTensor(name: string, { dims, values }: Constant, type: number): TensorProto | null {
  if (!values.every(Number.isSafeInteger)) return null;
  if (type === INT64) return tensor(name, dims, BigInt64Array.from(values.map(BigInt)));
  return type === INT32 ? tensor(name, dims, Int32Array.from(values)) : null;
}

function same(a: Constant, b: Constant): boolean {
  return a.dims.length === b.dims.length && a.values.every((value, i) => value === b.values[i]);
}

/**
 * Nodes whose whole-numbered results are known turned into initializers.
 *
 * @param facts what is known of the tensors, for two different batches: what depends on the batch stays computed
 */
export function folded(
  model: OnnxModel,
  facts: readonly [ReadonlyMap<string, TensorFacts>, ReadonlyMap<string, TensorFacts>],
): OnnxModel {
  const results = new Set(model.graph.output.map(({ name }) => name));
  const constants: TensorProto[] = [];
  const nodes = model.graph.node.filter((node) => {
    const [name = '', ...more] = node.output;
    const [one, other] = facts.map((known) => known.get(name));
    if (more.length > 0 || results.has(name) || !one?.constant || !other?.constant) return true;
    const written = same(one.constant, other.constant) ? wholeTensor(name, one.constant, one.type) : null;
    if (written) constants.push(written);
    return written === null;
  });
  return assembled(model, { nodes, constants });
}
