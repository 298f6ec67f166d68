// Views of a picture as static markup: windows of its one embedded image, which the surrounding element names.
import { markup, trusted, type Html } from './html.js';
import type { EmbeddedPicture } from './input.js';

/** Images come from a file of a run: only plain ones are let into the page. */
const IMAGE = /^data:image\/(png|webp);base64,[A-Za-z0-9+/=]+$/;

/** Inputs up to this side are shown pixel by pixel. */
const PIXELS = 96;

/** Whether a picture's image may be shown. */
export function isShowable(picture: EmbeddedPicture | undefined): picture is EmbeddedPicture {
  return picture !== undefined && IMAGE.test(picture.dataUrl);
}

/** Views in a row that wraps, all cut from one image. @param content figures with `viewOf` in them */
export function viewsOf({ dataUrl }: EmbeddedPicture, content: readonly Html[]): Html {
  return markup`<div class="views" style="${trusted(`--picture:url('${dataUrl}')`)}">${content}</div>`;
}

/** The window of one view; null where the image doesn't hold it. */
export function viewOf({ width, height, size, windows }: EmbeddedPicture, view: number, alt: string): Html | null {
  const window = windows[view];
  if (!window) return null;
  const style = `--m:${size.width};--mh:${size.height};--cw:${width};--ch:${height};--x:${window.x};--y:${window.y}`;
  const pixels = Math.max(size.width, size.height) <= PIXELS ? ' pixels' : '';
  return markup`<span class="crop${pixels}" style="${style}" role="img" aria-label="${alt}"><i></i></span>`;
}
