// A picture read for models: decoded once, and once a frame where the probe reads more of its file.
import type { PictureEntry } from '../core/picture.js';
import { canonicalJson, type Protocol } from '../core/protocol.js';
import type { Frame } from '../core/view.js';
import { decodePicture } from '../image/decode.js';
import { findProbe } from '../probes/registry.js';
import type { Decoded } from './measure.js';

/** What of a picture's entry reading needs. */
export type ReadableEntry = Pick<PictureEntry, 'id' | 'path' | 'boxes' | 'frames'>;

/**
 * The picture for each of several frames, in their order; equal frames share one reading.
 *
 * @throws {PictureError} it can't be read
 */
export async function readPicture(
  { id, path, boxes, frames: film }: ReadableEntry,
  { probe: { name, options } }: Protocol,
  frames: readonly Frame[],
): Promise<Decoded[]> {
  const { read } = findProbe(name);
  if (read === undefined) {
    const raster = await decodePicture(path, id);
    return frames.map(() => ({ id, boxes, raster }));
  }
  let decoded: ReturnType<typeof decodePicture> | null = null;
  const file = {
    id,
    path,
    ...(film === undefined ? {} : { frames: film }),
    decode: () => (decoded ??= decodePicture(path, id)),
  };
  const byFrame = new Map<string, Decoded>();
  for (const frame of frames) {
    const key = canonicalJson(frame);
    if (!byFrame.has(key)) byFrame.set(key, { id, boxes, ...(await read(file, options, frame)) });
  }
  return frames.map((frame) => byFrame.get(canonicalJson(frame)) as Decoded);
}
