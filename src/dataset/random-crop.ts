// The random crop that training commonly applies: area 8…100 % of the picture, aspect 3/4…4/3, as torchvision's
// RandomResizedCrop documents it (after Szegedy et al., CVPR 2015): ten tries, then the largest central crop.
import type { Random } from '../core/random.js';

const AREA = [0.08, 1] as const;
const LOG_ASPECT = [Math.log(3 / 4), Math.log(4 / 3)] as const;
const TRIES = 10;

/** Part of a picture, whole pixels, origin top left. */
export type Crop = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** Draws a crop of a picture of `width` × `height` pixels: area uniform, aspect uniform in its logarithm, place uniform. */
export function randomCrop(width: number, height: number, { uniform, below }: Random): Crop {
  for (let tried = 0; tried < TRIES; tried++) {
    const area = width * height * (AREA[0] + (AREA[1] - AREA[0]) * uniform());
    const aspect = Math.exp(LOG_ASPECT[0] + (LOG_ASPECT[1] - LOG_ASPECT[0]) * uniform());
    const [w, h] = [Math.round(Math.sqrt(area * aspect)), Math.round(Math.sqrt(area / aspect))];
    if (w > 0 && h > 0 && w <= width && h <= height)
      return { x: below(width - w + 1), y: below(height - h + 1), width: w, height: h };
  }
  const w = Math.min(width, Math.max(1, Math.round((height * 4) / 3)));
  const h = Math.min(height, Math.max(1, Math.round((width * 4) / 3)));
  return { x: Math.floor((width - w) / 2), y: Math.floor((height - h) / 2), width: w, height: h };
}
