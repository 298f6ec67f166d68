// Matrix products: linear layers on features and on tokens, and the products of attention.
import { TensorProto_DataType as DataType } from '../../onnx_pb.js';
import { broadcast } from '../constants.js';
import { NO_AXIS, axisOf, isSpatial, joinedByWhole, mixed, withAxis } from '../geometry.js';
import type { Axis, Direction, Extent, Geometry } from '../geometry.js';
import { geometryOf, shapeOf, single } from '../facts.js';
import type { NodeView, Rule } from '../facts.js';

function swapped<T>(list: readonly T[], really: boolean): readonly T[] {
  return really ? [...list.slice(0, -2), ...list.slice(-1), ...list.slice(-2, -1)] : list;
}

function swappedGeometry(geometry: Geometry | null, really: boolean): Geometry | null {
  return geometry && { ...geometry, axes: swapped(geometry.axes, really) };
}

/** Places that become columns of a score are no places of the result any more. */
function asColumns(axis: Axis | undefined, length: number): Axis {
  return axis && !isSpatial(axis) ? axis : axisOf('channel', length);
}

/**
 * The geometry of A·B: rows lie where A's rows lie; what is summed over grows the field; where B's summed axis runs
 * over the whole picture (attention's values), every result has seen it.
 */
function productGeometry(a: Geometry | null, b: Geometry | null, shape: readonly number[]): Geometry | null {
  const columns = shape.at(-1) ?? 1;
  const rank = shape.length;
  if (a) {
    const summed = mixed(a, [a.axes.length - 1]);
    const padded = {
      ...summed,
      axes: [...Array<Axis>(Math.max(0, rank - a.axes.length)).fill(NO_AXIS), ...summed.axes],
    };
    const result = withAxis(padded, rank - 1, asColumns(b?.axes.at(-1), columns));
    if (!b) return result;
    const values = mixed(b, [b.axes.length - 2]);
    const reach = values.reach === 'global' ? 'global' : values.reach === 'joined' ? 'joined' : result.reach;
    // Within a window each place sees all others: up to the window's span on either side.
    const seen = (direction: Direction): Extent => {
      const span = reach === 'global' ? 0 : values[direction].size - b[direction].size;
      const { size, first } = result[direction];
      return { size: size + 2 * span, first: first - span };
    };
    return { ...result, y: seen('y'), x: seen('x'), reach, adaptive: a.adaptive || b.adaptive };
  }
  if (!b) return null;
  const summed = mixed(b, [b.axes.length - 2]);
  const padded = { ...summed, axes: [...Array<Axis>(Math.max(0, rank - b.axes.length)).fill(NO_AXIS), ...summed.axes] };
  return withAxis(padded, rank - 2, axisOf('channel', shape.at(-2) ?? 1));
}

function matrixProduct(first: number, second: number, type?: number): Rule {
  return (view) => {
    const [transA, transB] = ['transA', 'transB'].map((name) => view.attributes.int(name, 0) === 1) as [
      boolean,
      boolean,
    ];
    const [left, right] = [shapeOf(view, first), shapeOf(view, second)];
    if (!left || !right || left.length === 0 || right.length === 0) return null;
    const a = left.length === 1 ? [1, ...left] : swapped(left, transA);
    const b = right.length === 1 ? [...right, 1] : swapped(right, transB);
    const batch = broadcast([a.slice(0, -2), b.slice(0, -2)]);
    if (!batch || a.at(-1) !== b.at(-2)) return null;
    const full = [...batch, a.at(-2) ?? 1, b.at(-1) ?? 1];
    const wide = productGeometry(
      swappedGeometry(geometryOf(view, first), transA),
      swappedGeometry(geometryOf(view, second), transB),
      full,
    );
    const kept = full
      .map((_, i) => i)
      .filter((i) => !((left.length === 1 && i === full.length - 2) || (right.length === 1 && i === full.length - 1)));
    return single(
      kept.map((i) => full[i] ?? 1),
      wide && { ...wide, axes: kept.map((i) => wide.axes[i] ?? NO_AXIS) },
      type,
    );
  };
}

/** Attention as one operator: values over all tokens join at each query's token. */
const attention: Rule = (view: NodeView) => {
  const [query, value] = [shapeOf(view, 0), shapeOf(view, 2) ?? shapeOf(view, 0)];
  if (!query || query.length < 3) return null;
  const own = view.node.opType === 'Attention' && view.node.domain !== '' ? query : value;
  const shape = [...query.slice(0, -1), own?.at(-1) ?? query.at(-1) ?? 1];
  const geometry = geometryOf(view, 0);
  return single(shape, geometry && { ...joinedByWhole(geometry), reach: 'global' });
};

export const matrices: Readonly<Record<string, Rule>> = {
  MatMul: matrixProduct(0, 1),
  FusedMatMul: matrixProduct(0, 1),
  Gemm: matrixProduct(0, 1),
  FusedGemm: matrixProduct(0, 1),
  MatMulInteger: matrixProduct(0, 1, DataType.INT32),
  QLinearMatMul: matrixProduct(0, 3),
  QGemm: matrixProduct(0, 3),
  Attention: attention,
  MultiHeadAttention: attention,
};
