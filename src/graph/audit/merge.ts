// Branches that meet: residual sums, gates and concatenations. The longest path decides the receptive field.
import { NO_AXIS, axisOf, isSpatial, lengthOf, spatialAxes } from './geometry.js';
import type { Axis, Extent, Geometry, Reach } from './geometry.js';

/** A branch with its tensor's sides, aligned at the last axis as broadcasting does. */
export type Branch = { readonly shape: readonly number[]; readonly geometry: Geometry };

function union(extents: readonly Extent[]): Extent {
  const first = Math.min(...extents.map((extent) => extent.first));
  return { first, size: Math.max(...extents.map((extent) => extent.first + extent.size)) - first };
}

/** Branches that lie on the picture's grid; without one, all. */
function onGrid(branches: readonly Branch[]): readonly Branch[] {
  const placed = branches.filter(({ geometry }) => spatialAxes(geometry).length > 0);
  return placed.length > 0 ? placed : branches;
}

function reachOf(branches: readonly Branch[]): Reach {
  const reaches = onGrid(branches).map(({ geometry }) => geometry.reach);
  if (reaches.every((reach) => reach === 'global')) return 'global';
  return branches.every(({ geometry }) => geometry.reach === 'local') ? 'local' : 'joined';
}

/** The branch whose grid the result has: it keeps the most places, and of those sees the most. */
function mainOf(branches: readonly Branch[]): Branch | undefined {
  const places = ({ geometry }: Branch): number =>
    spatialAxes(geometry).reduce((all, axis) => all * lengthOf(geometry.axes[axis] ?? NO_AXIS), 1);
  const ranked = [...onGrid(branches)];
  return ranked.sort((a, b) => places(b) - places(a) || b.geometry.y.size - a.geometry.y.size)[0];
}

/**
 * The geometry of branches put together element by element or side by side.
 *
 * @param shape sides of the result
 */
export function merged(branches: readonly Branch[], shape: readonly number[]): Geometry | null {
  const main = mainOf(branches);
  if (main === undefined) return null;
  const axisAt = ({ shape: sides, geometry }: Branch, axis: number): Axis | undefined =>
    geometry.axes[axis - shape.length + sides.length];
  const axes = shape.map((side, axis): Axis => {
    const fitting = [main, ...branches].map((branch) => axisAt(branch, axis)).filter((found) => found !== undefined);
    const same = fitting.filter((found) => lengthOf(found) === side);
    const chosen = same.find((found) => isSpatial(found)) ?? same[0];
    return side === 1 && !chosen ? NO_AXIS : (chosen ?? axisOf('channel', side));
  });
  const extents = onGrid(branches);
  return {
    axes,
    y: union(extents.map(({ geometry }) => geometry.y)),
    x: union(extents.map(({ geometry }) => geometry.x)),
    reach: reachOf(branches),
    adaptive: branches.some(({ geometry }) => geometry.adaptive),
  };
}
