// What stands round an object that doesn't fill the model's input.
import type { Raster } from '../../core/picture.js';
import type { Frame } from '../../core/view.js';
import { BLACK, padded, type Fill } from '../../image/canvas.js';
import { inpainted } from '../../image/inpaint.js';
import type { ScaleSurround } from './options.js';

/**
 * The raster on a canvas of the input's size, its top left corner at (x, y); what lies outside is cut off. The raster
 * itself where it is the whole canvas.
 */
export function onCanvas(raster: Raster, x: number, y: number, surround: ScaleSurround, frame: Frame): Raster {
  const { width, height } = frame;
  if (x === 0 && y === 0 && raster.width === width && raster.height === height) return raster;
  const margins = { left: x, top: y, right: width - x - raster.width, bottom: height - y - raster.height };
  const canvas = padded(raster, margins, fillOf(surround, frame));
  if (surround !== 'inpaint' || Object.values(margins).every((margin) => margin <= 0)) return canvas;
  const known = new Uint8Array(width * height);
  for (let row = Math.max(0, y); row < Math.min(height, y + raster.height); row++)
    known.fill(1, row * width + Math.max(0, x), row * width + Math.min(width, x + raster.width));
  return inpainted(canvas, known);
}

/** What fills; before inpainting, what its unknown pixels are. */
function fillOf(surround: ScaleSurround, frame: Frame): Fill {
  switch (surround) {
    case 'edge':
    case 'reflect':
      return surround;
    case 'black':
    case 'inpaint':
      return BLACK;
    default:
      return { colour: frame.neutral };
  }
}
