// Resizing as sharp (libvips) does it itself, lanczos3: from a decoded picture, and from a file as people call it, where
// JPEG and WebP decoders shrink by whole factors before any kernel sees a pixel ("shrink-on-load").
import sharp from 'sharp';
import { messageOf, PictureError } from '../core/errors.js';
import type { Raster } from '../core/picture.js';
import { asDecoded } from './decode.js';
import type { ByteRaster } from './raster.js';

const KERNEL = { fit: 'fill', kernel: 'lanczos3' } as const;

/** A decoded picture at `width` × `height`: `sharp(pixels).resize(width, height, {fit: 'fill'})`. */
export async function sharpResized(
  { width, height, data }: Raster,
  toWidth: number,
  toHeight: number,
): Promise<Raster> {
  const pixels = await sharp(Uint8Array.from(data), { raw: { width, height, channels: 3 } })
    .resize(toWidth, toHeight, KERNEL)
    .raw({ depth: 'uchar' })
    .toBuffer();
  return {
    width: toWidth,
    height: toHeight,
    data: new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength),
  };
}

/**
 * A file at `width` × `height`: `sharp(file).resize(width, height, {fit: 'fill'})`, shrunk while it is decoded where its
 * format can; upright, in sRGB, flattened on white as `decodePicture` does.
 *
 * @throws {PictureError} the file can't be decoded that way
 */
export async function sharpResizedOnLoad(path: string, toWidth: number, toHeight: number): Promise<ByteRaster> {
  try {
    return await asDecoded(path, (image) => image.resize(toWidth, toHeight, KERNEL));
  } catch (error) {
    throw new PictureError(`${path} can't be shrunk while it is decoded (${messageOf(error).trim()}).`);
  }
}
