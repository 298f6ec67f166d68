// What a model's input leaves the sizes: the side at scale 1, and the error where a size leaves nothing to see.
import { InputError } from '../../core/errors.js';
import type { Frame } from '../../core/view.js';
import { normaliseShiftOptions } from '../shift/options.js';
import { roomFor } from '../shift/room.js';
import type { ScaleOptions } from './options.js';

/** Fewest pixels that the smallest object's shorter side has in the input. */
const LEAST_PIXELS = 4;

/**
 * Side that the picture's shorter side has at scale 1: the shift probe's, so that scale 1 is its central view; null for
 * sizes of the object.
 *
 * @throws {InputError} the canvas is smaller than the input, or the smallest size than 4 pixels
 */
export function canvasAtOne({ sizes, half, canvas, of }: ScaleOptions, frame: Frame): number | null {
  const input = `the model's input of ${frame.width}x${frame.height} px`;
  const least = Math.min(...sizes, half ?? Infinity);
  if (least * Math.min(frame.width, frame.height) < LEAST_PIXELS) {
    throw new InputError(
      `Expected sizes that leave at least ${LEAST_PIXELS} px for --scale but ${least} of ${input} leaves fewer. Take larger sizes.`,
    );
  }
  if (of === 'object') return null;
  if (typeof canvas !== 'number') return roomFor(normaliseShiftOptions({}), frame).canvas;
  const longest = Math.max(frame.width, frame.height);
  if (canvas >= longest) return canvas;
  throw new InputError(
    `Expected a canvas of at least ${longest} px for the scale's canvas but received ${canvas} px: ${input} is cut from it. Take a larger one.`,
  );
}
