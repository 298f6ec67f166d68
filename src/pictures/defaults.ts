// The pictures that come with this program, for a run without --images.
import { fileURLToPath } from 'node:url';

/** The CSV of the held-out scenes of the embedded zoo: beside the package's root, from src as from dist. */
export function defaultPictures(): string {
  return fileURLToPath(new URL('../../fixtures/pictures/labels.csv', import.meta.url));
}
