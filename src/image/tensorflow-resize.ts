// Bilinear resizing as TensorFlow does it. Version 1 (tf.image.resize_bilinear) samples at i · scale, half a pixel off the
// middle of what the output pixel covers; version 2 (tf.image.resize) samples at middles, with or without antialiasing.
// After the documentation of both and tensorflow/core/kernels/image (ResizeBilinear, ScaleAndTranslate).
import type { Raster } from '../core/picture.js';
import { cropped } from './canvas.js';
import type { Window } from './raster.js';
import { resizeRaster } from './resize.js';
import { halfPixel, interpolated, LINEAR, tapsOf, type Place } from './taps.js';

/**
 * - legacy: version 1, `align_corners=False`
 * - legacy-corners: version 1, `align_corners=True`: the corners' middles lie on each other
 * - plain, antialias: version 2, `antialias=False` (its default) and `True`
 */
export const TENSORFLOW_KERNELS = ['legacy', 'legacy-corners', 'plain', 'antialias'] as const;
export type TensorflowKernel = (typeof TENSORFLOW_KERNELS)[number];

/**
 * The raster at `width` × `height`: floats, not rounded, as TensorFlow's are.
 *
 * @param window the only part of the result that is wanted; the whole where omitted
 */
export function tensorflowResized(
  raster: Raster,
  width: number,
  height: number,
  kernel: TensorflowKernel,
  window: Window = { x: 0, y: 0, width, height },
): Raster {
  const floats = { ...raster, data: new Float32Array(raster.data) };
  if (width === raster.width && height === raster.height) return cropped(floats, window);
  if (kernel === 'antialias') return resizeRaster(floats, width, height, 'bilinear', window);
  const place = { legacy: corner, 'legacy-corners': corners, plain: halfPixel }[kernel];
  const single =
    (from: number, to: number): Place =>
    (i) =>
      Math.fround(place(from, to)(i));
  const across = tapsOf(LINEAR, raster.width, single(raster.width, width), window.x, window.width);
  const down = tapsOf(LINEAR, raster.height, single(raster.height, height), window.y, window.height);
  return interpolated(raster, across, down, Math.fround);
}

function corner(from: number, to: number): Place {
  const scale = Math.fround(from / to);
  return (i) => i * scale;
}

function corners(from: number, to: number): Place {
  const scale = to > 1 ? Math.fround((from - 1) / (to - 1)) : Math.fround(from / to);
  return (i) => i * scale;
}
