// What tests of probes share: a frame, a picture, the views of a picture, the pixels of a view.
import type { Raster } from '../../src/core/picture.js';
import { randomFor } from '../../src/core/random.js';
import type { Frame, Group, ProbePicture, View } from '../../src/core/view.js';
import { cropped, modulo } from '../../src/image/canvas.js';
import { findProbe } from '../../src/probes/registry.js';
import { rasterOf } from '../image/rasters.js';

/** ImageNet's mean colour. */
export const NEUTRAL = [123.675, 116.28, 103.53] as const;

export function frameOf(side: number, resizeTo: number | null = null, height = side): Frame {
  return { width: side, height, resizeTo, kernel: 'bicubic', neutral: NEUTRAL };
}

export function pictureOf(width: number, height: number, id = 'a.png'): ProbePicture {
  return { id, raster: rasterOf(width, height), boxes: [] };
}

/** All views and groups of a picture under options of the probe "shift" (or another). */
export function viewsOf(picture: ProbePicture, frame: Frame, options: unknown, seed = 0, probeName = 'shift') {
  const probe = findProbe(probeName);
  const generator = probe.views(picture, frame, probe.normalise(options), (...keys) => randomFor(seed, ...keys));
  const views: View[] = [];
  const batches: number[] = [];
  let step = generator.next([]);
  for (; !step.done; step = generator.next([])) {
    views.push(...step.value.filter((view): view is View => !('mean' in view)));
    batches.push(step.value.length);
  }
  const groups: readonly Group[] = step.value;
  return { views, groups, batches };
}

/** Coordinates as [dx, dy]. */
export function offsets(views: readonly View[]): number[][] {
  return views.map(({ at }) => [at.dx as number, at.dy as number]);
}

/** The pixels of a view, cut out one by one. */
export function pixelsOf({ canvas, x, y, wrap }: View, { width, height }: Frame): Raster {
  if (!wrap) return cropped(canvas, { x, y, width, height });
  const data = new Float32Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (modulo(y + row, canvas.height) * canvas.width + modulo(x + column, canvas.width)) * 3;
      data.set(canvas.data.subarray(from, from + 3), (row * width + column) * 3);
    }
  }
  return { width, height, data };
}
