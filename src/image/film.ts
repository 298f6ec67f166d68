// Films: animated files and folders of frames. A few frames at a time are decoded; what is kept of them is the caller's.
import sharp from 'sharp';
import { messageOf, PictureError } from '../core/errors.js';
import type { FilmFrame } from '../core/picture.js';
import { asDecoded, decodePicture } from './decode.js';
import type { ByteRaster } from './raster.js';

/** One frame of a film. */
type DecodedFrame = { readonly number: number; readonly raster: ByteRaster };

/** Bytes of frames that are decoded together. */
const BATCH_BYTES = 32 * 2 ** 20;

/** Frames of a file (1 of a still picture) and their size. */
async function sizeOf(path: string): Promise<{ pages: number; width: number; height: number }> {
  try {
    const { pages = 1, width, height, pageHeight = height } = await sharp(path).metadata();
    return { pages, width, height: pageHeight };
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
): AsyncGenerator<DecodedFrame> {
  let first: DecodedFrame | null = null;
  for await (const frame of frames === undefined ? ofAnimation(path, name) : ofFiles(name, frames)) {
    first ??= frame;
    const { width, height } = first.raster;
    if (frame.raster.width !== width || frame.raster.height !== height) {
      throw new PictureError(
        `${name}: frame ${frame.number} is ${frame.raster.width}x${frame.raster.height} px, frame ${first.number} ${width}x${height}; expected frames of one size.`,
      );
    }
    yield frame;
  }
}

async function* ofFiles(name: string, frames: readonly FilmFrame[]): AsyncGenerator<DecodedFrame> {
  for (const { number, path } of frames) {
    yield { number, raster: await decodePicture(path, `${name}, frame ${number}`) };
  }
}

/** Decoders go through an animation from its start each time, so frames come in batches. */
async function* ofAnimation(path: string, name: string): AsyncGenerator<DecodedFrame> {
  const { pages, width, height } = await sizeOf(path);
  const batch = Math.max(1, Math.floor(BATCH_BYTES / (3 * width * height)));
  for (let page = 0; page < pages; page += batch) {
    const count = Math.min(batch, pages - page);
    const { data } = await batchOf(path, name, page, count);
    for (let i = 0; i < count; i++) {
      const pixels = data.subarray(i * 3 * width * height, (i + 1) * 3 * width * height);
      yield { number: page + i + 1, raster: { width, height, data: pixels } };
    }
  }
}

async function batchOf(path: string, name: string, page: number, pages: number): Promise<ByteRaster> {
  try {
    return await asDecoded(path, (image) => image, { page, pages });
  } catch (error) {
    const which = pages === 1 ? `frame ${page + 1}` : `one of the frames ${page + 1} to ${page + pages}`;
    throw new PictureError(`${name}: ${which} can't be decoded (${messageOf(error).trim()}).`);
  }
}
