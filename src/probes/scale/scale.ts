// The scale probe: one picture, or the object in it, at several sizes with everything else the same (Azulay & Weiss,
// JMLR 2019: accuracy against the size of the object).
import { PictureError } from '../../core/errors.js';
import type { Raster } from '../../core/picture.js';
import type { Frame, Group, Probe, ProbePicture, View } from '../../core/view.js';
import { cropped } from '../../image/canvas.js';
import { kernelNamed } from '../../image/kernels.js';
import type { Window } from '../../image/raster.js';
import { resizeRaster } from '../../image/resize.js';
import { centreOffset, resizedToShortestEdge, type Size } from '../../image/size.js';
import { largestBox } from '../box.js';
import type { ScaleOptions } from './options.js';
import { canvasAtOne } from './room.js';
import { onCanvas } from './surround.js';

/**
 * Views have the coordinate `scale` (or `object`: the box's longer side by the input's shorter). The run's own group is
 * the path over all sizes, ascending, whose reference is scale 1. Each size is a group apart besides, with the pair of it
 * and the next size; so is half size where the path leaves it out.
 */
export const scaleProbe: Probe<ScaleOptions> = {
  name: 'scale',
  *views(picture, frame, options) {
    const { sizes, reference, half, of } = options;
    const key = of === 'picture' ? 'scale' : 'object';
    const canvas = canvasAtOne(options, frame);
    const all = half === null ? sizes : [...sizes, half];
    for (const size of all) {
      const raster =
        canvas === null ? objectAt(picture, frame, options, size) : pictureAt(picture, frame, options, size, canvas);
      const view: View = { at: { [key]: size }, canvas: raster, x: 0, y: 0, wrap: false };
      yield [view];
    }
    return groupsOf(all, sizes.length, sizes.indexOf(reference), key);
  },
};

function groupsOf(all: readonly number[], onPath: number, reference: number, key: string): Group[] {
  const path = Array.from({ length: onPath }, (_, i) => i);
  const pairs = path.slice(1).map((i): [number, number] => [i - 1, i]);
  const apart = all.map((size, i): Group => {
    const next = i + 1 < onPath;
    return {
      at: { [key]: size },
      reference: i,
      pairs: next ? [[i, i + 1]] : [],
      views: next ? [i, i + 1] : [i],
      apart: true,
    };
  });
  return [{ at: {}, reference, pairs, views: path }, ...apart];
}

/**
 * The picture resized once, straight to its size: the shorter side to round(canvas · size), and its middle cut. At most
 * as much of it is seen as at scale 1, unless the surround is the picture's own.
 */
function pictureAt(
  { id, raster }: ProbePicture,
  frame: Frame,
  { surround }: ScaleOptions,
  size: number,
  canvas: number,
): Raster {
  const own = surround === 'real' || surround === 'crop';
  const shown = (input: number, side: number): number =>
    Math.min(input, side, own ? input : Math.max(1, Math.round(input * size)));
  const part = resizedToShortestEdge(raster, Math.max(1, Math.round(canvas * size)), kernelNamed(frame.kernel), (all) =>
    middle(all, { width: shown(frame.width, all.width), height: shown(frame.height, all.height) }),
  );
  if (surround === 'crop') mustFill(id, `scale ${size}`, part, frame);
  return onCanvas(
    part,
    centreOffset(frame.width, part.width),
    centreOffset(frame.height, part.height),
    surround,
    frame,
  );
}

function middle(all: Size, { width, height }: Size): Window {
  return { x: centreOffset(all.width, width), y: centreOffset(all.height, height), width, height };
}

/** The box's longer side at `size` of the input's shorter, the box's middle in the input's. */
function objectAt(picture: ProbePicture, frame: Frame, { surround }: ScaleOptions, size: number): Raster {
  const { raster, id } = picture;
  const box = largestBox(picture, '--scale object:');
  const factor = (size * Math.min(frame.width, frame.height)) / Math.max(box.xmax - box.xmin, box.ymax - box.ymin);
  const kernel = kernelNamed(frame.kernel);
  const length = (side: number): number => Math.max(1, Math.round(side * factor));
  if (surround !== 'real' && surround !== 'crop') {
    const x = Math.floor(box.xmin);
    const y = Math.floor(box.ymin);
    const object = cropped(raster, { x, y, width: Math.ceil(box.xmax) - x, height: Math.ceil(box.ymax) - y });
    const part = resizeRaster(object, length(object.width), length(object.height), kernel);
    return onCanvas(
      part,
      centreOffset(frame.width, part.width),
      centreOffset(frame.height, part.height),
      surround,
      frame,
    );
  }
  const all = { width: length(raster.width), height: length(raster.height) };
  const across = spanOf((((box.xmin + box.xmax) / 2) * all.width) / raster.width, frame.width, all.width);
  const down = spanOf((((box.ymin + box.ymax) / 2) * all.height) / raster.height, frame.height, all.height);
  const window = { x: across.from, y: down.from, width: across.length, height: down.length };
  const part = resizeRaster(raster, all.width, all.height, kernel, window);
  if (surround === 'crop') mustFill(id, `object size ${size}`, part, frame);
  return onCanvas(part, across.place, down.place, surround, frame);
}

/** @throws {PictureError} the part is smaller than the input */
function mustFill(id: string, size: string, part: Size, frame: Frame): void {
  if (part.width >= frame.width && part.height >= frame.height) return;
  throw new PictureError(
    `${id} at ${size} reaches over ${part.width}x${part.height} of the input's ${frame.width}x${frame.height} px; expected a picture that fills it with --scale-surround crop. Take larger sizes, or the surround real.`,
  );
}

/** The part of a side, `all` long, that an input centred on `centre` sees, and its place in the input. */
function spanOf(centre: number, input: number, all: number): { from: number; length: number; place: number } {
  const start = Math.round(centre - input / 2);
  const from = Math.max(0, start);
  return { from, length: Math.min(all, start + input) - from, place: from - start };
}
