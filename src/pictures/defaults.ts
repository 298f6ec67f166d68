// The pictures that come with this program, for a run without --images.
import { fileURLToPath } from 'node:url';

/** The held-out scenes of the embedded zoo, with their labels: beside the package's root, from src as from dist. */
export function defaultPictures(): { readonly images: string; readonly labels: string } {
  const folder = new URL('../../fixtures/pictures/', import.meta.url);
  return { images: fileURLToPath(folder), labels: fileURLToPath(new URL('labels.csv', folder)) };
}
