// The box that a probe takes for the object: the largest that is known of a picture.
import { PictureError } from '../core/errors.js';
import type { Box } from '../core/picture.js';
import type { ProbePicture } from '../core/view.js';

/**
 * The largest box by area, the first of equals.
 *
 * @param flag what needs it, for messages: "--crop box"
 * @throws {PictureError} there is none, its numbers are no box, or it reaches beyond the picture
 */
export function largestBox({ id, raster, boxes }: ProbePicture, flag: string): Box {
  const [first, ...others] = boxes;
  if (first === undefined) {
    throw new PictureError(
      `${id} has no box, which ${flag} needs. Give boxes in the CSV (columns xmin, ymin, xmax, ymax) or with --boxes.`,
    );
  }
  const area = (box: Box): number => (box.xmax - box.xmin) * (box.ymax - box.ymin);
  const largest = others.reduce((best, box) => (area(box) > area(best) ? box : best), first);
  const { xmin, ymin, xmax, ymax } = largest;
  const text = `[${[xmin, ymin, xmax, ymax].join(', ')}]`;
  if (!(xmin < xmax && ymin < ymax)) {
    throw new PictureError(
      `Expected a box with xmin < xmax and ymin < ymax for ${id} but received ${text}. Mend the box.`,
    );
  }
  if (xmin < 0 || ymin < 0 || xmax > raster.width || ymax > raster.height) {
    throw new PictureError(
      `Expected the box of ${id} inside its ${raster.width}x${raster.height} px but received ${text}. Mend the box, or give boxes of this picture’s size.`,
    );
  }
  return largest;
}
