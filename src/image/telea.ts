// Inpainting by fast marching: A. Telea, "An image inpainting technique based on the fast marching method", Journal of
// Graphics Tools 9(1), 2004. Unknown pixels are filled in the order of their distance from the known part, each from the
// known pixels round it and their gradients.
import { InputError } from '../core/errors.js';
import type { Raster } from '../core/picture.js';
import { arrivalTimes, gradientOf } from './telea-march.js';

/** Radius ε of the neighbourhood that a pixel is filled from, pixels (the paper: 3 to 10). */
export const TELEA_RADIUS = 4;

/** A neighbour's place, its distance's square and length. */
type Neighbour = { readonly x: number; readonly y: number; readonly square: number; readonly length: number };

/**
 * The raster with its unknown pixels filled; known ones keep their values. A pixel's colour is the mean, over the pixels
 * within `TELEA_RADIUS` that are known or filled already, of their colour continued along their gradient (equation 2),
 * weighted by direction, distance and level (equation 3). Two things keep wide surrounds from running off, which the
 * paper's scratches are too thin to show: only known pixels are continued along their gradient, filled ones count as
 * they are; and a mean stays within the colours that it is made from. Nothing is random, and pixels of equal distance
 * don't see each other.
 *
 * @param known a byte a pixel, row by row: 0 = unknown; its colour doesn't count
 * @returns floats
 * @throws {InputError} nothing is known
 */
export function teleaInpainted(raster: Raster, known: Uint8Array): Raster {
  const { width, height } = raster;
  if (known.every((value) => value === 0))
    throw new InputError('Expected a picture with a known part to fill the rest from, but nothing is known.');
  const data = Float32Array.from(raster.data);
  const { times, order } = arrivalTimes(known, width, height, TELEA_RADIUS);
  const slopes = slopesOf(data, known, width, height);
  const done = known.slice();
  const neighbours = disc(TELEA_RADIUS);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && times[order[to] as number] === times[order[from] as number]) to++;
    const together = order.subarray(from, to);
    for (const pixel of together) fill(data, slopes, times, done, neighbours, width, height, pixel);
    for (const pixel of together) done[pixel] = 1;
  }
  return { width, height, data };
}

/** How each channel of the known pixels rises to the right and downwards; 0 for unknown ones. */
type Slopes = { readonly right: Float32Array; readonly down: Float32Array };

function slopesOf(data: Float32Array, known: Uint8Array, width: number, height: number): Slopes {
  const right = new Float32Array(data.length);
  const down = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    if (known[pixel] === 0) continue;
    const column = pixel % width;
    right[i] = slope(data, i, 3, column < width - 1 && known[pixel + 1] !== 0, column > 0 && known[pixel - 1] !== 0);
    const below = pixel < width * (height - 1) && known[pixel + width] !== 0;
    down[i] = slope(data, i, 3 * width, below, pixel >= width && known[pixel - width] !== 0);
  }
  return { right, down };
}

/** Central difference where both sides are known, to one side where only that one is. */
function slope(data: Float32Array, at: number, step: number, ahead: boolean, behind: boolean): number {
  const from = data[behind ? at - step : at] as number;
  const to = data[ahead ? at + step : at] as number;
  return ahead && behind ? (to - from) / 2 : to - from;
}

/** Offsets to all pixels within a radius but the middle one. */
function disc(radius: number): Neighbour[] {
  const side = Array.from({ length: 2 * radius + 1 }, (_, i) => i - radius);
  return side
    .flatMap((y) => side.map((x) => ({ x, y, square: x * x + y * y, length: Math.hypot(x, y) })))
    .filter(({ square }) => square > 0 && square <= radius * radius);
}

/** Gives one pixel its colour. */
function fill(
  data: Float32Array,
  { right, down }: Slopes,
  times: Float32Array,
  done: Uint8Array,
  neighbours: readonly Neighbour[],
  width: number,
  height: number,
  pixel: number,
): void {
  const column = pixel % width;
  const row = (pixel - column) / width;
  const time = times[pixel] as number;
  const [normalX, normalY] = gradientOf(times, width, height, column, row);
  const sums = [0, 0, 0];
  const lowest = [255, 255, 255];
  const highest = [0, 0, 0];
  let total = 0;
  for (const { x, y, square, length } of neighbours) {
    const nearX = column + x;
    const nearY = row + y;
    if (nearX < 0 || nearY < 0 || nearX >= width || nearY >= height) continue;
    const near = nearY * width + nearX;
    if (done[near] === 0) continue;
    // How far the direction to the neighbour agrees with the front's normal; never 0, so that there is always a mean.
    const direction = Math.max(Math.abs(x * normalX + y * normalY) / length, 1e-6);
    const level = 1 / (1 + Math.abs((times[near] as number) - time));
    const weight = (direction * level) / square;
    for (let channel = 0, from = 3 * near; channel < 3; channel++, from++) {
      const value = data[from] as number;
      const continued = value - x * (right[from] as number) - y * (down[from] as number);
      sums[channel] = (sums[channel] as number) + weight * continued;
      if (value < (lowest[channel] as number)) lowest[channel] = value;
      if (value > (highest[channel] as number)) highest[channel] = value;
    }
    total += weight;
  }
  for (let channel = 0; channel < 3; channel++) {
    const mean = (sums[channel] as number) / total;
    data[3 * pixel + channel] = Math.min(highest[channel] as number, Math.max(lowest[channel] as number, mean));
  }
}
