// Where a box's square crop lies, and how large the picture is made so that the crop has the model's input size.
import { InputError, PictureError } from '../../core/errors.js';
import type { Box } from '../../core/picture.js';
import type { Frame } from '../../core/view.js';
import type { Size } from '../../image/size.js';
import type { BoxCropOptions } from './options.js';

export type CropPlace = {
  /** The picture's size after its one resize. */
  readonly resized: Size;
  /** Top left corner of the unshifted window on it. */
  readonly x: number;
  readonly y: number;
};

/** Pixels from the unshifted window to either end of the path. */
export function farthest({ reach, step }: Pick<BoxCropOptions, 'reach' | 'step'>): number {
  return reach * step;
}

/** @throws {InputError} the path is longer than the margin, so that windows would cut every box */
export function checkMargin(options: BoxCropOptions, frame: Frame): void {
  const { margin } = options;
  const side = Math.min(frame.width, frame.height);
  const far = farthest(options);
  // Half a pixel for the window's whole place.
  const around = (side * margin) / (1 + 2 * margin) - 0.5;
  if (around >= far) return;
  const needed = (far + 0.5) / (side - 2 * (far + 0.5));
  const advice =
    needed > 0 && needed <= 2
      ? `Take --crop-margin ${Math.ceil(needed * 100)}% or more`
      : 'Take a model with a larger input';
  throw new InputError(
    `The path goes ${far} px from the centre, but a margin of ${Number((100 * margin).toFixed(2))} % leaves ${Math.max(0, Number(around.toFixed(1)))} px round the box on the model's input of ${frame.width}x${frame.height} px, so that crops would cut it. ${advice}.`,
  );
}

/**
 * The place of a box's crop: centred on the box, moved inwards as far as the picture's edge asks.
 *
 * @throws {PictureError} the crop is smaller than the input (with "skip"); the picture is too small for the crop and the
 *   path; or a window would cut the box
 */
export function cropPlace(id: string, picture: Size, box: Box, frame: Frame, options: BoxCropOptions): CropPlace {
  const { margin, small } = options;
  const input = Math.min(frame.width, frame.height);
  const crop = Math.max(box.xmax - box.xmin, box.ymax - box.ymin) * (1 + 2 * margin);
  if (crop < input && small === 'skip') {
    throw new PictureError(
      `${id}: the crop round its box is ${Math.round(crop)} px wide, which would have to be enlarged to the input's ${input} px. Take --crop-small widen or enlarge to measure such pictures.`,
    );
  }
  const factor = input / (small === 'widen' ? Math.max(crop, input) : crop);
  const resized = {
    width: Math.max(1, Math.round(picture.width * factor)),
    height: Math.max(1, Math.round(picture.height * factor)),
  };
  const far = farthest(options);
  const along = (low: number, high: number, from: number, to: number, window: number): number => {
    const scale = to / from;
    const last = to - window - far;
    if (last < far) {
      throw new PictureError(
        `${id}: the crop round its box needs ${Math.ceil((window + 2 * far) / scale)} px of the picture, which is ${picture.width}x${picture.height} px (nothing is inpainted). The picture is left out.`,
      );
    }
    const centred = Math.round(((low + high) / 2) * scale - window / 2);
    const corner = Math.min(last, Math.max(far, centred));
    if (corner + far > low * scale || corner - far + window < high * scale) {
      throw new PictureError(
        `${id}: its box [${[box.xmin, box.ymin, box.xmax, box.ymax].join(', ')}] lies so near the edge of the picture (${picture.width}x${picture.height} px) that a window of the path would cut it. The picture is left out.`,
      );
    }
    return corner;
  };
  return {
    resized,
    x: along(box.xmin, box.xmax, picture.width, resized.width, frame.width),
    y: along(box.ymin, box.ymax, picture.height, resized.height, frame.height),
  };
}
