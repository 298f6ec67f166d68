// Where the elements of a tensor lie on the picture: what each axis runs over, in steps of how many pixels, and what
// part of the picture one element sees (Araujo, Norris & Sim, "Computing Receptive Fields of CNNs", Distill 2019).
import { ONE, rational, toNumber } from './rational.js';
import type { Rational } from './rational.js';

/** A direction of the picture. */
export type Direction = 'y' | 'x';
export const DIRECTIONS: readonly Direction[] = ['y', 'x'];

/** A factor of an axis: reshapes split and join axes, and a token axis is made of rows and columns. */
export type Part = {
  readonly role: 'batch' | 'channel' | Direction;
  readonly length: number;
  /** Pixels of the picture between neighbours along y or x; 1 for batch and channels, where it says nothing. */
  readonly step: Rational;
};

/** An axis: its parts, outermost first, and elements without a place on the picture round them (class tokens). */
export type Axis = { readonly parts: readonly Part[]; readonly before: number; readonly after: number };

/** What one element sees along a direction, pixels of the picture. */
export type Extent = {
  /** Size of the receptive field along the longest path. */
  readonly size: number;
  /** Index of the first pixel in the field of the first element; negative in the padding. */
  readonly first: number;
};

/**
 * "local": an element sees its receptive field only; "joined": besides, a branch that saw the whole picture joins in
 * (squeeze-excite, attention, statistics over the picture); "global": only such a branch.
 */
export type Reach = 'local' | 'joined' | 'global';

export type Geometry = {
  readonly axes: readonly Axis[];
  readonly y: Extent;
  readonly x: Extent;
  readonly reach: Reach;
  /** Where the grid lies depends on the picture's content (adaptive polyphase sampling). */
  readonly adaptive: boolean;
};

export const NO_AXIS: Axis = { parts: [], before: 0, after: 0 };

export function axisOf(role: Part['role'], length: number, step: Rational = ONE): Axis {
  return { parts: [{ role, length, step }], before: 0, after: 0 };
}

/** The picture itself. */
export function pictureGeometry(layout: 'NCHW' | 'NHWC', shape: readonly number[]): Geometry {
  const roles: readonly Part['role'][] =
    layout === 'NCHW' ? ['batch', 'channel', 'y', 'x'] : ['batch', 'y', 'x', 'channel'];
  const extent: Extent = { size: 1, first: 0 };
  return {
    axes: roles.map((role, axis) => axisOf(role, shape[axis] ?? 1)),
    y: extent,
    x: extent,
    reach: 'local',
    adaptive: false,
  };
}

export function lengthOf({ parts, before, after }: Axis): number {
  return before + after + parts.reduce((all, { length }) => all * length, 1);
}

/** The parts of an axis that lie along the picture. */
function placed({ parts }: Axis): readonly (Part & { readonly role: Direction })[] {
  return parts.filter((part): part is Part & { readonly role: Direction } => part.role === 'y' || part.role === 'x');
}

/** Whether an axis runs over places of the picture and nothing else (rows, columns, tokens). */
export function isSpatial(axis: Axis): boolean {
  return axis.parts.length > 0 && placed(axis).length === axis.parts.length;
}

/** Indices of the axes that run over places of the picture. */
export function spatialAxes({ axes }: Geometry): number[] {
  return axes.flatMap((axis, index) => (isSpatial(axis) ? [index] : []));
}

/** Pixels between neighbours along a direction: the cumulative subsampling factor; null where no axis runs along it. */
export function stepAlong(geometry: Geometry, direction: Direction): Rational | null {
  const steps = geometry.axes
    .filter(({ parts }) => parts.every(({ role }) => role !== 'channel'))
    .flatMap(placed)
    .filter(({ role }) => role === direction)
    .map(({ step }) => step);
  return steps.reduce<Rational | null>(
    (least, step) => (least === null || toNumber(step) < toNumber(least) ? step : least),
    null,
  );
}

export function withAxis(geometry: Geometry, index: number, axis: Axis): Geometry {
  return { ...geometry, axes: geometry.axes.map((old, i) => (i === index ? axis : old)) };
}

/**
 * Everything along some axes is mixed into one element: its field spans them all. Where nothing is left along a
 * direction of the picture, it has seen the whole picture.
 */
export function mixed(geometry: Geometry, indices: readonly number[]): Geometry {
  const gone = geometry.axes.flatMap((axis, i) => (indices.includes(i) ? placed(axis) : []));
  const left = geometry.axes.flatMap((axis, i) => (indices.includes(i) ? [] : placed(axis)));
  const grown = (direction: Direction): Extent => {
    const span = gone
      .filter(({ role }) => role === direction)
      .reduce((sum, { length, step }) => sum + (length - 1) * toNumber(step), 0);
    return { ...geometry[direction], size: geometry[direction].size + span };
  };
  const whole = gone.some(({ role }) => !left.some((other) => other.role === role));
  return {
    ...geometry,
    axes: geometry.axes.map((axis, i) => (indices.includes(i) ? NO_AXIS : axis)),
    y: grown('y'),
    x: grown('x'),
    reach: whole ? 'global' : geometry.reach,
  };
}

/** The same places with `channels` new channels made of all old ones at each place. */
export function channelsMixed(geometry: Geometry, axis: number, channels: number): Geometry {
  return withAxis(mixed(geometry, [axis]), axis, axisOf('channel', channels));
}

/** Statistics over the whole picture join in (instance normalisation, softmax over places). */
export function joinedByWhole(geometry: Geometry): Geometry {
  return { ...geometry, reach: geometry.reach === 'local' ? 'joined' : geometry.reach };
}

/** Adds a part behind others; what belongs together (rows that were cut into blocks) becomes one part again. */
function joined(parts: readonly Part[], next: Part): Part[] {
  const last = parts.at(-1);
  const along = next.role === 'y' || next.role === 'x';
  const continues = !along || (last !== undefined && toNumber(last.step) === toNumber(next.step) * next.length);
  if (last === undefined || last.role !== next.role || !continues) return [...parts, next];
  return [...parts.slice(0, -1), { ...next, length: last.length * next.length }];
}

/**
 * Axes after a reshape: parts keep their order, are joined and split. Null where sides don't line up.
 *
 * @param dims the new sides
 */
export function regrouped(axes: readonly Axis[], dims: readonly number[]): Axis[] | null {
  const queue: (Part | Axis)[] = axes.flatMap((axis): (Part | Axis)[] =>
    axis.before + axis.after > 0 ? [axis] : axis.parts.filter(({ length }) => length > 1),
  );
  const result: Axis[] = [];
  for (const dim of dims) {
    let parts: readonly Part[] = [];
    let whole: Axis | null = null;
    let rest = dim;
    while (rest > 1) {
      const next = queue.shift();
      if (next === undefined) return null;
      if ('parts' in next) {
        if (parts.length > 0 || lengthOf(next) !== rest) return null;
        whole = next;
        rest = 1;
      } else if (rest % next.length === 0) {
        parts = joined(parts, next);
        rest /= next.length;
      } else if (next.length % rest === 0) {
        const inner = next.length / rest;
        const step = next.role === 'y' || next.role === 'x' ? rational(next.step.over * inner, next.step.under) : ONE;
        parts = joined(parts, { ...next, length: rest, step });
        queue.unshift({ ...next, length: inner });
        rest = 1;
      } else return null;
    }
    result.push(whole ?? { parts, before: 0, after: 0 });
  }
  return queue.length === 0 ? result : null;
}
