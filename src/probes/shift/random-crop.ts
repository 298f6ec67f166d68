// Random crops of a share of the area, by the rule of torchvision's RandomResizedCrop (Szegedy et al., CVPR 2015), which
// Azulay & Weiss (JMLR 2019) use with one share instead of a range.
import type { Random } from '../../core/random.js';
import { centreOffset, type Size } from '../../image/size.js';
import type { Window } from '../../image/raster.js';

const TRIES = 10;

/**
 * Up to ten times an aspect ratio is drawn, uniform in its logarithm; the crop of that aspect and of the wanted area is
 * taken where it fits, at a uniform place. If none fits (never does with a share of 1): the centre of the picture, whole
 * or cut to the nearest aspect allowed.
 *
 * @param share of the picture's area, (0, 1]
 * @param aspect lowest and highest width / height
 */
export function randomCrop(
  { width, height }: Size,
  share: number,
  aspect: readonly [number, number],
  random: Random,
): Window {
  const [low, high] = aspect;
  const area = width * height * share;
  for (let i = 0; i < TRIES; i++) {
    const ratio = Math.exp(Math.log(low) + random.uniform() * (Math.log(high) - Math.log(low)));
    const w = Math.round(Math.sqrt(area * ratio));
    const h = Math.round(Math.sqrt(area / ratio));
    if (w > 0 && w <= width && h > 0 && h <= height) {
      return { y: random.below(height - h + 1), x: random.below(width - w + 1), width: w, height: h };
    }
  }
  const w = Math.min(width, Math.max(1, Math.round(height * high)));
  const h = Math.min(height, Math.max(1, Math.round(width / low)));
  return { x: centreOffset(width, w), y: centreOffset(height, h), width: w, height: h };
}
