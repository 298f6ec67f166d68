// Filling the unknown part of a picture by blurring the known part into it (the surround of Azulay & Weiss, JMLR 2019):
// normalised convolution (Knutsson & Westin, CVPR 1993) with the binomial kernel, again and again.
import { InputError } from '../core/errors.js';
import type { Raster } from '../core/picture.js';

/** Passes go on until every pixel is filled and none changes by more than this in a pass, grey levels of 255. */
export const SMALL_CHANGE = 0.5;

/** Passes after the one that fills the last pixel, at most: a picture can settle slowly, but nobody sees it. */
export const MOST_SETTLING = 64;

/** A colour and 1, or four zeros where nothing is known yet. */
const STRIDE = 4;

/** A run of unknown pixels of one row. */
type Run = { readonly row: number; readonly from: number; readonly to: number };

/**
 * The raster with its unknown pixels filled; known ones keep their values. One pass gives each unknown pixel the mean
 * of the filled pixels among its 3 × 3 neighbours and itself, weighted by [1 2 1] ⊗ [1 2 1] (nothing lies beyond the
 * raster's edges); all pixels of a pass see the pass before. It ends when every pixel is filled and no channel of any
 * pixel changed by more than `SMALL_CHANGE` in the last pass, `MOST_SETTLING` passes after the last pixel was filled at
 * the latest. Nothing is random.
 *
 * @param known a byte a pixel, row by row: 0 = unknown; its colour doesn't count
 * @returns floats
 * @throws {InputError} nothing is known
 */
export function inpainted(raster: Raster, known: Uint8Array): Raster {
  const { width, height } = raster;
  const runs = unknownRuns(known, width, height);
  let before = new Float32Array(width * height * STRIDE);
  let filled = 0;
  for (let i = 0; i < known.length; i++) {
    if (known[i] === 0) continue;
    for (let channel = 0; channel < 3; channel++) before[i * STRIDE + channel] = raster.data[i * 3 + channel] as number;
    before[i * STRIDE + 3] = 1;
    filled++;
  }
  if (filled === 0)
    throw new InputError('Expected a picture with a known part to fill the rest from, but nothing is known.');
  let after = before.slice();
  const front = boundsOf(known, width, height);
  for (let settling = 0; settling <= MOST_SETTLING;) {
    const complete = filled === known.length;
    if (!complete) grow(front, width, height);
    const pass = { change: 0, filled: 0 };
    for (const run of runs) {
      if (run.row < front.top || run.row >= front.bottom) continue;
      const [from, to] = [Math.max(run.from, front.left), Math.min(run.to, front.right)];
      if (from < to) blurRun(before, after, width, height, run.row, from, to, pass);
    }
    [before, after] = [after, before];
    filled += pass.filled;
    if (!complete) continue;
    if (pass.change <= SMALL_CHANGE) break;
    settling++;
  }
  const data = new Float32Array(width * height * 3);
  for (let i = 0; i < known.length; i++) {
    for (let channel = 0; channel < 3; channel++) data[i * 3 + channel] = before[i * STRIDE + channel] as number;
  }
  return { width, height, data };
}

/** What a pass did: the largest change of a channel, and pixels that got their first colour. */
type Pass = { change: number; filled: number };

/** One pass over a run: columns are weighted once and shared by the three pixels that they are a neighbour of. */
function blurRun(
  before: Float32Array,
  after: Float32Array,
  width: number,
  height: number,
  row: number,
  from: number,
  to: number,
  pass: Pass,
): void {
  const stride = width * STRIDE;
  const up = row > 0 ? -stride : 0;
  const down = row < height - 1 ? stride : 0;
  // Beyond the upper and lower edge the row itself would count again: its weight falls by as much.
  const middle = 2 - Number(row === 0) - Number(row === height - 1);
  const base = row * stride;
  // Sums of the columns two before, one before and at `column`: red, green, blue and how much is filled.
  let r0 = 0;
  let g0 = 0;
  let b0 = 0;
  let m0 = 0;
  let r1 = 0;
  let g1 = 0;
  let b1 = 0;
  let m1 = 0;
  for (let column = Math.max(0, from - 1); column <= to; column++) {
    let r2 = 0;
    let g2 = 0;
    let b2 = 0;
    let m2 = 0;
    if (column < width) {
      const at = base + column * STRIDE;
      const above = at + up;
      const below = at + down;
      r2 = (before[above] as number) + middle * (before[at] as number) + (before[below] as number);
      g2 = (before[above + 1] as number) + middle * (before[at + 1] as number) + (before[below + 1] as number);
      b2 = (before[above + 2] as number) + middle * (before[at + 2] as number) + (before[below + 2] as number);
      m2 = (before[above + 3] as number) + middle * (before[at + 3] as number) + (before[below + 3] as number);
    }
    const mass = m0 + 2 * m1 + m2;
    if (column > from && mass > 0) {
      const pixel = base + (column - 1) * STRIDE;
      const red = (r0 + 2 * r1 + r2) / mass;
      const green = (g0 + 2 * g1 + g2) / mass;
      const blue = (b0 + 2 * b1 + b2) / mass;
      if (before[pixel + 3] === 0) pass.filled++;
      else {
        const change = Math.max(
          Math.abs(red - (before[pixel] as number)),
          Math.abs(green - (before[pixel + 1] as number)),
          Math.abs(blue - (before[pixel + 2] as number)),
        );
        if (change > pass.change) pass.change = change;
      }
      after[pixel] = red;
      after[pixel + 1] = green;
      after[pixel + 2] = blue;
      after[pixel + 3] = 1;
    }
    r0 = r1;
    g0 = g1;
    b0 = b1;
    m0 = m1;
    r1 = r2;
    g1 = g2;
    b1 = b2;
    m1 = m2;
  }
}

/** Part of the raster that holds all filled pixels; `right` and `bottom` are exclusive. */
type Bounds = { left: number; top: number; right: number; bottom: number };

function boundsOf(known: Uint8Array, width: number, height: number): Bounds {
  const bounds = { left: width, top: height, right: 0, bottom: 0 };
  for (let i = 0; i < known.length; i++) {
    if (known[i] === 0) continue;
    const column = i % width;
    const row = (i - column) / width;
    bounds.left = Math.min(bounds.left, column);
    bounds.right = Math.max(bounds.right, column + 1);
    bounds.top = Math.min(bounds.top, row);
    bounds.bottom = Math.max(bounds.bottom, row + 1);
  }
  return bounds;
}

/** A pass fills pixels beside filled ones. */
function grow(bounds: Bounds, width: number, height: number): void {
  bounds.left = Math.max(0, bounds.left - 1);
  bounds.top = Math.max(0, bounds.top - 1);
  bounds.right = Math.min(width, bounds.right + 1);
  bounds.bottom = Math.min(height, bounds.bottom + 1);
}

function unknownRuns(known: Uint8Array, width: number, height: number): Run[] {
  const runs: Run[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (known[row * width + column] !== 0) continue;
      const from = column;
      while (column < width && known[row * width + column] === 0) column++;
      runs.push({ row, from, to: column });
    }
  }
  return runs;
}
