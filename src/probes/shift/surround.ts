// Surrounds: the canvas that all views of one picture are cut from, just large enough for the offsets they take.
import { PictureError } from '../../core/errors.js';
import type { Box, Raster } from '../../core/picture.js';
import type { Random } from '../../core/random.js';
import type { Frame, ProbePicture, View } from '../../core/view.js';
import { BLACK, cropped, padded, type Fill } from '../../image/canvas.js';
import { inpainted } from '../../image/inpaint.js';
import { kernelNamed } from '../../image/kernels.js';
import { resizeRaster } from '../../image/resize.js';
import { centreCropped, centreOffset, centreOfResized, resizedToShortestEdge } from '../../image/size.js';
import { teleaInpainted } from '../../image/telea.js';
import type { Offset } from './path.js';
import type { FillName, ShiftOptions } from './options.js';
import { randomCrop } from './random-crop.js';
import { anchorOffset, objectSide, randomCropOrigin, type Room } from './room.js';

/** A canvas and the corner of the unshifted window on it; a shift by (dx, dy) has its window at (x − dx, y − dy). */
export type Placed = Pick<View, 'canvas' | 'x' | 'y' | 'wrap'>;

/** How far windows go from the unshifted one, whole pixels, each 0 or more; and what is kept beyond where there is more. */
type Extent = {
  readonly left: number;
  readonly right: number;
  readonly up: number;
  readonly down: number;
  readonly margin: number;
};

/**
 * So much more of a canvas is kept on each side, where there is more, for band-limited shifts: beyond it the canvas is
 * mirrored, and what the mirror changes fades with the distance.
 */
const FOURIER_MARGIN = 16;

/**
 * @param random decides the crop of "random-crop"; others draw nothing
 * @throws {PictureError} the picture has no box, or is too long to be resized
 */
export function placed(
  picture: ProbePicture,
  frame: Frame,
  options: ShiftOptions,
  room: Room,
  offsets: readonly Offset[],
  random: Random,
): Placed {
  const extent = extentOf(offsets, marginOf(options, frame));
  switch (options.surround) {
    case 'crop':
      return fromCrop(picture.raster, frame, room.canvas as number, extent);
    case 'cyclic': {
      const canvas = centreOfResized(
        picture.raster,
        room.canvas as number,
        kernelNamed(frame.kernel),
        frame.width,
        frame.height,
      );
      return { canvas, x: 0, y: 0, wrap: true };
    }
    case 'random-crop': {
      const crop = cropped(picture.raster, randomCrop(picture.raster, options.share, options.aspect, random));
      const origin = randomCropOrigin(options.margin);
      const canvas = resizeRaster(
        crop,
        frame.width + options.margin,
        frame.height + options.margin,
        kernelNamed(frame.kernel),
      );
      return { canvas, x: origin, y: origin, wrap: false };
    }
    default: {
      const object = scaled(objectOf(picture, options.object.of), objectSide(options.object.size, frame), frame);
      return onFill(object, frame, options.anchor, options.surround, extent);
    }
  }
}

/** What is kept beyond what windows need. Never so much or so little that a window's pixels depend on it. */
function marginOf({ interpolation, surround }: ShiftOptions, { margin = 0 }: Frame): number {
  // Where band-limited shifts mirror the canvas decides pixels.
  if (interpolation === 'fourier') return FOURIER_MARGIN;
  // And so does how large a hole is inpainted.
  return surround === 'fill-inpaint' || surround === 'fill-telea' ? 0 : margin;
}

function extentOf(offsets: readonly Offset[], margin: number): Extent {
  let [left, right, up, down] = [0, 0, 0, 0];
  for (const [dx, dy] of offsets) {
    left = Math.max(left, dx);
    right = Math.max(right, -dx);
    up = Math.max(up, dy);
    down = Math.max(down, -dy);
  }
  const whole = { left: Math.ceil(left), right: Math.ceil(right), up: Math.ceil(up), down: Math.ceil(down) };
  return { ...whole, margin };
}

