// What turned, scaled and moved views of one picture are sampled from: the resized picture round the model's window.
import type { Frame, ProbePicture } from '../../core/view.js';
import type { Raster } from '../../core/picture.js';
import { BLACK, type Fill } from '../../image/canvas.js';
import { kernelNamed } from '../../image/kernels.js';
import { placedRaster, type Placing } from '../../image/rotate.js';
import { centreOfResized, centreOffset, resizedToShortestEdge } from '../../image/size.js';
import { cropCanvas } from '../shift/room.js';
import type { Border, Sampling } from './options.js';

/** Makes views: the content as it is placed, in a raster of `width` × `height` (the frame's where omitted). */
export type Stage = (placing: Placing, width?: number, height?: number) => Raster;

export const UNMOVED: Placing = { angle: 0, scale: 1, dx: 0, dy: 0 };

/** Pixels that kernels reach beyond the place that they are asked for. */
const REACH = 3;

/**
 * The stage of a picture. Unmoved it gives the model's own preprocessing, bit for bit, wherever its canvas is the
 * model's; scaling and turning are about the middle of that window.
 *
 * @param least the smallest scale, and how far content is moved at most: decide how much of the picture is kept
 * @throws {InputError} the canvas is smaller than the model's input
 * @throws {PictureError} the picture is too long to be resized
 */
export function stageOf(
  { raster }: ProbePicture,
  frame: Frame,
  sampling: Sampling,
  least: { readonly scale: number; readonly move: number },
): Stage {
  const { width, height } = frame;
  const border = borderOf(sampling.border, frame);
  const kernel = kernelNamed(frame.kernel);
  const side = cropCanvas(sampling.canvas, frame, { low: 0, high: 0 });
  let source: Raster;
  let centre = { x: width / 2, y: height / 2 };
  if (sampling.surround === 'window') {
    source = centreOfResized(raster, side, kernel, width, height);
  } else {
    const radius = Math.ceil((Math.hypot(width, height) / 2 + least.move) / least.scale) + REACH;
    source = resizedToShortestEdge(raster, side, kernel, (size) => {
      const middle = {
        x: centreOffset(size.width, width) + width / 2,
        y: centreOffset(size.height, height) + height / 2,
      };
      const x = Math.max(0, Math.floor(middle.x) - radius);
      const y = Math.max(0, Math.floor(middle.y) - radius);
      centre = { x: middle.x - x, y: middle.y - y };
      return {
        x,
        y,
        width: Math.min(size.width, Math.ceil(middle.x) + radius) - x,
        height: Math.min(size.height, Math.ceil(middle.y) + radius) - y,
      };
    });
  }
  return (placing, across = width, down = height) =>
    placedRaster(source, centre, placing, { width: across, height: down }, sampling.kernel, border);
}

function borderOf(border: Border, frame: Frame): Fill {
  if (border === 'mean') return { colour: frame.neutral };
  return border === 'black' ? BLACK : border;
}
