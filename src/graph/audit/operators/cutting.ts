// Operators that cut, pick, pad and join along axes: strided slices subsample, class tokens come and go, and circular
// padding is a join of slices.
import { NO_AXIS, axisOf, isSpatial, lengthOf, mixed, withAxis } from '../geometry.js';
import type { Axis, Geometry } from '../geometry.js';
import { axesOf, fromFront, geometryOf, shapeOf, single, valuesOf } from '../facts.js';
import type { NodeView, Outcome, Outcomes, Rule, TensorFacts } from '../facts.js';
import { merged } from '../merge.js';
import type { Branch } from '../merge.js';
import { rational } from '../rational.js';
import { throughWindows } from '../window.js';
import type { Filling, LayerWindow, Window } from '../window.js';

/** What a slice or pad does along one axis: `before` elements are added (or cut, where negative), every `step`th kept. */
function cut(length: number, before: number, after: number, step: number): Window {
  return { kernel: 1, stride: rational(step), dilation: 1, before, after, length };
}

/** An axis with elements at its ends taken away; null where that splits what belongs together. */
function trimmed(axis: Axis, { before, after, stride, length }: Window): Axis | null {
  const [front, back] = [axis.before + before, axis.after + after];
  const whole = stride.over === 1 && front >= 0 && back >= 0;
  const kept = { ...axis, before: front, after: back };
  return whole && lengthOf(kept) === length ? kept : null;
}

/** The geometry behind a cut along one axis. */
function throughCut(geometry: Geometry, index: number, window: Window): Geometry | null {
  const axis = geometry.axes[index] ?? NO_AXIS;
  if (window.before === 0 && window.after === 0 && window.stride.over === 1) return geometry;
  if (!isSpatial(axis)) return withAxis(mixed(geometry, [index]), index, axisOf('channel', window.length));
  if (axis.before + axis.after > 0) {
    const rest = trimmed(axis, window);
    if (rest) return withAxis(geometry, index, rest);
    const tokens = lengthOf(axis);
    const first = -window.before;
    const isClass = window.length === 1 && (first < axis.before || first >= tokens - axis.after);
    return isClass ? { ...withAxis(geometry, index, NO_AXIS), reach: 'global' } : null;
  }
  return throughWindows(geometry, index, [window]);
}

function throughCuts(geometry: Geometry | null, cuts: ReadonlyMap<number, Window>): Geometry | null {
  return [...cuts].reduce<Geometry | null>(
    (result, [axis, window]) => result && throughCut(result, axis, window),
    geometry,
  );
}

/** Windows along the picture's axes, for the report; undefined where none is there. */
function windowOf(
  geometry: Geometry | null,
  cuts: ReadonlyMap<number, Window>,
  filling: Filling,
): LayerWindow | undefined {
  const axes = (geometry?.axes ?? []).flatMap((axis, i) => {
    const length = lengthOf(axis);
    return isSpatial(axis) ? [cuts.get(i) ?? cut(length, 0, 0, 1)] : [];
  });
  return axes.length > 0 ? { axes, filling } : undefined;
}

function cutOutcome(
  view: NodeView,
  sides: readonly number[],
  cuts: ReadonlyMap<number, Window>,
  filling: Filling,
): Outcomes {
  const geometry = geometryOf(view, 0);
  const window = windowOf(geometry, cuts, filling);
  return { ...single(sides, throughCuts(geometry, cuts)), ...(window ? { window } : {}) };
}

/** First index, last excluded, as ONNX clamps them (operator Slice). */
export function sliceBounds(side: number, start: number, end: number, step: number): { start: number; count: number } {
  const at = (index: number): number => (index < 0 ? index + side : index);
  const low = step > 0 ? Math.min(Math.max(at(start), 0), side) : Math.min(Math.max(at(start), 0), side - 1);
  const high = step > 0 ? Math.min(Math.max(at(end), 0), side) : Math.min(Math.max(at(end), -1), side - 1);
  return { start: low, count: Math.max(0, Math.ceil((high - low) / step)) };
}

/** Starts, ends, axes and steps of a Slice, from inputs or (before opset 10) attributes. */
export function sliceArguments(
  view: NodeView,
  rank: number,
): { starts: readonly number[]; ends: readonly number[]; axes: readonly number[]; steps: readonly number[] } | null {
  const starts = view.attributes.ints('starts') ?? valuesOf(view, 1);
  const ends = view.attributes.ints('ends') ?? valuesOf(view, 2);
  if (!starts || !ends) return null;
  const axes = axesOf(view, 3, rank) ?? starts.map((_, i) => i);
  return { starts, ends, axes, steps: valuesOf(view, 4) ?? starts.map(() => 1) };
}

