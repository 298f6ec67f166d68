// Rasters for tests, made by rule.
import type { Raster } from '../../src/core/picture.js';
import type { ByteRaster } from '../../src/image/raster.js';

/** A raster whose neighbouring pixels differ, in all channels. */
export function rasterOf(width: number, height: number): ByteRaster {
  return {
    width,
    height,
    data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37 + ((i * i) % 101)) % 256),
  };
}

/** A raster of one colour. */
export function flatRaster(width: number, height: number, colour: readonly [number, number, number]): ByteRaster {
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => colour[i % 3] as number) };
}

/** The colour at (x, y). */
export function colourAt(raster: Raster, x: number, y: number): number[] {
  return [...raster.data.subarray((y * raster.width + x) * 3, (y * raster.width + x) * 3 + 3)];
}
