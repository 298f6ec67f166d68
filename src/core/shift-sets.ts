// Named sets of whole-pixel shifts whose answers are averaged, and sets that the user writes down. The content moves by
// (dx, dy): right and down positive. Which sets help, and on which paths, was measured on rewritten ImageNet models.
import { expected, unknownName } from './errors.js';

/** A shift of the content, whole pixels: right and down positive. */
export type Shift = { readonly dx: number; readonly dy: number };

/** Shifts that are averaged: `name` is that of a named set, or the list as written ("0,0;1,0"). */
export type ShiftSet = { readonly name: string; readonly shifts: readonly Shift[] };

/** Most shifts that are averaged, and how far a shift may go, pixels. */
const MOST = 64;
const FARTHEST = 64;

function grid(low: number, high: number): Shift[] {
  const side = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  return side.flatMap((dy) => side.map((dx) => ({ dx, dy })));
}

const NAMED: Readonly<Record<string, readonly Shift[]>> = {
  // Two neighbours on the diagonal.
  grid2: [
    { dx: 0, dy: 0 },
    { dx: 1, dy: 1 },
  ],
  // One of each phase of a stride of 2.
  grid4: grid(0, 1),
  // Every second place of a 4×4 square, as on a chessboard.
  quin8: grid(-1, 2).filter(({ dx, dy }) => (dx + dy) % 2 === 0),
  // A lattice of 8 spread over an 8×8 square: each row and column once.
  lat8: Array.from({ length: 8 }, (_, i) => ({ dx: i - 4, dy: ((3 * i) % 8) - 4 })),
};

/** Names of the sets that needn't be written down. */
export const shiftSetNames: readonly string[] = Object.keys(NAMED);

/**
 * A set of shifts by its name ("grid2", "grid4", "quin8", "lat8"), or written as "dx,dy;dx,dy;…" ("0,0;1,0;0,1").
 *
 * @param option what the text was given for, for messages ("--export")
 * @throws InputError for an unknown name, a shift twice, fewer than 2 or too many shifts, or one that goes too far
 */
export function parseShiftSet(text: string, option: string): ShiftSet {
  const name = text.replaceAll(/\s/g, '');
  const named = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  if (named !== undefined) return { name, shifts: named };
  if (!/[,;]/.test(name)) throw unknownName(`set of shifts for ${option}`, text, [...shiftSetNames, '"dx,dy;dx,dy;…"']);
  const shifts = name.split(';').map((pair): Shift => {
    const [, dx, dy] = /^([+-]?\d+),([+-]?\d+)$/.exec(pair) ?? [];
    const shift = { dx: Number(dx), dy: Number(dy) };
    if (Math.abs(shift.dx) <= FARTHEST && Math.abs(shift.dy) <= FARTHEST) return shift;
    throw expected(option, `shifts "dx,dy;dx,dy;…" of whole pixels from -${FARTHEST} to ${FARTHEST}`, pair);
  });
  if (shifts.length < 2 || shifts.length > MOST) throw expected(option, `2 to ${MOST} shifts`, shifts.length);
  const written = shifts.map(({ dx, dy }) => `${dx},${dy}`);
  const twice = written.find((pair, i) => written.indexOf(pair) !== i);
  if (twice !== undefined) throw expected(option, 'each shift once', twice, 'Leave one out.');
  return { name: written.join(';'), shifts };
}
