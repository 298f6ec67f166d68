// Reductions and resizes: sums over places see all of them; resizes change how far apart places are.
import { TensorProto_DataType as DataType } from '../../onnx_pb.js';
import { NO_AXIS, mixed } from '../geometry.js';
import type { Geometry } from '../geometry.js';
import { axesOf, fromFront, geometryOf, shapeOf, single, valuesOf } from '../facts.js';
import type { NodeView, Outcomes, Rule } from '../facts.js';
import { rational, times, toNumber } from '../rational.js';

function reduced(view: NodeView, axes: readonly number[], type?: number): Outcomes | null {
  const shape = shapeOf(view, 0);
  if (!shape) return null;
  const keep = view.attributes.int('keepdims', 1) === 1;
  const kept = shape.map((_, i) => i).filter((i) => keep || !axes.includes(i));
  const geometry = geometryOf(view, 0);
  const all = geometry && mixed(geometry, axes);
  return single(
    kept.map((i) => (axes.includes(i) ? 1 : (shape[i] ?? 1))),
    all && { ...all, axes: kept.map((i) => all.axes[i] ?? NO_AXIS) },
    type,
  );
}

const reduce: Rule = (view) => {
  const rank = shapeOf(view, 0)?.length ?? 0;
  const axes = axesOf(view, 1, rank);
  if (axes === null && view.inputs[1] != null) return null;
  const none = view.attributes.int('noop_with_empty_axes', 0) === 1 ? [] : Array.from({ length: rank }, (_, i) => i);
  return reduced(view, axes && axes.length > 0 ? axes : none);
};

const argument: Rule = (view) => {
  const rank = shapeOf(view, 0)?.length ?? 0;
  return reduced(view, [fromFront(view.attributes.int('axis', 0), rank)], DataType.INT64);
};

/** Elements of the input that one element of the result is made of, by interpolation mode. */
const TAPS: Readonly<Record<string, number>> = { nearest: 1, linear: 2, cubic: 4 };

/** The geometry behind a resize of one axis from `length` to `out` elements. */
function resizedAxis(geometry: Geometry, index: number, length: number, out: number, view: NodeView): Geometry | null {
  const axis = geometry.axes[index] ?? NO_AXIS;
  const [part, ...more] = axis.parts;
  if (out === length) return geometry;
  if (part === undefined || more.length > 0 || (part.role !== 'y' && part.role !== 'x')) return null;
  const ratio = rational(length, out);
  const step = toNumber(part.step);
  const mode = view.attributes.text('mode', 'nearest');
  const stretch = view.attributes.int('antialias', 0) === 1 ? Math.max(1, toNumber(ratio)) : 1;
  const taps = Math.ceil((TAPS[mode] ?? 1) * stretch);
  const half = view.attributes.text('coordinate_transformation_mode', 'half_pixel').includes('half_pixel');
  const shift = half ? (toNumber(ratio) - 1) / 2 : 0;
  const extent = geometry[part.role];
  return {
    ...geometry,
    axes: geometry.axes.map((old, i) =>
      i === index ? { ...axis, parts: [{ ...part, length: out, step: times(part.step, ratio) }] } : old,
    ),
    [part.role]: { size: extent.size + (taps - 1) * step, first: extent.first + (shift - (taps - 1) / 2) * step },
  };
}

/** Resize (its sizes or scales) and Upsample (its scales). */
const resize: Rule = (view) => {
  const shape = shapeOf(view, 0);
  if (!shape) return null;
  const older = view.node.opType === 'Upsample' || view.opset < 11;
  const sizes = older ? null : valuesOf(view, 3);
  const scales = view.attributes.floats('scales') ?? valuesOf(view, older ? 1 : 2);
  const axes = view.attributes.ints('axes')?.map((axis) => fromFront(axis, shape.length)) ?? shape.map((_, i) => i);
  const given =
    sizes && sizes.length > 0 ? sizes : scales?.map((scale, i) => Math.floor((shape[axes[i] ?? 0] ?? 1) * scale));
  if (!given || given.length !== axes.length) return null;
  const sides = shape.map((side, i) => given[axes.indexOf(i)] ?? side);
  let geometry = geometryOf(view, 0);
  for (const [i, side] of shape.entries()) geometry = geometry && resizedAxis(geometry, i, side, sides[i] ?? 1, view);
  return single(sides, geometry);
};

const REDUCTIONS =
  'ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare QLinearReduceMean';

export const reducing: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(REDUCTIONS.split(' ').map((name) => [name, reduce])),
  ArgMax: argument,
  ArgMin: argument,
  Resize: resize,
  Upsample: resize,
};
