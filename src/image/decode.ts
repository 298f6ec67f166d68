// Decoding of picture files with sharp (libvips) into plain RGB. Nothing is resized here: sharp's shrink-on-load would
// change pixels, and resampling that decides a number is ours (`resize.ts`) and named in the protocol.
import { readFile } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { messageOf, PictureError } from '../core/errors.js';
import type { ByteRaster } from './raster.js';

// Workers are the parallelism, and no picture is decoded twice in a row.
sharp.concurrency(1);
sharp.cache(false);

/** Most pixels a picture may have: libvips' own safe limit, 16,383 × 16,383. */
const PIXEL_LIMIT = 0x3fff * 0x3fff;

/** Shortest side a picture may have, pixels. */
const SHORTEST_SIDE = 4;

const FORMATS = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif', 'jp2', 'jxl'];

// Truncated or wrong data is an error; oddities that every other reader overlooks (a stray byte) are not. "truncated"
// would let a TIFF with its tables cut off pass as black.
const OPTIONS: SharpOptions = { failOn: 'error', page: 0, pages: 1 };

const READABLE = 'JPEG, PNG, WebP, GIF, TIFF or AVIF';

/** How files of these formats begin (as latin1), to tell a damaged picture from a file that is none. */
const SIGNATURE = /^(?:\xff\xd8\xff|\x89PNG|GIF8|II\*\0|MM\0\*|RIFF.{4}WEBP|.{4}ftypavif)/s;

/** Versions of the libraries that decode. */
export function decoderVersions(): { readonly sharp: string; readonly libvips: string } {
  return { sharp: sharp.versions.sharp, libvips: sharp.versions.vips };
}

/**
 * Decodes one picture: the first frame of an animation, upright (EXIF orientation applied), in sRGB (embedded ICC
 * profile and CMYK converted, 16 bits reduced to 8, grey repeated in all channels), alpha flattened on white.
 *
 * @param source a file's path, or its bytes
 * @param name what messages call the picture; the path, or "picture", where omitted
 * @returns `[height, width, 3]`, 8 bits, RGB
 * @throws {PictureError} the file can't be read, is empty, no picture, truncated, too large or too small
 */
export async function decodePicture(source: string | Uint8Array, name?: string): Promise<ByteRaster> {
  const title = name ?? (typeof source === 'string' ? source : 'picture');
  const bytes = typeof source === 'string' ? await bytesOf(source, title) : source;
  if (bytes.length === 0) throw new PictureError(`${title} is empty (0 bytes); expected a picture.`);
  checkHeader(await headerOf(bytes, title), title);
  try {
    return await asDecoded(bytes);
  } catch (error) {
    throw damaged(title, error);
  }
}

/**
 * Pixels as `decodePicture` gives them, of a page and after steps of sharp's own; errors are sharp's.
 *
 * @param steps what is done once the picture is upright
 * @param pages of an animation: the first, from 0, and their number; several come one below the other
 */
export async function asDecoded(
  source: string | Uint8Array,
  steps: (image: Sharp) => Sharp = (image) => image,
  pages: Pick<SharpOptions, 'page' | 'pages'> = {},
): Promise<ByteRaster> {
  const image = sharp(source, { ...OPTIONS, ...pages, limitInputPixels: PIXEL_LIMIT }).autoOrient();
  const { data, info } = await steps(image)
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return {
    width: info.width,
    height: info.height,
    data: info.channels === 3 ? pixels : repeated(pixels, info.channels),
  };
}

async function bytesOf(path: string, title: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new PictureError(`${title} doesn't exist.`);
    if (code === 'EISDIR') throw new PictureError(`${title} is a folder; expected a picture's file.`);
    throw new PictureError(`${title} can't be read (${messageOf(error)}).`);
  }
}

async function headerOf(bytes: Uint8Array, title: string): Promise<Metadata> {
  try {
    return await sharp(bytes, { ...OPTIONS, limitInputPixels: false }).metadata();
  } catch (error) {
    if (SIGNATURE.test(Buffer.from(bytes.subarray(0, 16)).toString('latin1'))) throw damaged(title, error);
    throw new PictureError(`${title} is not a picture; expected ${READABLE}.`);
  }
}

function checkHeader({ width, height, pageHeight, format }: Metadata, title: string): void {
  if (!FORMATS.includes(format)) {
    throw new PictureError(`${title} is ${format.toUpperCase()}; expected pixels: ${READABLE}.`);
  }
  const rows = pageHeight ?? height;
  if (width * rows > PIXEL_LIMIT) {
    const limit = PIXEL_LIMIT.toLocaleString('en-US');
    throw new PictureError(
      `${title} is ${width}x${rows} px (${(width * rows).toLocaleString('en-US')} pixels); expected at most ${limit} pixels. Make it smaller first.`,
    );
  }
  if (Math.min(width, rows) < SHORTEST_SIDE) {
    throw new PictureError(`${title} is ${width}x${rows} px; expected at least ${SHORTEST_SIDE}x${SHORTEST_SIDE}.`);
  }
}

function damaged(title: string, error: unknown): PictureError {
  const reason = messageOf(error).trim().split('\n')[0] ?? '';
  return new PictureError(`${title} is truncated or damaged and can't be decoded (${reason}).`);
}

/** RGB from pixels of one channel (or grey with others): the first channel in all three. */
function repeated(pixels: Uint8Array, channels: number): Uint8Array {
  const count = pixels.length / channels;
  const rgb = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) rgb.fill(pixels[i * channels] ?? 0, i * 3, i * 3 + 3);
  return rgb;
}
