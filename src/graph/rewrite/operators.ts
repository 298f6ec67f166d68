// Operators that rewriting adds, in the form that the graph's version of ONNX wants.
import type { NodeProto } from '../onnx_pb.js';
import type { GraphWriter } from '../local-writer.js';

/** An end behind every element, as ONNX's Slice takes it. */
const END = 2 ** 31 - 1;

export type Cut = {
  readonly axes: readonly number[];
  readonly starts: readonly number[];
  /** Default: up to the end. */
  readonly ends?: readonly number[];
  readonly steps?: readonly number[];
};

/** Adds a Slice; starts and ends as ONNX counts them (negative: from the end). */
export function sliced(write: GraphWriter, input: string, output: string, { axes, starts, ends, steps }: Cut): string {
  const lasts = ends ?? axes.map(() => END);
  return write.op(
    'Slice',
    [input, write.wholes(starts), write.wholes(lasts), write.wholes(axes), ...(steps ? [write.wholes(steps)] : [])],
    output,
  );
}

export function joined(write: GraphWriter, parts: readonly string[], output: string, axis: number): string {
  return write.op('Concat', parts, output, { axis: BigInt(axis) });
}

/** Adds a Reshape; −1 and 0 as ONNX takes them. */
export function reshaped(write: GraphWriter, input: string, output: string, sides: readonly number[]): string {
  return write.op('Reshape', [input, write.wholes(sides)], output);
}

export function transposed(write: GraphWriter, input: string, output: string, order: readonly number[]): string {
  return write.op('Transpose', [input], output, { perm: order.map(BigInt) });
}

/** Adds the mean over axes, which are dropped. */
export function averaged(
  write: GraphWriter,
  opset: number,
  input: string,
  output: string,
  axes: readonly number[],
): string {
  return opset < 18
    ? write.op('ReduceMean', [input], output, { axes: axes.map(BigInt), keepdims: 0n })
    : write.op('ReduceMean', [input, write.wholes(axes)], output, { keepdims: 0n });
}

/** Attributes of a node without some. */
export function attributesWithout({ attribute }: NodeProto, ...names: readonly string[]): NodeProto['attribute'] {
  return attribute.filter(({ name }) => !names.includes(name));
}
