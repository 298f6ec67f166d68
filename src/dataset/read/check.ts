// Whether numbers are a box (or two points) in a picture, or what is wrong with them.
import { InputError, shown } from '../../core/errors.js';
import type { BoxFault } from '../../core/dataset.js';
import type { Box } from '../../core/picture.js';

/** How far a box may reach over an edge, pixels: rounding and counting from 1. It is cut off at the edge. */
const SLACK = 1;

/** Takes a box that can't be used; without one the first such box ends the reading. */
export type OnFault = (fault: BoxFault) => void;

/** Hands a fault on, or throws it. */
export function report(fault: BoxFault, onFault: OnFault | undefined): void {
  if (onFault) onFault(fault);
  else throw new InputError(`${faultText(fault)}. Mend or remove it.`);
}

/** "line 12 of boxes.csv: …". */
export function faultText({ source, line, reason }: BoxFault): string {
  return `line ${line} of ${source}: ${reason}`;
}

/** A cell or an element's text as a number; NaN where it is none or empty. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}

/** What is wrong with a picture's size; null if nothing. */
export function sizeFault(width: unknown, height: unknown): string | null {
  const sides = [width, height];
  if (sides.some((side) => side === undefined || side === null || side === ''))
    return 'the picture has no size (width and height in pixels)';
  const wrong = sides.find((side) => !(numberOf(side) > 0 && Number.isFinite(numberOf(side))));
  return wrong === undefined ? null : `expected a picture size above 0 but received ${shown(wrong)}`;
}

/** The box, cut off at the picture's edges where it reaches over them by a pixel at most; else what is wrong with it. */
export function checkedBox(raw: Readonly<Record<keyof Box, unknown>>, width: number, height: number): Box | string {
  const wrong = notNumbers(raw);
  if (wrong !== null) return wrong;
  const [xmin, ymin, xmax, ymax] = [raw.xmin, raw.ymin, raw.xmax, raw.ymax].map(numberOf) as [
    number,
    number,
    number,
    number,
  ];
  if (xmax < xmin || ymax < ymin)
    return `inverted box: ${xmax < xmin ? `xmax ${xmax} lies left of xmin ${xmin}` : `ymax ${ymax} lies above ymin ${ymin}`}`;
  if (xmax === xmin || ymax === ymin)
    return `box without area: ${xmax === xmin ? `xmin = xmax = ${xmin}` : `ymin = ymax = ${ymin}`}`;
  const outside = outsideOf([xmin, xmax], width, 'x') ?? outsideOf([ymin, ymax], height, 'y');
  if (outside !== null) return `box ${outside}`;
  const box = {
    xmin: Math.max(0, xmin),
    ymin: Math.max(0, ymin),
    xmax: Math.min(width, xmax),
    ymax: Math.min(height, ymax),
  };
  return box.xmax > box.xmin && box.ymax > box.ymin ? box : 'box outside the picture: nothing of it lies within';
}

/** Two points as given, held in the picture as boxes are; else what is wrong with them. */
export function checkedPair(
  raw: Readonly<Record<'x1' | 'y1' | 'x2' | 'y2', unknown>>,
  width: number,
  height: number,
): Readonly<Record<'x1' | 'y1' | 'x2' | 'y2', number>> | string {
  const wrong = notNumbers(raw);
  if (wrong !== null) return wrong;
  const [x1, y1, x2, y2] = [raw.x1, raw.y1, raw.x2, raw.y2].map(numberOf) as [number, number, number, number];
  if (x1 === x2 && y1 === y2) return `both points are at ${x1}, ${y1}`;
  const outside =
    outsideOf([Math.min(x1, x2), Math.max(x1, x2)], width, 'x') ??
    outsideOf([Math.min(y1, y2), Math.max(y1, y2)], height, 'y');
  if (outside !== null) return `points ${outside}`;
  const held = (value: number, side: number): number => Math.min(side, Math.max(0, value));
  return { x1: held(x1, width), y1: held(y1, height), x2: held(x2, width), y2: held(y2, height) };
}

function notNumbers(raw: Readonly<Record<string, unknown>>): string | null {
  for (const [name, value] of Object.entries(raw)) {
    if (value === undefined || value === null || value === '') return `${name} is missing`;
    if (!Number.isFinite(numberOf(value))) return `${name} is ${shown(value)}, not a number`;
  }
  return null;
}

function outsideOf([low, high]: readonly [number, number], side: number, axis: 'x' | 'y'): string | null {
  if (low >= -SLACK && high <= side + SLACK) return null;
  return `outside the picture: ${axis} from ${low} to ${high} of ${side} pixels`;
}
