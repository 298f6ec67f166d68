// The kernels probe: the same picture through every resize kernel, all else as the model's own preprocessing has it. The
// trap of Azulay & Weiss' readers: resized by two libraries, one photograph is two things.
import { InputError } from '../../core/errors.js';
import type { Raster } from '../../core/picture.js';
import type { Frame, Group, PictureFile, Probe, ProbePicture, View } from '../../core/view.js';
import { cropped } from '../../image/canvas.js';
import { sharpResized, sharpResizedOnLoad } from '../../image/sharp-resize.js';
import { middleView, preprocessed, resizedSize } from '../own-preprocessing.js';
import { ownKernel, resizeOf, SHARP, SHARP_ON_LOAD } from './names.js';
import type { KernelsOptions } from './options.js';

/**
 * Views have the coordinate `kernel`; the reference is the model's own, and every other kernel makes a pair with it. Each
 * other kernel is also a group that stands apart: accuracy under it, and how often its answer is another than the own's.
 */
export const kernelsProbe: Probe<KernelsOptions> = {
  name: 'kernels',
  *views(picture, frame, options) {
    const kernels = viewedKernels(options, frame);
    const reference = kernels.indexOf(ownKernel(frame.kernel));
    for (const kernel of kernels) yield [viewOf(picture, frame, kernel)];
    const others = kernels.flatMap((kernel, index) => (index === reference ? [] : [{ kernel, index }]));
    const whole: Group = {
      at: {},
      reference,
      pairs: others.map(({ index }) => [reference, index] as const),
      views: kernels.map((_, index) => index),
    };
    const apart = others.map(({ kernel, index }): Group => ({
      at: { kernel },
      reference: index,
      pairs: [[reference, index]],
      views: [index],
      apart: true,
    }));
    return [whole, ...apart];
  },
};

/** The kernels that are asked for and the model's own, in the order of the list, the own first where it isn't in it. */
function viewedKernels({ kernels }: KernelsOptions, frame: Frame): readonly string[] {
  const own = ownKernel(frame.kernel);
  return kernels.includes(own) ? kernels : [own, ...kernels];
}

/** @throws {InputError} there is nothing to compare the model's own kernel with */
export function checkKernels(options: KernelsOptions, frame: Frame): void {
  if (viewedKernels(options, frame).length > 1) return;
  throw new InputError(
    `Expected another kernel for --kernels than ${ownKernel(frame.kernel)}, which is the model's own. Name one more, or give --kernels alone for all.`,
  );
}

/** The readings that sharp makes of a file at the size that the model's preprocessing resizes to. */
export async function readKernels(
  { path, decode }: PictureFile,
  { kernels }: KernelsOptions,
  frame: Frame,
): Promise<Pick<ProbePicture, 'raster' | 'readings'>> {
  const raster = await decode();
  const { width, height } = resizedSize(raster, frame);
  const readings: Record<string, Raster> = {};
  if (kernels.includes(SHARP)) readings[SHARP] = await sharpResized(raster, width, height);
  if (kernels.includes(SHARP_ON_LOAD)) readings[SHARP_ON_LOAD] = await sharpResizedOnLoad(path, width, height);
  return { raster, readings };
}

function viewOf({ raster, readings = {} }: ProbePicture, frame: Frame, kernel: string): View {
  const canvas = preprocessed(
    raster,
    frame,
    resizeOf(kernel) ?? ((_, __, ___, window) => cropped(readings[kernel] as Raster, window)),
  );
  return middleView({ kernel }, canvas, frame);
}
