// Rasters with 8 bits a channel: what decoding gives and what resampling is exact on.
import type { Raster } from '../core/picture.js';

/** Pixels `[height, width, 3]`, RGB, whole numbers 0…255. */
export type ByteRaster = Raster & { readonly data: Uint8Array };
