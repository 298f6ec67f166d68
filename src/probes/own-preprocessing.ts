// A model's own preprocessing as a probe sees it: the size that a picture is resized to, and the window that is cut.
import type { Raster } from '../core/picture.js';
import type { Frame } from '../core/view.js';
import { centreCropped, centreOffset, checkedShortestEdgeSize, type Size } from '../image/size.js';
import type { Window } from '../image/raster.js';

/** Resizes a raster and gives a window of the result. */
export type Resize = (raster: Raster, width: number, height: number, window: Window) => Raster;

/**
 * The size that the model's preprocessing resizes a picture to; where it says none, the shorter side to the model's input.
 *
 * @throws {PictureError} the picture is too long
 */
export function resizedSize(picture: Size, { width, height, resizeTo, exact }: Frame): Size {
  return exact ?? checkedShortestEdgeSize(picture, resizeTo ?? Math.max(width, height));
}

/** The picture as the model's input sees it, resized in a way of one's own, then cropped. */
export function preprocessed(raster: Raster, frame: Frame, resize: Resize): Raster {
  const size = resizedSize(raster, frame);
  const window = { x: centreOffset(size.width, frame.width), y: centreOffset(size.height, frame.height) };
  if (window.x >= 0 && window.y >= 0) {
    return resize(raster, size.width, size.height, { ...window, width: frame.width, height: frame.height });
  }
  const whole = resize(raster, size.width, size.height, { x: 0, y: 0, ...size });
  return centreCropped(whole, frame.width, frame.height);
}
