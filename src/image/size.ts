// Sizes and offsets as Hugging Face's image processors and torchvision define them.
import { PictureError } from '../core/errors.js';
import type { KernelName } from '../core/model.js';
import type { Raster } from '../core/picture.js';
import { BLACK, cropped, padded } from './canvas.js';
import type { Window } from './raster.js';
import { resizeRaster } from './resize.js';

export type Size = { readonly width: number; readonly height: number };

/** Most pixels a resized picture may have. A strip of 4 × 20,000 at a shorter side of 256 would have 330 million. */
const RESIZED_LIMIT = 100_000_000;

/**
 * The size with the shorter side at `side` and the aspect kept: the longer side is `trunc(side · longer / shorter)`
 * (transformers `get_resize_output_image_size`, torchvision `_compute_resized_output_size`), so 500 × 375 at 256 is
 * 341 × 256.
 */
export function shortestEdgeSize({ width, height }: Size, side: number): Size {
  return width <= height
    ? { width: side, height: Math.trunc((side * height) / width) }
    : { width: Math.trunc((side * width) / height), height: side };
}

/** Offset of the centred part of `length` pixels on a side: floor((side − length) / 2), negative where it is longer. */
export function centreOffset(side: number, length: number): number {
  return Math.floor((side - length) / 2);
}

/**
 * The centred part. A picture that is smaller on a side is padded with 0 there, centred (transformers `center_crop`).
 */
export function centreCropped(raster: Raster, width: number, height: number): Raster {
  const x = centreOffset(raster.width, width);
  const y = centreOffset(raster.height, height);
  if (x >= 0 && y >= 0) return cropped(raster, { x, y, width, height });
  const margins = { left: -x, top: -y, right: width - raster.width + x, bottom: height - raster.height + y };
  return padded(raster, margins, BLACK);
}

/**
 * The size with the shorter side at `side`, of a picture that isn't too long for it.
 *
 * @throws {PictureError} the result would have more than 100 million pixels
 */
export function checkedShortestEdgeSize({ width, height }: Size, side: number): Size {
  const size = shortestEdgeSize({ width, height }, side);
  if (size.width * size.height <= RESIZED_LIMIT) return size;
  throw new PictureError(
    `The picture is ${width}x${height} px, which a shorter side of ${side} px would turn into ${size.width}x${size.height}; expected at most ${RESIZED_LIMIT.toLocaleString('en-US')} pixels. Crop it first.`,
  );
}

/**
 * The raster with its shorter side at `side`; itself where it has that size.
 *
 * @param window gives the wanted part for the resized size; the whole where omitted
 * @throws {PictureError} the picture is so long that the result would have more than 100 million pixels
 */
export function resizedToShortestEdge(
  raster: Raster,
  side: number,
  kernel: KernelName,
  window?: (size: Size) => Window,
): Raster {
  const size = checkedShortestEdgeSize(raster, side);
  return resizeRaster(raster, size.width, size.height, kernel, window?.(size));
}

/** The centred part of the picture resized to a shorter side of `side`; padded with 0 where that is too small. */
export function centreOfResized(
  raster: Raster,
  side: number,
  kernel: KernelName,
  width: number,
  height: number,
): Raster {
  const size = shortestEdgeSize(raster, side);
  if (size.width < width || size.height < height) {
    return centreCropped(resizedToShortestEdge(raster, side, kernel), width, height);
  }
  const window = { x: centreOffset(size.width, width), y: centreOffset(size.height, height), width, height };
  return resizedToShortestEdge(raster, side, kernel, () => window);
}
