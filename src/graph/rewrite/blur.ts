// Blur in front of subsampling (Zhang, "Making convolutional networks shift-invariant again", ICML 2019, section 3.2):
// the layer at stride 1, its activation, then a binomial blur that takes every s-th place, centred on the places that
// the original takes.
import type { Pair } from '../audit/layer.js';
import { FLOAT } from '../audit/element-types.js';
import type { GraphWriter } from '../local-writer.js';
import { TensorProto_DataType as DataType } from '../onnx_pb.js';
import { withoutStride, wrapped } from './emit.js';
import type { DenseMap, Resampling } from './resample.js';
import { refusal } from './window.js';
import type { WindowNode } from './window.js';

/** Binomial rows that are blurred with, by their number of taps, as whole numbers: 1 2 1, 1 4 6 4 1, … */
const TAPS = { 3: [1, 2, 1], 5: [1, 4, 6, 4, 1], 7: [1, 6, 15, 20, 15, 6, 1] } as const;

/** Side of a blur, places. */
export type BlurSize = keyof typeof TAPS;

/** The blur's weights as a square, row by row, with the sum 1. */
export function blurWeights(size: BlurSize): number[] {
  const row = TAPS[size];
  const sum = 2 ** (size - 1);
  return row.flatMap((a) => row.map((b) => (a * b) / (sum * sum)));
}

/** Places between a blur's middle and its edge. */
export function blurRadius(size: BlurSize): number {
  return (size - 1) / 2;
}

const FLOATS: ReadonlySet<number> = new Set([FLOAT, DataType.FLOAT16, DataType.DOUBLE, DataType.BFLOAT16]);
const each = (value: (direction: 'y' | 'x') => number): Pair => ({ y: value('y'), x: value('x') });

/** Whether the layer can be computed beyond the picture's edge: a convolution goes on into the zeros round it. */
function goesBeyondEdge({ node }: WindowNode, padding: 'zero' | 'circular'): boolean {
  return padding === 'zero' && (node.opType === 'Conv' || node.opType === 'FusedConv');
}

/** The window at stride 1, for convolutions with `radius` more places on each side. */
function blurredForm(window: WindowNode, padding: 'zero' | 'circular', radius: number): ReturnType<Resampling['form']> {
  const plain = withoutStride(window, 1);
  if (!goesBeyondEdge(window, padding)) return plain;
  const before = each((d) => window.before[d] + radius);
  const after = each((d) => {
    const places = window.stride[d] * (window.to[d] - 1) + 2 * radius + 1;
    const span = plain.dilation[d] * (window.kernel[d] - 1) + 1;
    return Math.max(0, places - 1 + span - plain.side[d] - before[d]);
  });
  return { ...plain, before, after };
}

/** Names the blur's weights [C, 1, K, K], in the map's element type. */
function weightsFor(write: GraphWriter, { channels, type, tensor }: DenseMap, size: BlurSize): string {
  const square = blurWeights(size);
  const name = write.floats(`blur${size} ${channels}`, [channels, 1, size, size], () =>
    Float32Array.from({ length: channels * square.length }, (_, i) => square[i % square.length] as number),
  );
  return type === FLOAT ? name : write.op('Cast', [name], `${tensor}/blur weights`, { to: BigInt(type) });
}

/** Adds places round a map so that a blur centred on its first and last kept place finds all it needs. */
function withBorder(write: GraphWriter, dense: DenseMap, radius: number): string {
  const { tensor, side, to, stride, window, padding } = dense;
  if (goesBeyondEdge(window, padding)) return tensor;
  const before = each(() => radius);
  const after = each((d) => Math.max(0, stride[d] * (to[d] - 1) + radius + 1 - side[d]));
  if (padding === 'circular') return wrapped(write, tensor, `${tensor}/border`, side, before, after);
  const pads = [0, 0, before.y, before.x, 0, 0, after.y, after.x];
  return write.op('Pad', [tensor, write.wholes(pads)], `${tensor}/border`, { mode: 'edge' });
}

/**
 * Blur of `size` × `size` places. Round the edge a convolution goes on into its padding, so that the blur is of its real
 * values; pools and slices repeat their border; with circular padding all wrap round.
 *
 * @param behindActivation Zhang's placement; false: in front of the activation, where it is linear
 */
export function blurred(size: BlurSize, behindActivation: boolean): Resampling {
  const radius = blurRadius(size);
  return {
    behindActivation,
    form: (window, padding) => blurredForm(window, padding, radius),
    subsample: (write, dense, output) => {
      const { stride, channels, type, window } = dense;
      if (!FLOATS.has(type)) throw refusal(window.name, 'gives quantised values, which a blur would need as numbers');
      write.op('Conv', [withBorder(write, dense, radius), weightsFor(write, dense, size)], output, {
        group: BigInt(channels),
        kernel_shape: [BigInt(size), BigInt(size)],
        strides: [BigInt(stride.y), BigInt(stride.x)],
      });
    },
  };
}
