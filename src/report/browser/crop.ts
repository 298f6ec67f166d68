// Windows of the embedded pictures: one image a picture, moved by CSS to the true window of each view.
import { markup, trusted, type Html } from '../html.js';
import { cropOf, images, pictureName } from './page-state.js';

/** The window of one view; where no image is embedded, the picture's name on plain ground. */
export function crop(model: number, picture: number, view: number, alt: string | null = null): Html {
  const found = cropOf(model, picture);
  const window = found?.windows[view];
  const role = alt === null ? trusted('aria-hidden="true"') : markup`role="img" aria-label="${alt}"`;
  if (!found || !window) return markup`<span class="crop none" ${role}><span>${pictureName(picture)}</span></span>`;
  const { width, height, size, image } = found;
  const style = `--m:${size.width};--mh:${size.height};--cw:${width};--ch:${height};--x:${window.x};--y:${window.y};--picture:var(--image-${image})`;
  return markup`<span class="crop" style="${style}" ${role} data-side="${size.width}"><i></i></span>`;
}

/** Names every embedded image once, so that a window costs a few numbers however often it is shown. */
export function nameImages(): void {
  const root = document.documentElement.style;
  images.forEach((url, i) => root.setProperty(`--image-${i}`, `url("${url}")`));
}

/** Shows pixels as squares where a window is enlarged at least twice: what the model sees, not a smooth guess. */
export function sharpen(within: ParentNode): void {
  for (const element of within.querySelectorAll<HTMLElement>('.crop[data-side]')) {
    const enlarged = (element.clientWidth * devicePixelRatio) / Number(element.dataset['side']);
    element.classList.toggle('pixels', enlarged >= 2);
  }
}
