// Decoding of pictures made here with sharp's encoders, and of broken ones with the exact message each gets.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PictureError } from '../../src/core/errors.js';
import { decodePicture } from '../../src/image/decode.js';
import { colourAt, flatRaster, rasterOf } from './rasters.js';

function encoder(raster: { width: number; height: number; data: Uint8Array }, channels: 1 | 3 | 4 = 3): Sharp {
  return sharp(raster.data, { raw: { width: raster.width, height: raster.height, channels } });
}

/** One colour in 16 bits, straight to PNG. */
function png16(colour: readonly number[], space: 'rgb16' | 'grey16'): Promise<Buffer> {
  const channels = colour.length as 1 | 3 | 4;
  const data = Uint16Array.from({ length: 8 * 6 * channels }, (_, i) => colour[i % channels] as number);
  return sharp(data, { raw: { width: 8, height: 6, channels } })
    .toColourspace(space)
    .png()
    .toBuffer();
}

/** A PNG whose header claims another size. */
async function claiming(width: number, height: number): Promise<Buffer> {
  const png = await encoder(rasterOf(8, 6)).png().toBuffer();
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

test('lossless formats give the pixels that went in', async () => {
  const raster = rasterOf(33, 21);
  for (const bytes of [
    await encoder(raster).png().toBuffer(),
    await encoder(raster).tiff({ compression: 'lzw' }).toBuffer(),
    await encoder(raster).webp({ lossless: true, exact: true }).toBuffer(),
  ]) {
    expect(await decodePicture(bytes)).toEqual(raster);
  }
});

describe('EXIF orientation', () => {
  // Four quarters of one colour each, named by where they stand in the file; the colours the upright picture must show
  // at its top left and top right follow from the EXIF 2.32 table of the tag Orientation.
  const quarters = { a: [255, 0, 0], b: [0, 255, 0], c: [0, 0, 255], d: [255, 255, 255] } as const;
  test.each([
    [1, 'a', 'b', 32, 16],
    [2, 'b', 'a', 32, 16],
    [3, 'd', 'c', 32, 16],
    [4, 'c', 'd', 32, 16],
    [5, 'a', 'c', 16, 32],
    [6, 'c', 'a', 16, 32],
    [7, 'd', 'b', 16, 32],
    [8, 'b', 'd', 16, 32],
  ] as const)('%i', async (orientation, topLeft, topRight, width, height) => {
    const data = new Uint8Array(32 * 16 * 3);
    for (let y = 0; y < 16; y++) {
      for (let x = 0; x < 32; x++)
        data.set(quarters[y < 8 ? (x < 16 ? 'a' : 'b') : x < 16 ? 'c' : 'd'], (y * 32 + x) * 3);
    }
    const encoded = encoder({ width: 32, height: 16, data }).withMetadata({ orientation });
    const upright = await decodePicture(await encoded.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer());
    expect([upright.width, upright.height]).toEqual([width, height]);
    const near = (x: number, y: number) => colourAt(upright, x, y).map((value) => (value > 127 ? 255 : 0));
    expect(near(2, 2)).toEqual(quarters[topLeft]);
    expect(near(width - 3, 2)).toEqual(quarters[topRight]);
  });
});

describe('what is not 8-bit RGB', () => {
  const first = async (bytes: Buffer): Promise<number[]> => {
    const raster = await decodePicture(bytes);
    expect(raster.data).toBeInstanceOf(Uint8Array);
    expect(raster.data.length).toBe(raster.width * raster.height * 3);
    return colourAt(raster, 1, 1);
  };

  test('16-bit colour keeps the high byte', async () => {
    expect(await first(await png16([0x1080, 0x80ff, 0xff01], 'rgb16'))).toEqual([0x10, 0x80, 0xff]);
  });
  test('16-bit grey stands in all channels', async () => {
    expect(await first(await png16([0x8033], 'grey16'))).toEqual([0x80, 0x80, 0x80]);
  });
  test('grey with alpha is flattened on white, in all channels', async () => {
    const pairs = Uint8Array.from({ length: 8 * 8 * 2 }, (_, i) => (i % 2 === 0 ? 100 : 0));
    const grey = await sharp(pairs, { raw: { width: 8, height: 8, channels: 2 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    expect((await sharp(grey).metadata()).channels).toBe(2);
    expect(await first(grey)).toEqual([255, 255, 255]);
  });
  test('16-bit alpha is flattened on white', async () => {
    expect(await first(await png16([0x1080, 0x80ff, 0xff01, 0], 'rgb16'))).toEqual([255, 255, 255]);
  });
  test('alpha is flattened on white', async () => {
    const rgba = {
      width: 8,
      height: 8,
      data: Uint8Array.from({ length: 256 }, (_, i) => [200, 100, 0, 128][i % 4] as number),
    };
    const webp = await encoder(rgba, 4).webp({ lossless: true }).toBuffer();
    const expected = [200, 100, 0].map((value) => (value * 128 + 255 * 127) / 255);
    (await first(webp)).forEach((value, i) => expect(Math.abs(value - (expected[i] as number))).toBeLessThanOrEqual(1));
  });
  test('grey, one channel', async () => {
    const grey = { width: 8, height: 8, data: new Uint8Array(64).fill(77) };
    expect(await first(await encoder(grey, 1).toColourspace('b-w').png().toBuffer())).toEqual([77, 77, 77]);
    expect(await first(await encoder(grey, 1).toColourspace('b-w').jpeg({ quality: 100 }).toBuffer())).toEqual([
      77, 77, 77,
    ]);
  });
  test.each(['jpeg', 'tiff'] as const)('CMYK %s', async (format) => {
    const cmyk = await encoder(flatRaster(16, 16, [140, 110, 90]))
      .toColourspace('cmyk')
      .toFormat(format)
      .toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    const colour = await first(cmyk);
    [140, 110, 90].forEach((value, i) => expect(Math.abs((colour[i] as number) - value)).toBeLessThan(12));
  });
  test('an ICC profile is converted to sRGB', async () => {
    const p3 = await encoder(flatRaster(8, 8, [255, 0, 0]))
      .withIccProfile('p3')
      .png()
      .toBuffer();
    expect((await sharp(p3, { ignoreIcc: true }).raw().toBuffer())[0]).toBeLessThan(240);
    expect((await first(p3))[0]).toBeGreaterThan(252);
  });
  test.each(['gif', 'webp'] as const)('the first frame of an animated %s', async (format) => {
    const frames = [flatRaster(8, 8, [255, 0, 0]), flatRaster(8, 8, [0, 0, 255])].map((raster) =>
      encoder(raster).png().toBuffer(),
    );
    const animation = await sharp(await Promise.all(frames), { join: { animated: true } })
      .toFormat(format, { lossless: true })
      .toBuffer();
    expect((await sharp(animation).metadata()).pages).toBe(2);
    const raster = await decodePicture(animation);
    expect([raster.width, raster.height]).toEqual([8, 8]);
    expect(colourAt(raster, 4, 4)).toEqual([255, 0, 0]);
  });
});

describe('bad pictures', () => {
  let folder = '';
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'invariance-decode-'))));
  afterAll(() => rm(folder, { recursive: true }));

  const message = async (source: string | Uint8Array, name?: string): Promise<string> => {
    const error = await decodePicture(source, name).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(PictureError);
    return (error as PictureError).message;
  };

  test('text, whatever it calls itself', async () => {
    const path = join(folder, 'naïve.jpg');
    await writeFile(path, 'this is no picture at all');
    expect(await message(path, 'naïve.jpg')).toBe(
      'naïve.jpg is not a picture; expected JPEG, PNG, WebP, GIF, TIFF or AVIF.',
    );
  });
  test('zero bytes', async () => {
    const path = join(folder, 'empty.png');
    await writeFile(path, '');
    expect(await message(path)).toBe(`${path} is empty (0 bytes); expected a picture.`);
  });
  test('no such file, a folder', async () => {
    expect(await message(join(folder, 'none.png'), 'none.png')).toBe("none.png doesn't exist.");
    expect(await message(folder, 'folder')).toBe("folder is a folder; expected a picture's file.");
  });
  test('a drawing', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><rect width="9" height="9"/></svg>';
    expect(await message(Buffer.from(svg), 'a.svg')).toBe(
      'a.svg is SVG; expected pixels: JPEG, PNG, WebP, GIF, TIFF or AVIF.',
    );
  });
  test('too small', async () => {
    const one = await encoder(flatRaster(1, 1, [9, 9, 9]))
      .png()
      .toBuffer();
    expect(await message(one, 'dot.png')).toBe('dot.png is 1x1 px; expected at least 4x4.');
    const strip = await encoder(flatRaster(90, 3, [9, 9, 9]))
      .png()
      .toBuffer();
    expect(await message(strip, 'strip.png')).toBe('strip.png is 90x3 px; expected at least 4x4.');
    const least = await encoder(rasterOf(4, 4)).png().toBuffer();
    expect(await decodePicture(least)).toEqual(rasterOf(4, 4));
  });
  test('too large, found out from the header alone', async () => {
    expect(await message(await claiming(20_000, 20_000), 'huge.png')).toBe(
      'huge.png is 20000x20000 px (400,000,000 pixels); expected at most 268,402,689 pixels. Make it smaller first.',
    );
  });
  test.each([
    ['jpeg', 0.3],
    ['jpeg', 0.9],
    ['png', 0.3],
    ['png', 0.95],
    ['webp', 0.6],
    ['gif', 0.8],
    ['tiff', 0.5],
    ['tiff', 0.9],
    ['avif', 0.6],
  ] as const)('%s cut off at %f', async (format, fraction) => {
    const whole = await encoder(rasterOf(64, 48)).toFormat(format).toBuffer();
    const cut = whole.subarray(0, Math.floor(whole.length * fraction));
    expect(await message(cut, `cut.${format}`)).toMatch(
      new RegExp(`^cut\\.${format} is truncated or damaged and can't be decoded \\(`),
    );
  });
  test('a sound, whose container pictures use too', async () => {
    expect(await message(Buffer.from('RIFF\x24\0\0\0WAVEfmt '), 'a.webp')).toMatch(
      /^a\.webp is not a picture; expected /,
    );
  });
  test('random bytes', async () => {
    expect(await message(rasterOf(20, 20).data)).toBe(
      'picture is not a picture; expected JPEG, PNG, WebP, GIF, TIFF or AVIF.',
    );
  });
});
