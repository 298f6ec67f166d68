// A blur in front of the activation, folded into the convolution's weights: convolution and blur are linear, so that both
// together are one strided convolution with a larger kernel, at the cost of that kernel and of nothing else.
import { product } from '../audit/constants.js';
import type { Pair } from '../audit/layer.js';
import { FLOAT } from '../audit/element-types.js';
import { changed } from '../changed.js';
import { blurRadius, blurWeights, blurred } from './blur.js';
import type { BlurSize } from './blur.js';
import { emitWindow } from './emit.js';
import type { NormalGraph } from './normal.js';
import type { Resampling } from './resample.js';
import { refusal } from './window.js';
import { weightValues } from './weights.js';

const each = (value: (direction: 'y' | 'x') => number): Pair => ({ y: value('y'), x: value('x') });

/** Each kernel [rows, columns], its elements `dilation` apart, convolved with a square blur. */
function convolved(
  weights: Float64Array,
  { y: rows, x: columns }: Pair,
  dilation: Pair,
  size: BlurSize,
): { readonly values: Float32Array; readonly kernel: Pair } {
  const kernel = { y: (rows - 1) * dilation.y + size, x: (columns - 1) * dilation.x + size };
  const [area, wide] = [rows * columns, kernel.y * kernel.x];
  const square = blurWeights(size);
  const sums = new Float64Array((weights.length / area) * wide);
  for (let i = 0; i < weights.length; i++) {
    const [map, place] = [Math.floor(i / area), i % area];
    const [row, column] = [Math.floor(place / columns) * dilation.y, (place % columns) * dilation.x];
    for (let j = 0; j < square.length; j++) {
      const at = map * wide + (row + Math.floor(j / size)) * kernel.x + column + (j % size);
      sums[at] = (sums[at] as number) + (weights[i] as number) * (square[j] as number);
    }
  }
  return { values: Float32Array.from(sums), kernel };
}

/**
 * A blur in front of the activation: of convolutions folded into their weights, of pools behind them.
 *
 * @param modelPath the model's file, for weights that lie beside it
 */
export function foldedBlur(graph: NormalGraph, size: BlurSize, modelPath: string): Resampling {
  const radius = blurRadius(size);
  const known = new Map(graph.model.graph.initializer.map((tensor) => [tensor.name, tensor]));
  return {
    ...blurred(size, false),
    whole: (write, window, padding) => {
      const { node, kernel, stride, dilation, from, to, input, output } = window;
      const weight = known.get(node.input[1] ?? '');
      if (node.opType !== 'Conv') return false;
      // On a map that was padded before, the torus is not the map: there the blur stays apart.
      const torus = (['y', 'x'] as const).every((d) => to[d] * stride[d] === from[d]);
      if (padding === 'circular' && !torus) return false;
      if (weight === undefined)
        throw refusal(window.name, 'has weights that the graph computes: they can’t be blurred');
      const values = weightValues(weight, modelPath);
      if (values === null) throw refusal(window.name, 'has weights that are no decimals: they can’t be blurred');
      const wide = convolved(values, kernel, dilation, size);
      const dims = [...weight.dims.slice(0, 2).map(Number), wide.kernel.y, wide.kernel.x];
      const name = write.floats(`${weight.name} blur${size}`, dims, () => wide.values);
      const own = product(dims) > 0 && weight.dataType === FLOAT;
      const blurredWeight = own ? name : write.op('Cast', [name], `${output}/weights`, { to: BigInt(weight.dataType) });
      const before = each((d) => window.before[d] + radius);
      const after = each((d) => Math.max(0, stride[d] * (to[d] - 1) + wide.kernel[d] - from[d] - before[d]));
      const wider = {
        ...window,
        kernel: wide.kernel,
        dilation: { y: 1, x: 1 },
        node: changed(node, { input: [input, blurredWeight, ...node.input.slice(2)] }),
      };
      emitWindow(write, wider, { input, side: from, output, stride, dilation: wider.dilation, before, after, padding });
      return true;
    },
  };
}
