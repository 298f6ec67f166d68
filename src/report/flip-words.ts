// What is said of pictures that models flip, and how columns of models are named.
import type { FlipsResult } from '../core/compare.js';
import { counted, grouped } from './format.js';

/** Whether names of columns must be tilted to fit side by side. */
export function tiltedNames(names: readonly string[]): boolean {
  return names.length > 4 || names.some((name) => name.length > 16);
}

/** Which pictures are drawn, and what of the others. */
export function flipsLead({ pictures, flippedBy, rows }: FlipsResult): string {
  const never = flippedBy[0] ?? 0;
  const flipped = pictures - never;
  const shown =
    rows.length < flipped
      ? ` Drawn are ${grouped(rows.length)} of the ${grouped(flipped)} that any model flips, evenly spaced in this order.`
      : '';
  return `${never === 0 ? 'Every' : `${counted(never, 'picture')} of ${grouped(pictures)} ${never === 1 ? 'is' : 'are'} flipped by no model and ${never === 1 ? 'isn’t' : 'aren’t'} drawn; every other`} picture is a row.${shown}`;
}
