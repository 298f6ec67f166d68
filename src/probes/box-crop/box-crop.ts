// The box-crop probe: a square crop round the object's box, moved pixel by pixel, with nothing filled in (Azulay & Weiss,
// JMLR 2019: boxes of ImageNet, so that neither inpainting nor enlargement can be what changes the answer).
import type { Frame, Group, Probe, View } from '../../core/view.js';
import { kernelNamed } from '../../image/kernels.js';
import { resizeRaster } from '../../image/resize.js';
import { largestBox } from '../box.js';
import type { BoxCropOptions } from './options.js';
import { checkMargin, cropPlace, farthest } from './place.js';

/**
 * Views have the coordinates `dx`, `dy` (how far the content moves, pixels of the input) and `box` (the box's longer
 * side, pixels of the picture). The picture's group stands apart once more under `boxFrom`, the lower end of its class
 * of sizes.
 */
export const boxCropProbe: Probe<BoxCropOptions> = {
  name: 'box-crop',
  *views(picture, frame, options) {
    checkMargin(options, frame);
    const { raster, id } = picture;
    const box = largestBox(picture, '--crop box');
    const side = Math.max(box.xmax - box.xmin, box.ymax - box.ymin);
    const { resized, x, y } = cropPlace(id, raster, box, frame, options);
    const far = farthest(options);
    const across = spanWith(frame, x, options.path === 'vertical' ? 0 : far, frame.width, resized.width);
    const down = spanWith(frame, y, options.path === 'horizontal' ? 0 : far, frame.height, resized.height);
    const window = { x: across.from, y: down.from, width: across.length, height: down.length };
    const canvas = resizeRaster(raster, resized.width, resized.height, kernelNamed(frame.kernel), window);
    const count = 2 * options.reach + 1;
    yield Array.from({ length: count }, (_, i): View => {
      // Adding 0 turns −0 into 0.
      const c = (i - options.reach) * options.step + 0;
      const [dx, dy] = [options.path === 'vertical' ? 0 : c, options.path === 'horizontal' ? 0 : c];
      return { at: { dx, dy, box: side }, canvas, x: x - across.from - dx, y: y - down.from - dy, wrap: false };
    });
    const views = Array.from({ length: count }, (_, i) => i);
    const pairs = views.slice(1).map((i): [number, number] => [i - 1, i]);
    const group: Group = { at: {}, reference: options.reach, pairs, views };
    return [group, { ...group, at: { boxFrom: lowerEnd(side) }, apart: true }];
  },
};

/** What is kept of a side, `all` long: windows up to `far` from `corner`, and the room that the frame asks for, where it is. */
function spanWith({ margin = 0 }: Frame, corner: number, far: number, input: number, all: number) {
  const from = Math.max(0, corner - far - margin);
  return { from, length: Math.min(all, corner + far + input + margin) - from };
}

/** Lower end of the half octave that a side lies in: …, 32, 45, 64, 91, 128, … pixels. */
export function lowerEnd(side: number): number {
  // The small number keeps 45.2548… = 32 √2, as 64 / √2, in the class that it begins.
  return Math.round(2 ** (Math.floor(2 * Math.log2(side) + 1e-9) / 2));
}
