// Rasters with 8 bits a channel, which decoding gives and resampling is exact on; and parts of rasters.
import type { Raster } from '../core/picture.js';

/** Pixels `[height, width, 3]`, RGB, whole numbers 0…255. */
export type ByteRaster = Raster & { readonly data: Uint8Array };

/** Part of a raster, pixels, origin top left. */
export type Window = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
