// Adaptive polyphase sampling (Chaman & Dokmanić, CVPR 2021, section 3): of the s × s grids that a stride could keep, the
// one whose values have the largest sum of squares is kept, picture by picture.
import { TensorProto_DataType as DataType } from '../onnx_pb.js';
import type { GraphWriter } from '../local-writer.js';
import { withoutStride } from './emit.js';
import { reshaped, transposed } from './operators.js';
import type { DenseMap, Resampling } from './resample.js';
import type { Site } from './sites.js';

/** Adds the s × s grids of a map as one tensor [N, s², C, rows, columns], in row-major order of their first places. */
function grids(write: GraphWriter, { tensor, to, stride, channels }: DenseMap): string {
  const apart = reshaped(write, tensor, `${tensor}/apart`, [0, channels, to.y, stride.y, to.x, stride.x]);
  const ordered = transposed(write, apart, `${tensor}/ordered`, [0, 3, 5, 1, 2, 4]);
  return reshaped(write, ordered, `${tensor}/grids`, [0, stride.y * stride.x, channels, to.y, to.x]);
}

/**
 * Adds each grid's sum of squares [N, s²], in double precision: in single precision two grids were found to be equal that
 * aren't.
 */
function energies(write: GraphWriter, opset: number, all: string, output: string): string {
  const double = write.op('Cast', [all], `${output}/in double`, { to: BigInt(DataType.DOUBLE) });
  const axes = [2, 3, 4];
  return opset < 18
    ? write.op('ReduceSumSquare', [double], output, { axes: axes.map(BigInt), keepdims: 0n })
    : write.op('ReduceSumSquare', [double, write.wholes(axes)], output, { keepdims: 0n });
}

/** Adds the grid of each picture that a number says. */
function picked(
  write: GraphWriter,
  opset: number,
  all: string,
  choice: string,
  { stride, type }: DenseMap,
  output: string,
): void {
  if (opset >= 12) {
    write.op('GatherND', [all, choice], output, { batch_dims: 1n });
    return;
  }
  // Before opset 12 GatherND can't pick for each picture: all grids but one times 0, summed.
  const numbers = write.wholes(Array.from({ length: stride.y * stride.x }, (_, i) => i));
  const same = write.op('Equal', [choice, numbers], `${output}/chosen`);
  const weights = write.op('Cast', [same], `${output}/weights`, { to: BigInt(type) });
  const shaped = reshaped(write, weights, `${output}/weights of grids`, [-1, stride.y * stride.x, 1, 1, 1]);
  const kept = write.op('Mul', [all, shaped], `${output}/kept`);
  write.op('ReduceSum', [kept], output, { axes: [1n], keepdims: 0n });
}

/**
 * Adaptive polyphase sampling with one choice a site, by the sum over its branches (a strided layer and its shortcut,
 * parallel pools), so that all of them keep the same places. Of exactly equal sums the first in row-major order counts.
 */
export function adaptive(opset: number): Resampling {
  const sums = new Map<Site, string[]>();
  return {
    behindActivation: true,
    form: (window) => withoutStride(window, 1),
    subsample: (write, dense, output) => {
      const { site } = dense;
      const all = grids(write, dense);
      const known = [...(sums.get(site) ?? []), energies(write, opset, all, `${output}/energies`)];
      sums.set(site, known);
      const choice = `${site.nodes[0]?.output ?? ''}/choice`;
      picked(write, opset, all, choice, dense, output);
      if (known.length < site.nodes.length) return;
      const sum = known.length === 1 ? (known[0] as string) : write.op('Sum', known, `${choice}/energies`);
      write.op('ArgMax', [sum], choice, { axis: 1n, keepdims: 1n });
    },
  };
}
