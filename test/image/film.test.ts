// Films frame by frame: animated files as sharp reads them, folders of frames, and what is said of those that can't be used.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { PictureError } from '../../src/core/errors.js';
import type { FilmFrame } from '../../src/core/picture.js';
import { decodedFrames } from '../../src/image/film.js';
import { sharpResized, sharpResizedOnLoad } from '../../src/image/sharp-resize.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { rasterOf } from './rasters.js';

const { folder, write } = temporaryFolder();
const [WIDTH, HEIGHT, FRAMES] = [12, 9, 3];
const film = path.join(folder, 'film.webp');
const still = path.join(folder, 'still.png');

/** Frame i has red i · 50. */
function flat(red: number, width = WIDTH, height = HEIGHT): Buffer {
  return Buffer.from(Array.from({ length: width * height }, () => [red, 100, 200]).flat());
}

beforeAll(async () => {
  const pages = Buffer.concat(Array.from({ length: FRAMES }, (_, i) => flat(i * 50)));
  const raw = { width: WIDTH, height: HEIGHT * FRAMES, channels: 3, pageHeight: HEIGHT } as const;
  await sharp(pages, { raw }).webp({ lossless: true }).toFile(film);
  await sharp(flat(7), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toFile(still);
});

async function frames(...args: Parameters<typeof decodedFrames>) {
  const found: { number: number; red: number | undefined; size: number[] }[] = [];
  for await (const { number, raster } of decodedFrames(...args))
    found.push({ number, red: raster.data[0], size: [raster.width, raster.height] });
  return found;
}

describe('animated files', () => {
  test('give their frames, numbered from 1', async () => {
    const size = [WIDTH, HEIGHT];
    expect(await frames(film, 'film')).toEqual([0, 50, 100].map((red, i) => ({ number: i + 1, red, size })));
  });

  test('that hold one picture have one frame', async () => {
    expect(await frames(still, 'still')).toEqual([{ number: 1, red: 7, size: [WIDTH, HEIGHT] }]);
  });

  test('come in batches where they are large', async () => {
    const [width, height, count] = [1200, 900, 12];
    const pages = Buffer.alloc(3 * width * height * count);
    for (let i = 0; i < count; i++) pages.fill(20 * i, 3 * width * height * i, 3 * width * height * (i + 1));
    const large = path.join(folder, 'large.webp');
    const raw = { width, height: height * count, channels: 3, pageHeight: height } as const;
    await sharp(pages, { raw }).webp({ lossless: true, effort: 0 }).toFile(large);
    const found = await frames(large, 'large');
    expect(found.map(({ red }) => red)).toEqual(Array.from({ length: count }, (_, i) => 20 * i));
  });

  test('that are none are refused', async () => {
    await expect(frames(write('note.webp', 'text'), 'note')).rejects.toThrow(/note\.webp can't be read as a picture/);
  });

  test('that end early are refused', async () => {
    const bytes = readFileSync(film);
    await expect(frames(write('cut.webp', bytes.subarray(0, bytes.length - 30)), 'cut')).rejects.toThrow(PictureError);
  });
});

describe('folders', () => {
  const list = (...paths: readonly string[]): FilmFrame[] => paths.map((file, i) => ({ number: 4 + i, path: file }));

  test('give their frames under the given numbers', async () => {
    expect((await frames(folder, 'walk', list(still, still))).map(({ number }) => number)).toEqual([4, 5]);
  });

  test('with frames of different sizes are refused, both named', async () => {
    const other = path.join(folder, 'other.png');
    await sharp(flat(1, 10, 9), { raw: { width: 10, height: 9, channels: 3 } })
      .png()
      .toFile(other);
    await expect(frames(folder, 'walk', list(still, still, other))).rejects.toThrow(
      'walk: frame 6 is 10x9 px, frame 4 12x9; expected frames of one size.',
    );
  });

  test('with a frame that can’t be read are refused, the frame named', async () => {
    await expect(frames(folder, 'walk', list(still, write('broken.png', '')))).rejects.toThrow(
      'walk, frame 5 is empty (0 bytes); expected a picture.',
    );
    await expect(frames(folder, 'walk', list(path.join(folder, 'none.png')))).rejects.toThrow(
      "walk, frame 4 doesn't exist.",
    );
  });
});

describe('sharp', () => {
  test('gives the same of a file as of its pixels where the format can’t shrink while it is decoded', async () => {
    const raster = rasterOf(40, 30);
    const file = path.join(folder, 'noise.png');
    await sharp(Uint8Array.from(raster.data), { raw: { width: 40, height: 30, channels: 3 } })
      .png()
      .toFile(file);
    expect(await sharpResizedOnLoad(file, 17, 13)).toEqual(await sharpResized(raster, 17, 13));
  });

  test('gives something else of a JPEG that is much larger than wanted', async () => {
    const raster = rasterOf(256, 192);
    const file = path.join(folder, 'noise.jpg');
    await sharp(Uint8Array.from(raster.data), { raw: { width: 256, height: 192, channels: 3 } })
      .jpeg({ quality: 95 })
      .toFile(file);
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    const decoded = { width: info.width, height: info.height, data: new Uint8Array(data) };
    expect(await sharpResizedOnLoad(file, 40, 30)).not.toEqual(await sharpResized(decoded, 40, 30));
  });

  test('names the file that it can’t read', async () => {
    await expect(sharpResizedOnLoad(path.join(folder, 'none.jpg'), 4, 4)).rejects.toThrow(
      /none\.jpg can't be shrunk while it is decoded/,
    );
  });
});
