// Films: animated files page by page, and folders of frames. One frame at a time is decoded; what is kept of it is the
// caller's.
import sharp from 'sharp';
import { messageOf, PictureError } from '../core/errors.js';
import type { FilmFrame } from '../core/picture.js';
import { asDecoded, decodePicture } from './decode.js';
import type { ByteRaster } from './raster.js';

/** Frames of an animated file; 1 for a still picture. @throws {PictureError} the file is no picture */
export async function pagesOf(path: string): Promise<number> {
  try {
    return (await sharp(path).metadata()).pages ?? 1;
  } catch (error) {
    throw new PictureError(`${path} can't be read as a picture (${messageOf(error).trim()}).`);
  }
}

/**
 * The frames of a film in their order, each decoded when it is asked for.
 *
 * @param name what messages call the film
 * @param frames its files; omitted for an animated file, whose frames are numbered from 1
 * @throws {PictureError} a frame can't be decoded, or has another size than the first
 */
export async function* decodedFrames(
  path: string,
  name: string,
  frames?: readonly FilmFrame[],
): AsyncGenerator<{ readonly number: number; readonly raster: ByteRaster }> {
  let first: { number: number; raster: ByteRaster } | null = null;
  const pages = frames ?? Array.from({ length: await pagesOf(path) }, (_, i) => ({ number: i + 1, path }));
  for (const [index, frame] of pages.entries()) {
    const raster =
      frames === undefined
        ? await pageOf(path, name, index)
        : await decodePicture(frame.path, `${name}, frame ${frame.number}`);
    first ??= { number: frame.number, raster };
    if (raster.width !== first.raster.width || raster.height !== first.raster.height) {
      throw new PictureError(
        `${name}: frame ${frame.number} is ${raster.width}x${raster.height} px, frame ${first.number} ${first.raster.width}x${first.raster.height}; expected frames of one size.`,
      );
    }
    yield { number: frame.number, raster };
  }
}

async function pageOf(path: string, name: string, page: number): Promise<ByteRaster> {
  try {
    return await asDecoded(path, (image) => image, page);
  } catch (error) {
    throw new PictureError(`${name}: frame ${page + 1} can't be decoded (${messageOf(error).trim()}).`);
  }
}