function fromCrop(raster: Raster, frame: Frame, side: number, { left, right, up, down, margin }: Extent): Placed {
  let [x, y] = [left, up];
  const canvas = resizedToShortestEdge(raster, side, kernelNamed(frame.kernel), (size) => {
    const corner = { x: centreOffset(size.width, frame.width), y: centreOffset(size.height, frame.height) };
    const more = (room: number): number => Math.min(margin, room);
    x = left + more(corner.x - left);
    y = up + more(corner.y - up);
    return {
      x: corner.x - x,
      y: corner.y - y,
      width: frame.width + x + right + more(size.width - frame.width - corner.x - right),
      height: frame.height + y + down + more(size.height - frame.height - corner.y - down),
    };
  });
  return { canvas, x, y, wrap: false };
}

function objectOf({ id, raster, boxes }: ProbePicture, of: 'picture' | 'centre-square' | 'box'): Raster {
  if (of === 'picture') return raster;
  if (of === 'centre-square') {
    const side = Math.min(raster.width, raster.height);
    return centreCropped(raster, side, side);
  }
  const area = (box: Box): number => (box.xmax - box.xmin) * (box.ymax - box.ymin);
  const [largest] = [...boxes].sort((a, b) => area(b) - area(a));
  if (largest === undefined) {
    throw new PictureError(
      `${id} has no box, which --object box: needs. Give boxes in the CSV (columns xmin, ymin, xmax, ymax).`,
    );
  }
  const x = Math.max(0, Math.floor(largest.xmin));
  const y = Math.max(0, Math.floor(largest.ymin));
  const width = Math.min(raster.width, Math.ceil(largest.xmax)) - x;
  const height = Math.min(raster.height, Math.ceil(largest.ymax)) - y;
  if (width < 1 || height < 1) {
    throw new PictureError(
      `${id} is ${raster.width}x${raster.height} px, and its box lies outside; expected a box inside the picture.`,
    );
  }
  return cropped(raster, { x, y, width, height });
}

/** The object with its larger side at `side`. */
function scaled(object: Raster, side: number, frame: Frame): Raster {
  const factor = side / Math.max(object.width, object.height);
  const width = Math.max(1, Math.round(object.width * factor));
  const height = Math.max(1, Math.round(object.height * factor));
  return resizeRaster(object, width, height, kernelNamed(frame.kernel));
}

/** The fill that needs no more than the edge; for inpainting, what its unknown pixels are before. */
function fillOf(surround: FillName, frame: Frame): Fill {
  switch (surround) {
    case 'fill-mean':
      return { colour: frame.neutral };
    case 'fill-black':
    case 'fill-inpaint':
    case 'fill-telea':
      return BLACK;
    case 'fill-edge':
      return 'edge';
    case 'fill-reflect':
      return 'reflect';
  }
}

function onFill(
  object: Raster,
  frame: Frame,
  anchor: 'centre' | 'before-centre',
  surround: FillName,
  { margin, ...inner }: Extent,
): Placed {
  const [left, right] = [inner.left + margin, inner.right + margin];
  const [up, down] = [inner.up + margin, inner.down + margin];
  const x = left + anchorOffset(frame.width, object.width, anchor);
  const y = up + anchorOffset(frame.height, object.height, anchor);
  const margins = {
    left: x,
    right: frame.width + left + right - x - object.width,
    top: y,
    bottom: frame.height + up + down - y - object.height,
  };
  const canvas = padded(object, margins, fillOf(surround, frame));
  const filled =
    surround === 'fill-inpaint'
      ? inpainted(canvas, knownIn(canvas, object, x, y))
      : surround === 'fill-telea'
        ? teleaInpainted(canvas, knownIn(canvas, object, x, y))
        : canvas;
  return { canvas: filled, x: left, y: up, wrap: false };
}

/** A byte a pixel of the canvas: 1 where the object lies. */
function knownIn(canvas: Raster, object: Raster, x: number, y: number): Uint8Array {
  const known = new Uint8Array(canvas.width * canvas.height);
  for (let row = Math.max(0, y); row < Math.min(canvas.height, y + object.height); row++) {
    known.fill(1, row * canvas.width + Math.max(0, x), row * canvas.width + Math.min(canvas.width, x + object.width));
  }
  return known;
}
