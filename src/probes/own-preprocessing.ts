// A model's own preprocessing as a probe sees it: the size that a picture is resized to, and the window that is cut.
import type { Raster } from '../core/picture.js';
import type { Frame, View } from '../core/view.js';
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

/**
 * The picture as the model's input sees it, resized in a way of one's own, then cropped; with equally much room on every
 * side where the frame asks for it, as far as the resized picture has it.
 */
export function preprocessed(raster: Raster, frame: Frame, resize: Resize): Raster {
  const { width, height, margin = 0 } = frame;
  const size = resizedSize(raster, frame);
  const [x, y] = [centreOffset(size.width, width), centreOffset(size.height, height)];
  if (x >= 0 && y >= 0) {
    const room = Math.min(margin, x, y, size.width - width - x, size.height - height - y);
    const window = { x: x - room, y: y - room, width: width + 2 * room, height: height + 2 * room };
    return resize(raster, size.width, size.height, window);
  }
  const whole = resize(raster, size.width, size.height, { x: 0, y: 0, ...size });
  return centreCropped(whole, frame.width, frame.height);
}

/** The middle window of what `preprocessed` gives, as a view. */
export function middleView(at: View['at'], canvas: Raster, { width }: Frame): View {
  const room = (canvas.width - width) / 2;
  return { at, canvas, x: room, y: room, wrap: false };
}
