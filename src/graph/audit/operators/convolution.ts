// Convolutions and pools, plain, transposed, fused and quantised: what comes out and where it lies on the picture.
import { TensorProto_DataType as DataType } from '../../onnx_pb.js';
import { axisOf, channelsMixed, mixed } from '../geometry.js';
import { geometryOf, shapeOf, single } from '../facts.js';
import type { NodeView, Outcomes, Rule } from '../facts.js';
import { slidingWindows, throughWindows, transposedWindows } from '../window.js';
import type { Window } from '../window.js';

function behind(
  view: NodeView,
  input: number,
  channels: number | null,
  windows: readonly Window[],
  type?: number,
): Outcomes | null {
  const shape = shapeOf(view, input);
  const geometry = geometryOf(view, input);
  if (!shape || windows.some(({ length }) => length < 1)) return null;
  const through =
    geometry && throughWindows(channels === null ? geometry : channelsMixed(geometry, 1, channels), 2, windows);
  const sides = [shape[0] ?? 1, channels ?? shape[1] ?? 1, ...windows.map(({ length }) => length)];
  const filling = view.node.opType.includes('Pool') ? 'left out' : 'zeros';
  return { ...single(sides, through, type), window: { axes: windows, filling } };
}

function convolution(input: number, weight: number, type?: number): Rule {
  return (view) => {
    const [shape, weights] = [shapeOf(view, input), shapeOf(view, weight)];
    if (!shape || !weights || shape.length !== weights.length) return null;
    const kernel = view.attributes.ints('kernel_shape') ?? weights.slice(2);
    return behind(view, input, weights[0] ?? 1, slidingWindows(view, shape.slice(2), kernel), type);
  };
}

const transposed: Rule = (view) => {
  const [shape, weights] = [shapeOf(view, 0), shapeOf(view, 1)];
  if (!shape || !weights || shape.length !== weights.length) return null;
  const kernel = view.attributes.ints('kernel_shape') ?? weights.slice(2);
  const channels = (weights[1] ?? 1) * view.attributes.int('group', 1);
  return behind(view, 0, channels, transposedWindows(view, shape.slice(2), kernel));
};

const pool: Rule = (view) => {
  const [shape, kernel] = [shapeOf(view, 0), view.attributes.ints('kernel_shape')];
  if (!shape || !kernel) return null;
  const outcomes = behind(view, 0, null, slidingWindows(view, shape.slice(2), kernel));
  const first = outcomes?.outputs[0];
  const indices = first && { shape: first.shape, type: DataType.INT64, geometry: first.geometry ?? null };
  return outcomes && indices ? { ...outcomes, outputs: [first, indices] } : outcomes;
};

const globalPool: Rule = (view) => {
  const shape = shapeOf(view, 0);
  if (!shape) return null;
  const last = view.attributes.int('channels_last', 0) === 1;
  const axes = shape.map((_, i) => i).filter((i) => i > 0 && (last ? i < shape.length - 1 : i > 1));
  const geometry = geometryOf(view, 0);
  return single(
    shape.map((side, i) => (axes.includes(i) ? 1 : side)),
    geometry && mixed(geometry, axes),
  );
};

/** Blocks of places become channels: channels run over (row in block, column in block, old channel). */
const spaceToDepth: Rule = (view) => {
  const [shape, geometry] = [shapeOf(view, 0), geometryOf(view, 0)];
  const block = view.attributes.int('blocksize', 1);
  if (shape?.length !== 4) return null;
  const [n = 1, c = 1, h = 1, w = 1] = shape;
  const sides = [n, c * block * block, h / block, w / block];
  const windows = [h, w].map((side) => coarse(side / block, block));
  const channels = geometry?.axes[1]?.parts ?? [];
  const grid = geometry && throughWindows(geometry, 2, windows);
  if (!geometry || !grid) return single(sides, null);
  const phases = [2, 3].flatMap((axis) => {
    const part = geometry.axes[axis]?.parts[0];
    return part ? [{ ...part, length: block }] : [];
  });
  const axes = grid.axes.map((axis, i) => (i === 1 ? { parts: [...phases, ...channels], before: 0, after: 0 } : axis));
  return single(sides, { ...grid, axes });
};

/** A window of one element that steps by a block. */
function coarse(length: number, block: number): Window {
  return { kernel: 1, stride: { over: block, under: 1 }, dilation: 1, before: 0, after: 0, length };
}

/** Channels become blocks of places; the elements of a block see the same field. */
const depthToSpace: Rule = (view) => {
  const [shape, geometry] = [shapeOf(view, 0), geometryOf(view, 0)];
  const block = view.attributes.int('blocksize', 1);
  if (shape?.length !== 4) return null;
  const [n = 1, c = 1, h = 1, w = 1] = shape;
  const channels = c / (block * block);
  const windows = [h, w].map((side) => ({ ...coarse(side * block, 1), stride: { over: 1, under: block } }));
  const grid = geometry && throughWindows(channelsMixed(geometry, 1, channels), 2, windows);
  return single(
    [n, channels, h * block, w * block],
    grid && { ...grid, axes: grid.axes.map((axis, i) => (i === 1 ? axisOf('channel', channels) : axis)) },
  );
};

export const convolutions: Readonly<Record<string, Rule>> = {
  Conv: convolution(0, 1),
  FusedConv: convolution(0, 1),
  ConvInteger: convolution(0, 1, DataType.INT32),
  QLinearConv: convolution(0, 3),
  ConvTranspose: transposed,
  MaxPool: pool,
  AveragePool: pool,
  LpPool: pool,
  QLinearAveragePool: pool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  GlobalLpPool: globalPool,
  QLinearGlobalAveragePool: globalPool,
  SpaceToDepth: spaceToDepth,
  DepthToSpace: depthToSpace,
};
