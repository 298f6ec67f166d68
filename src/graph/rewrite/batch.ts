// The batch of a graph left open: sides of 1 that an exporter wrote down become the number of pictures of a call.
import type { TensorFacts } from '../audit/facts.js';
import { product } from '../audit/constants.js';
import { OPEN_BATCH, infer } from '../audit/infer.js';
import type { PictureInput } from '../audit/infer.js';
import { attributesOf } from '../audit/attributes.js';
import { tensor } from '../build.js';
import { changed } from '../changed.js';
import { TensorShapeProto_DimensionSchema, TensorShapeProtoSchema, TypeProto_TensorSchema } from '../onnx_pb.js';
import { TypeProtoSchema } from '../onnx_pb.js';
import type { NodeProto, TensorProto, ValueInfoProto } from '../onnx_pb.js';
import type { OnnxModel } from '../read.js';
import { create } from '@bufbuild/protobuf';
import { assembled } from './assemble.js';

/** Facts by tensor. */
type Facts = ReadonlyMap<string, TensorFacts>;

/** A second side that no layer has: what has it in one inference and `OPEN_BATCH` in the other is the batch. */
export const OTHER_BATCH = 1013;

/** An input or output with its first side open. */
function opened(info: ValueInfoProto): ValueInfoProto {
  if (info.type?.value.case !== 'tensorType' || !info.type.value.value.shape) return info;
  const tensorType = info.type.value.value;
  const [, ...sides] = tensorType.shape?.dim ?? [];
  const batch = create(TensorShapeProto_DimensionSchema, { value: { case: 'dimParam', value: 'N' } });
  const shape = create(TensorShapeProtoSchema, { dim: [batch, ...sides] });
  const value = create(TypeProto_TensorSchema, { elemType: tensorType.elemType, shape });
  return changed(info, { type: create(TypeProtoSchema, { value: { case: 'tensorType', value } }) });
}

/** Sides that a Reshape asks for, with the batch copied from its input (0) in place of a number. */
function mendedTarget(node: NodeProto, closed: Facts, open: Facts, batch: number): readonly number[] | null {
  const [data, target] = [closed.get(node.input[0] ?? ''), closed.get(node.input[1] ?? '')];
  const wanted = target?.constant?.values;
  const [first, ...rest] = wanted ?? [];
  const copies = attributesOf(node).int('allowzero', 0) === 0;
  const result = closed.get(node.output[0] ?? '');
  const [given, made] = [data?.shape?.[0], result?.shape?.[0]];
  if (first === undefined || first === 0 || !copies || given !== batch || made !== batch) return null;
  if (data?.picture !== true) return null;
  const computed = open.get(node.input[1] ?? '')?.constant?.values;
  const inferred = open.get(node.output[0] ?? '')?.shape?.[0];
  // Right already: the first side is the one left over, or follows the batch.
  if (inferred === OPEN_BATCH && computed?.[0] === -1) return null;
  const fixed = rest.map((side, i) => (computed && computed[i + 1] !== side ? -1 : side));
  return fixed.filter((side) => side === -1).length > 1 ? null : [0, ...fixed];
}

/** Reshapes whose target notes the batch down, or computes it, with targets that take it as it comes. */
function reshapesMended(model: OnnxModel, closed: Facts, open: Facts, batch: number): OnnxModel {
  const constants: TensorProto[] = [];
  const nodes = model.graph.node.map((node) => {
    const target = node.opType === 'Reshape' ? mendedTarget(node, closed, open, batch) : null;
    if (target === null) return node;
    const name = `${node.output[0] ?? ''}/sides`;
    constants.push(tensor(name, [target.length], BigInt64Array.from(target.map(BigInt))));
    return changed(node, { input: [node.input[0] ?? '', name] });
  });
  return constants.length === 0 ? model : assembled(model, { nodes, constants });
}

/** Side of the batch that the input's shape fixes; null where it is open. */
export function fixedBatchOf({ graph }: OnnxModel, { name }: PictureInput): number | null {
  const type = graph.input.find((input) => input.name === name)?.type;
  const first = type?.value.case === 'tensorType' ? type.value.value.shape?.dim[0]?.value : undefined;
  return first?.case === 'dimValue' && first.value > 0n ? Number(first.value) : null;
}

/** The first node whose result does not grow with the batch as it should; null where all do. */
function tiedTo(model: OnnxModel, closed: Facts, open: Facts, batch: number): NodeProto | null {
  return (
    model.graph.node.find((node) => {
      const [one, many] = [closed.get(node.output[0] ?? ''), open.get(node.output[0] ?? '')];
      if (one?.picture !== true || one.shape === null) return false;
      return !many?.shape || product(many.shape) * batch !== product(one.shape) * OPEN_BATCH;
    }) ?? null
  );
}

export type OpenedBatch = {
  readonly model: OnnxModel;
  /** The node that needs the batch as it is; null where the batch is open now. */
  readonly tied: NodeProto | null;
};

/** The model for any number of pictures in a call, where nothing in it depends on their number. */
export function batchOpened(model: OnnxModel, picture: PictureInput): OpenedBatch {
  const { graph } = model;
  const batch = fixedBatchOf(model, picture) ?? 1;
  const results = new Map(infer(model, picture, batch).facts);
  const free = assembled(model, {
    nodes: graph.node,
    inputs: graph.input.map((info) => (info.name === picture.name ? opened(info) : info)),
    outputs: graph.output.map((info) => (results.get(info.name)?.shape?.[0] === batch ? opened(info) : info)),
  });
  const mended = reshapesMended(free, results, infer(free, picture, OPEN_BATCH).facts, batch);
  const [closed, open] = [infer(mended, picture, batch).facts, infer(mended, picture, OPEN_BATCH)];
  const tied = tiedTo(mended, closed, open.facts, batch);
  return tied === null ? { model: mended, tied } : { model, tied };
}
