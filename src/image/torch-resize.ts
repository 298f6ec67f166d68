// Resizing as torchvision does it with tensors and antialias=False: floats, interpolated at middles of pixels
// (torch.nn.functional.interpolate, align_corners=False), clipped and rounded to bytes.
import type { Raster } from '../core/picture.js';
import { cropped } from './canvas.js';
import type { Window } from './raster.js';
import { CUBIC, halfPixel, interpolatedBytes, LINEAR, tapsOf } from './taps.js';

export const TORCH_KERNELS = ['bilinear', 'bicubic'] as const;
export type TorchKernel = (typeof TORCH_KERNELS)[number];

/**
 * The raster at `width` × `height`, 8 bits; to 1 of 255 as PyTorch's, where a sum lies at the border between two values.
 *
 * @param window the only part of the result that is wanted; the whole where omitted
 */
export function torchResized(
  raster: Raster,
  width: number,
  height: number,
  kernel: TorchKernel,
  window: Window = { x: 0, y: 0, width, height },
): Raster {
  if (width === raster.width && height === raster.height) return cropped(raster, window);
  const interpolation = kernel === 'bilinear' ? LINEAR : CUBIC;
  const across = tapsOf(interpolation, raster.width, halfPixel(raster.width, width), window.x, window.width);
  const down = tapsOf(interpolation, raster.height, halfPixel(raster.height, height), window.y, window.height);
  return interpolatedBytes(raster, across, down);
}
