// Resize kernels as people meet them: a library's and its name for it.
import type { KernelName } from '../../core/model.js';
import { opencvResized, OPENCV_KERNELS } from '../../image/opencv-resize.js';
import { resizeRaster } from '../../image/resize.js';
import { tensorflowResized } from '../../image/tensorflow-resize.js';
import { torchResized } from '../../image/torch-resize.js';
import type { Resize } from '../own-preprocessing.js';

const PILLOW: Readonly<Record<KernelName, string>> = {
  nearest: 'pillow-nearest',
  box: 'pillow-box',
  bilinear: 'pillow-bilinear',
  hamming: 'pillow-hamming',
  bicubic: 'pillow-bicubic',
  lanczos3: 'pillow-lanczos',
};

/** Kernels that are functions of the pixels, by name. */
const resizes: Readonly<Record<string, Resize>> = {
  ...Object.fromEntries(
    Object.entries(PILLOW).map(([kernel, name]): [string, Resize] => [
      name,
      (raster, width, height, window) => resizeRaster(raster, width, height, kernel as KernelName, window),
    ]),
  ),
  'torch-bilinear': (raster, width, height, window) => torchResized(raster, width, height, 'bilinear', window),
  'torch-bicubic': (raster, width, height, window) => torchResized(raster, width, height, 'bicubic', window),
  ...Object.fromEntries(
    OPENCV_KERNELS.map((kernel): [string, Resize] => [
      `opencv-${kernel}`,
      (raster, width, height, window) => opencvResized(raster, width, height, kernel, window),
    ]),
  ),
  'tensorflow1-bilinear': (raster, width, height, window) => tensorflowResized(raster, width, height, 'legacy', window),
  'tensorflow1-bilinear-corners': (raster, width, height, window) =>
    tensorflowResized(raster, width, height, 'legacy-corners', window),
  'tensorflow2-bilinear': (raster, width, height, window) => tensorflowResized(raster, width, height, 'plain', window),
  'tensorflow2-bilinear-antialias': (raster, width, height, window) =>
    tensorflowResized(raster, width, height, 'antialias', window),
};

/** sharp's own resizing: of the decoded pixels, and while the file is decoded. */
export const SHARP = 'sharp-lanczos3';
export const SHARP_ON_LOAD = 'sharp-lanczos3-shrink-on-load';

/** All kernels, library by library. */
export const KERNELS: readonly string[] = [...Object.keys(resizes), SHARP, SHARP_ON_LOAD];

/** The kernel as a function of pixels; null for those that are readings of a file. */
export function resizeOf(kernel: string): Resize | null {
  return resizes[kernel] ?? null;
}

/** The name here of a model's own kernel, as its files name it. */
export function ownKernel(kernel: string): string {
  return PILLOW[kernel as KernelName];
}
