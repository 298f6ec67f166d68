// Geometry in the audit's words: which axes run over places, the cumulative factor, the field and its padding.
import type { TensorFacts } from './facts.js';
import { DIRECTIONS, NO_AXIS, isSpatial, lengthOf, spatialAxes, stepAlong } from './geometry.js';
import type { Direction, Geometry } from './geometry.js';
import { OPEN_BATCH } from './infer.js';
import type { PictureInput } from './infer.js';
import type { FieldAudit, Pair, Places, Side } from './layer.js';
import { toNumber } from './rational.js';

/** Sides with the batch's name where it is open. */
export function shownShape({ shape, geometry }: TensorFacts, batch: number): Side[] | null {
  if (!shape) return null;
  return shape.map((side, i): Side => {
    const parts = geometry?.axes[i]?.parts;
    const isBatch = parts ? parts.some(({ role }) => role === 'batch') : i === 0;
    if (batch !== OPEN_BATCH || !isBatch || side % OPEN_BATCH !== 0) return side;
    return side === OPEN_BATCH ? 'N' : `${side / OPEN_BATCH}N`;
  });
}

/** The axes that run over places; null where there are none. */
export function placesOf(geometry: Geometry): Places | null {
  const axes = spatialAxes(geometry).filter((i) => lengthOf(geometry.axes[i] ?? NO_AXIS) > 0);
  if (axes.length === 0) return null;
  const rank = geometry.axes.length;
  const single = axes.map((i) => geometry.axes[i] ?? NO_AXIS);
  const [before, after] = [
    Math.max(...single.map((axis) => axis.before)),
    Math.max(...single.map((axis) => axis.after)),
  ];
  const rows = rank === 4 && axes.length === 2 && single.every(({ parts }) => parts.length === 1);
  const windowed = geometry.axes.some(
    (axis) => !isSpatial(axis) && axis.parts.some(({ role }) => role === 'batch') && axis.parts.length > 1,
  );
  const layout = windowed
    ? 'other'
    : rows && axes[0] === 2
      ? 'NCHW'
      : rows && axes[0] === 1 && axes[1] === 2
        ? 'NHWC'
        : axes.length === 1 && (axes[0] ?? 0) > 0
          ? 'tokens'
          : 'other';
  return { layout, axes, classTokens: { before, after } };
}

/** One value for each direction. */
export function both(value: (direction: Direction) => number): Pair {
  // Adding 0 turns −0 into 0.
  return { y: value('y') + 0, x: value('x') + 0 };
}

/** The cumulative factor; null unless both directions are there. */
export function factorOf(geometry: Geometry): Pair | null {
  const [y, x] = DIRECTIONS.map((direction) => stepAlong(geometry, direction));
  return y && x ? { y: toNumber(y), x: toNumber(x) } : null;
}

/** The receptive field on a picture of a given size. */
export function fieldOf(geometry: Geometry, picture: PictureInput): FieldAudit | null {
  const factor = factorOf(geometry);
  if (!factor) return null;
  const sides = { y: picture.height, x: picture.width };
  const last = (direction: Direction): number => {
    const parts = geometry.axes
      .filter(isSpatial)
      .flatMap((axis) => axis.parts)
      .filter(({ role }) => role === direction);
    return geometry[direction].first + parts.reduce((sum, { length, step }) => sum + (length - 1) * toNumber(step), 0);
  };
  return {
    size: both((d) => geometry[d].size),
    start: both((d) => geometry[d].first + (geometry[d].size - 1) / 2),
    paddingBefore: both((d) => -geometry[d].first),
    paddingAfter: both((d) => last(d) + geometry[d].size - sides[d]),
  };
}
