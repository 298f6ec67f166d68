// Operators that move elements without mixing them: reshapes, transposes, and what says shapes.
import { TensorProto_DataType as DataType } from '../../onnx_pb.js';
import { broadcast, product } from '../constants.js';
import { NO_AXIS, axisOf, isSpatial, regrouped } from '../geometry.js';
import { axesOf, fromFront, geometryOf, shapeOf, single, valuesOf } from '../facts.js';
import type { NodeView, Outcomes, Rule } from '../facts.js';
import { merged } from '../merge.js';

function reshaped(view: NodeView, sides: readonly number[]): Outcomes {
  const geometry = geometryOf(view, 0);
  const axes = geometry && regrouped(geometry.axes, sides);
  return single(sides, geometry && axes && { ...geometry, axes });
}

const reshape: Rule = (view) => {
  const shape = shapeOf(view, 0);
  const wanted = valuesOf(view, 1) ?? view.attributes.ints('shape');
  if (!shape || !wanted) return null;
  const copies = view.attributes.int('allowzero', 0) === 0;
  const known = wanted.map((side, i) => (side === 0 && copies ? (shape[i] ?? 1) : side));
  const rest = product(known.filter((side) => side !== -1));
  const sides = known.map((side) => (side === -1 ? product(shape) / rest : side));
  return product(sides) === product(shape) && sides.every(Number.isInteger) ? reshaped(view, sides) : null;
};

const flatten: Rule = (view) => {
  const shape = shapeOf(view, 0);
  if (!shape) return null;
  const axis = fromFront(view.attributes.int('axis', 1), shape.length);
  return reshaped(view, [product(shape.slice(0, axis)), product(shape.slice(axis))]);
};

const transpose: Rule = (view) => {
  const shape = shapeOf(view, 0);
  if (!shape) return null;
  const order = view.attributes.ints('perm') ?? shape.map((_, i) => shape.length - 1 - i);
  const geometry = geometryOf(view, 0);
  return single(
    order.map((axis) => shape[axis] ?? 1),
    geometry && { ...geometry, axes: order.map((axis) => geometry.axes[axis] ?? NO_AXIS) },
  );
};

const squeeze: Rule = (view) => {
  const shape = shapeOf(view, 0);
  if (!shape) return null;
  const axes = axesOf(view, 1, shape.length) ?? shape.flatMap((side, i) => (side === 1 ? [i] : []));
  const kept = shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const geometry = geometryOf(view, 0);
  return single(
    kept.map((i) => shape[i] ?? 1),
    geometry && { ...geometry, axes: kept.map((i) => geometry.axes[i] ?? NO_AXIS) },
  );
};

const unsqueeze: Rule = (view) => {
  const shape = shapeOf(view, 0);
  const count = (view.attributes.ints('axes') ?? valuesOf(view, 1))?.length;
  const axes = shape && count !== undefined ? axesOf(view, 1, shape.length + count) : null;
  if (!shape || !axes) return null;
  const geometry = geometryOf(view, 0);
  const sides: number[] = [];
  const places: (typeof NO_AXIS)[] = [];
  for (let i = 0, old = 0; i < shape.length + axes.length; i++) {
    const fresh = axes.includes(i);
    sides.push(fresh ? 1 : (shape[old] ?? 1));
    places.push(fresh ? NO_AXIS : (geometry?.axes[old] ?? NO_AXIS));
    if (!fresh) old++;
  }
  return single(sides, geometry && { ...geometry, axes: places });
};

const expand: Rule = (view) => {
  const [shape, wanted] = [shapeOf(view, 0), valuesOf(view, 1)];
  const sides = shape && wanted ? broadcast([shape, wanted]) : null;
  const geometry = geometryOf(view, 0);
  return sides && shape && single(sides, geometry && merged([{ shape, geometry }], sides));
};

const tile: Rule = (view) => {
  const [shape, repeats] = [shapeOf(view, 0), valuesOf(view, 1)];
  if (!shape || !repeats) return null;
  const geometry = geometryOf(view, 0);
  const placed = geometry?.axes.some((axis, i) => isSpatial(axis) && repeats[i] !== 1) ?? false;
  const sides = shape.map((side, i) => side * (repeats[i] ?? 1));
  if (!geometry || placed) return single(sides, null);
  const axes = geometry.axes.map((axis, i) => (repeats[i] === 1 ? axis : axisOf('channel', sides[i] ?? 1)));
  return single(sides, { ...geometry, axes });
};

const shapeRule: Rule = (view) => {
  const shape = shapeOf(view, 0);
  return shape && single([shape.length], null, DataType.INT64);
};

const constantOfShape: Rule = (view) => {
  const sides = valuesOf(view, 0);
  const type = view.attributes.tensor('value')?.dataType ?? DataType.FLOAT;
  return sides && single(sides, null, type);
};

const range: Rule = (view) => {
  const [start, end, step] = [0, 1, 2].map((i) => valuesOf(view, i)?.[0]);
  if (start === undefined || end === undefined || !step) return null;
  return single([Math.max(0, Math.ceil((end - start) / step))], null);
};

export const shaping: Readonly<Record<string, Rule>> = {
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Expand: expand,
  Tile: tile,
  Shape: shapeRule,
  Size: () => single([], null, DataType.INT64),
  ConstantOfShape: constantOfShape,
  Range: range,
};
