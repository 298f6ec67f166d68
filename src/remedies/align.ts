// Crop alignment: the window is moved so that the most detailed of the spacing² lattices of pixels lies at its corner. A
// network that subsamples by the spacing in all then sees the same pixels at the same places of its lattice, wherever
// the camera pointed. The choice of a polyphase component is that of Chaman & Dokmanić (CVPR 2021), at the input.
import { expected } from '../core/errors.js';
import { BORDER, energyOf } from './energy.js';
import type { Corner, RemedyKind, Sight } from './remedy.js';

const LEAST = 2;
const MOST = 64;

/** `alignN`: spacing N. */
export const align: RemedyKind = {
  written: ['align8', 'align16', 'align32'],
  read: (text) => {
    const [, number] = /^align:?(\d+)$/.exec(text) ?? [];
    if (number === undefined) return null;
    const spacing = Number(number);
    if (spacing < LEAST || spacing > MOST)
      throw expected('--remedy align', `a spacing from ${LEAST} to ${MOST} pixels, such as align16`, text);
    return {
      act: 'choose',
      name: `align${spacing}`,
      form: { align: spacing },
      reach: Math.ceil(spacing / 2),
      choose: (sight) => aligned(sight, spacing),
    };
  },
};

/**
 * The corner of the aligned window: the offset (mod spacing) whose lattice has the largest sum of energies in the view's
 * own window is moved to the corner, by at most half the spacing. Of equal sums the first, row by row, counts.
 */
function aligned({ canvas, x, y, wrap, width, height }: Sight, spacing: number): Corner {
  const energy = energyOf(canvas, wrap);
  // A torus has no border; where the spacing divides its sides, the choice there follows the content exactly.
  const border = wrap && canvas.width === width && canvas.height === height ? 0 : BORDER;
  const sums = new Float64Array(spacing * spacing);
  for (let row = border; row < height - border; row++) {
    const line = ((((y + row) % canvas.height) + canvas.height) % canvas.height) * canvas.width;
    const phase = (row % spacing) * spacing;
    for (let column = border; column < width - border; column++) {
      const across = wrap ? (x + column) % canvas.width : x + column;
      const place = phase + (column % spacing);
      sums[place] = (sums[place] as number) + (energy[line + across] as number);
    }
  }
  let best = 0;
  for (let place = 1; place < sums.length; place++) if ((sums[place] as number) > (sums[best] as number)) best = place;
  return { x: x + nearest(best % spacing, spacing), y: y + nearest(Math.floor(best / spacing), spacing) };
}

/** The phase as the shorter way from 0: −spacing/2 … spacing/2 − 1. */
function nearest(phase: number, spacing: number): number {
  const half = Math.floor(spacing / 2);
  return ((phase + half) % spacing) - half;
}