const slice: Rule = (view) => {
  const shape = shapeOf(view, 0);
  const asked = shape && sliceArguments(view, shape.length);
  if (!shape || !asked) return null;
  const cuts = new Map<number, Window>();
  const sides = [...shape];
  for (const [i, axis] of asked.axes.entries()) {
    const [side, step] = [shape[axis] ?? 1, asked.steps[i] ?? 1];
    const { start, count } = sliceBounds(side, asked.starts[i] ?? 0, asked.ends[i] ?? side, step);
    sides[axis] = count;
    const last = start + (count - 1) * step;
    const [low, high] = step > 0 ? [start, last] : [last, start];
    cuts.set(axis, cut(count, -low, high + 1 - side, Math.abs(step)));
  }
  return cutOutcome(view, sides, cuts, 'left out');
};

const FILLINGS: Readonly<Record<string, Filling>> = { edge: 'edge', reflect: 'reflect', wrap: 'circular' };

const pad: Rule = (view) => {
  const shape = shapeOf(view, 0);
  const pads = view.attributes.ints('pads') ?? view.attributes.ints('paddings') ?? valuesOf(view, 1);
  if (!shape || !pads) return null;
  const axes = valuesOf(view, 3)?.map((axis) => fromFront(axis, shape.length)) ?? shape.map((_, i) => i);
  const cuts = new Map<number, Window>();
  const sides = [...shape];
  for (const [i, axis] of axes.entries()) {
    const [before, after] = [pads[i] ?? 0, pads[axes.length + i] ?? 0];
    sides[axis] = (shape[axis] ?? 1) + before + after;
    cuts.set(axis, cut(sides[axis] ?? 1, before, after, 1));
  }
  const content = valuesOf(view, 2)?.[0] ?? view.attributes.float('value', 0);
  const filling = FILLINGS[view.attributes.text('mode', 'constant')] ?? (content === 0 ? 'zeros' : 'constant');
  return cutOutcome(view, sides, cuts, filling);
};

const split: Rule = (view) => {
  const shape = shapeOf(view, 0);
  if (!shape) return null;
  const axis = fromFront(view.attributes.int('axis', 0), shape.length);
  const side = shape[axis] ?? 1;
  const count = view.node.output.length;
  const even = Math.ceil(side / count);
  const lengths =
    view.attributes.ints('split') ??
    valuesOf(view, 1) ??
    Array.from({ length: count }, (_, i) => Math.min(even, side - i * even));
  const geometry = geometryOf(view, 0);
  let from = 0;
  const outputs = lengths.map((length): Outcome => {
    const window = cut(length, -from, from + length - side, 1);
    from += length;
    const sides = shape.map((old, i) => (i === axis ? length : old));
    return { shape: sides, geometry: geometry && throughCut(geometry, axis, window) };
  });
  return { outputs };
};

/** Elements picked along an axis: of tokens that is the class token; of places, one place. */
const gather: Rule = (view) => {
  const [shape, indices] = [shapeOf(view, 0), shapeOf(view, 1)];
  if (!shape || !indices) return null;
  const axis = fromFront(view.attributes.int('axis', 0), shape.length);
  const sides = [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)];
  const geometry = geometryOf(view, 0);
  if (!geometry) return single(sides, null);
  const [index, ...more] = valuesOf(view, 1) ?? [];
  const side = shape[axis] ?? 1;
  const places = isSpatial(geometry.axes[axis] ?? NO_AXIS);
  if (places && (index === undefined || more.length > 0)) return single(sides, null);
  const at = (index ?? 0) < 0 ? (index ?? 0) + side : (index ?? 0);
  const picked = places ? throughCut(geometry, axis, cut(1, -at, at + 1 - side, 1)) : mixed(geometry, [axis]);
  if (!picked) return single(sides, null);
  const fresh = indices.map((length): Axis => (places ? NO_AXIS : axisOf('channel', length)));
  return single(sides, { ...picked, axes: [...picked.axes.slice(0, axis), ...fresh, ...picked.axes.slice(axis + 1)] });
};

