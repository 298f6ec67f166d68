// The shift probe: one picture at several places, with everything else the same (protocols, "Shift").
import type { Random } from '../../core/random.js';
import type { Answer, Coordinates, Frame, Group, Probe, ProbePicture, View } from '../../core/view.js';
import { modulo } from '../../image/canvas.js';
import { shiftedByFraction } from '../../image/fractional.js';
import type { ShiftOptions } from './options.js';
import { routeOf, type Offset, type Route } from './path.js';
import { roomFor } from './room.js';
import { placed, type Placed } from './surround.js';

/** Most views of one batch. */
const BATCH = 32;

type RandomFor = (...keys: readonly (string | number)[]) => Random;

/**
 * Views have the coordinates `dx`, `dy`: how far the content moves, pixels, right and down positive. Random paths and
 * crops draw from the stream of (picture, repeat); each repeat is a group of its own, and all are pooled.
 */
export const shiftProbe: Probe<ShiftOptions> = {
  name: 'shift',
  *views(picture, frame, options, randomFor) {
    const { groups } = yield* shiftViews(picture, frame, options, randomFor, {});
    return groups;
  },
};

/**
 * The views of one set of options, and how they belong together.
 *
 * @param at coordinates that all views and groups get besides
 * @returns groups whose indices count from these options' first view, and the number of views
 * @throws {InputError} the options need more room than the frame leaves
 * @throws {PictureError} the picture can't have these views
 */
export function* shiftViews(
  picture: ProbePicture,
  frame: Frame,
  options: ShiftOptions,
  randomFor: RandomFor,
  at: Coordinates,
): Generator<readonly View[], { readonly groups: Group[]; readonly count: number }, readonly Answer[]> {
  const room = roomFor(options, frame);
  const streams = Array.from({ length: options.repeat }, (_, repeat) => randomFor(picture.id, repeat));
  const groups: Group[] = [];
  let count = 0;
  // Repeats share a canvas unless each draws its own.
  for (const together of options.surround === 'random-crop' ? streams.map((stream) => [stream]) : [streams]) {
    // A random crop is drawn before the path, so that paths don't decide which part of the picture is seen.
    const ownCanvas =
      options.surround === 'random-crop' ? placed(picture, frame, options, room, [], together[0] as Random) : null;
    const routes = together.map((stream) => routeOf(options, room, stream));
    const offsets = routes.flatMap((route, i) => (i === 0 ? route.offsets : route.offsets.slice(1)));
    const canvas = ownCanvas ?? placed(picture, frame, options, room, offsets, together[0] as Random);
    const between = fractionsOf(canvas, options);
    for (let i = 0; i < offsets.length; i += BATCH) {
      yield offsets.slice(i, i + BATCH).map((offset) => viewOf(offset, between(offset), at));
    }
    let later = 0;
    for (const route of routes) {
      groups.push(groupOf(route, count, later, at));
      later += route.offsets.length - 1;
    }
    count += offsets.length;
  }
  return { groups, count };
}

/** The canvas for an offset: moved by what it has beside whole pixels. Offsets with the same rest share one. */
function fractionsOf(whole: Placed, { interpolation, surround }: ShiftOptions): (offset: Offset) => Placed {
  const moved = new Map<string, Placed>();
  return ([dx, dy]) => {
    const [right, down] = [rest(dx), rest(dy)];
    if ((right === 0 && down === 0) || interpolation === undefined) return whole;
    const key = `${right},${down}`;
    let placed = moved.get(key);
    if (placed === undefined) {
      const ends = surround === 'cyclic' ? 'wrap' : 'mirror';
      placed = { ...whole, canvas: shiftedByFraction(whole.canvas, right, down, interpolation, ends) };
      moved.set(key, placed);
    }
    return placed;
  };
}

/** What an offset has beside whole pixels, in [0, 1): the same number for 0.3 and −0.7. */
function rest(offset: number): number {
  return Math.round((offset - Math.floor(offset)) * 1e9) / 1e9;
}

function viewOf([dx, dy]: Offset, { canvas, x, y, wrap }: Placed, at: Coordinates): View {
  const [right, down] = [Math.floor(dx), Math.floor(dy)];
  const corner = wrap
    ? { x: modulo(x - right, canvas.width), y: modulo(y - down, canvas.height) }
    : { x: x - right, y: y - down };
  return { at: { ...at, dx, dy }, canvas, ...corner, wrap };
}

/**
 * A route's group, `first` being the index of the canvas' first view. Routes that share a canvas share that view, their
 * unshifted one; a route's others come `later` views later.
 */
function groupOf({ offsets, reference, pairs }: Route, first: number, later: number, at: Coordinates): Group {
  const index = (i: number): number => first + (later > 0 && i > 0 ? later + i : i);
  return {
    at,
    reference: index(reference),
    pairs: pairs.map(([a, b]) => [index(a), index(b)] as const),
    views: offsets.map((_, i) => index(i)),
  };
}