/** Slices picked by indices; where these depend on the picture, so does where the grid lies. */
const gatherNd: Rule = (view) => {
  const [shape, indices] = [shapeOf(view, 0), shapeOf(view, 1)];
  const depth = indices?.at(-1);
  if (!shape || !indices || depth === undefined) return null;
  const shared = view.attributes.int('batch_dims', 0);
  const kept = shape.slice(shared + depth);
  const sides = [...indices.slice(0, -1), ...kept];
  const geometry = geometryOf(view, 0);
  const adaptive = view.inputs[1]?.picture ?? false;
  const gone = Array.from({ length: depth }, (_, i) => shared + i);
  if (!geometry || indices.length - 1 !== shared) return single(sides, null);
  const picked = mixed(geometry, gone);
  const axes = picked.axes.filter((_, i) => !gone.includes(i));
  return single(sides, { ...picked, axes, adaptive: geometry.adaptive || adaptive });
};

/** Parts joined along an axis of places: the longest is the map, the others are padding or class tokens. */
function joinedPlaces(
  parts: readonly TensorFacts[],
  axis: number,
  length: number,
): { geometry: Geometry | null; window: Window } {
  const sides = parts.map(({ shape }) => shape?.[axis] ?? 0);
  const spatial = parts.map(({ geometry }) => isSpatial(geometry?.axes[axis] ?? NO_AXIS));
  const longest = Math.max(...sides.filter((_, i) => spatial[i]));
  const index = sides.findIndex((side, i) => spatial[i] === true && side === longest);
  const before = sides.slice(0, index).reduce((sum, side) => sum + side, 0);
  const window = cut(length, before, length - before - longest, 1);
  const main = parts[index]?.geometry ?? null;
  const old = main?.axes[axis];
  if (!main || !old) return { geometry: null, window };
  const tokens = old.parts.length > 1 || old.before + old.after > 0;
  const wider = { ...old, before: old.before + window.before, after: old.after + window.after };
  return { geometry: tokens ? withAxis(main, axis, wider) : throughCut(main, axis, window), window };
}

function concatenated(pick: (view: NodeView) => readonly (TensorFacts | null)[]): Rule {
  return (view) => {
    const parts = pick(view);
    const shapes = parts.map((part) => part?.shape ?? null);
    const [first] = shapes;
    if (!first || shapes.includes(null)) return null;
    const known = parts as readonly TensorFacts[];
    const axis = fromFront(view.attributes.int('axis', 0), first.length);
    const length = shapes.reduce((sum, shape) => sum + (shape?.[axis] ?? 0), 0);
    const sides = first.map((side, i) => (i === axis ? length : side));
    if (known.some(({ picture, geometry }) => picture && geometry === null)) return single(sides, null);
    const branches = known.filter(({ geometry }) => geometry !== null) as Branch[];
    if (branches.length === 0) return single(sides, null);
    if (branches.some(({ geometry }) => isSpatial(geometry.axes[axis] ?? NO_AXIS))) {
      const { geometry, window } = joinedPlaces(known, axis, length);
      const cuts = new Map([[axis, window]]);
      const report = windowOf(geometry, cuts, branches.length > 1 ? 'circular' : 'constant');
      return { ...single(sides, geometry), ...(report ? { window: report } : {}) };
    }
    const together = branches.map(({ shape, geometry }) => ({ shape, geometry: mixed(geometry, [axis]) }));
    const geometry = merged(together, sides);
    // Phases of a map, or shifted copies of the picture, side by side on the batch axis are still a batch.
    const batch = branches.every(({ geometry }) => {
      const { parts } = geometry.axes[axis] ?? NO_AXIS;
      return parts.length > 0 && parts.every(({ role }) => role === 'batch');
    });
    return single(sides, geometry && withAxis(geometry, axis, axisOf(batch ? 'batch' : 'channel', length)));
  };
}

/** QLinearConcat: scale and zero point of the result, then (tensor, scale, zero point) for each part. */
const quantisedParts = ({ inputs }: NodeView): readonly (TensorFacts | null)[] =>
  inputs.filter((_, i) => i >= 2 && (i - 2) % 3 === 0);

export const cutting: Readonly<Record<string, Rule>> = {
  Slice: slice,
  Pad: pad,
  Split: split,
  Gather: gather,
  GatherND: gatherNd,
  Concat: concatenated(({ inputs }) => inputs),
  QLinearConcat: concatenated(quantisedParts),
};
