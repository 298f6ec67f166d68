// The frames probe: consecutive frames of a film, each through the model's own preprocessing. Natural films: Azulay &
// Weiss (JMLR 2019), section 2; flip probability over neighbouring frames: Hendrycks & Dietterich (ICLR 2019), ImageNet-P.
import { PictureError } from '../../core/errors.js';
import { frameStep } from '../../core/film.js';
import type { Raster } from '../../core/picture.js';
import type { Frame, PictureFile, Probe, ProbePicture } from '../../core/view.js';
import { decodedFrames } from '../../image/film.js';
import { kernelNamed } from '../../image/kernels.js';
import { resizeRaster } from '../../image/resize.js';
import { middleView, preprocessed } from '../own-preprocessing.js';
import type { FramesOptions } from './options.js';

/** Views of one batch. */
const BATCH = 32;

/** Most bytes that the frames of a film may take at the model's size. */
const MOST_BYTES = 256 * 2 ** 20;

/**
 * Views have the coordinate `frame`, the frame's number. Frames whose numbers follow each other are neighbours; across a
 * hole there is no pair. The reference is the first frame, as in ImageNet-P.
 */
export const framesProbe: Probe<FramesOptions> = {
  name: 'frames',
  *views({ id, readings = {} }, frame) {
    const frames = Object.entries(readings)
      .map(([number, canvas]) => ({ number: Number(number), canvas }))
      .sort((a, b) => a.number - b.number);
    if (frames.length < 2) {
      throw new PictureError(
        `${id} has ${frames.length === 1 ? 'one frame' : 'no frames'}; expected a film of two or more.`,
      );
    }
    for (let i = 0; i < frames.length; i += BATCH) {
      yield frames.slice(i, i + BATCH).map(({ number, canvas }) => middleView({ frame: number }, canvas, frame));
    }
    const step = frameStep(frames.map(({ number }) => number));
    const pairs = frames.flatMap(({ number }, i) =>
      i > 0 && number - (frames[i - 1]?.number ?? 0) === step ? [[i - 1, i] as const] : [],
    );
    return [{ at: {}, reference: 0, pairs, views: frames.map((_, i) => i) }];
  },
};

/** The film's frames at the model's size. @throws {PictureError} naming the frame that can't be used, or a film too long */
export async function readFrames(
  { id, path, frames }: PictureFile,
  _: FramesOptions,
  frame: Frame,
): Promise<Pick<ProbePicture, 'raster' | 'readings'>> {
  const kernel = kernelNamed(frame.kernel);
  const readings: Record<string, Raster> = {};
  let raster: Raster | null = null;
  let bytes = 0;
  for await (const { number, raster: whole } of decodedFrames(path, id, frames)) {
    const canvas = preprocessed(whole, frame, (source, width, height, window) =>
      resizeRaster(source, width, height, kernel, window),
    );
    raster ??= canvas;
    readings[number] = canvas;
    bytes += canvas.data.byteLength;
    if (bytes > MOST_BYTES) {
      throw new PictureError(
        `${id} has more frames than fit into ${MOST_BYTES / 2 ** 20} MB at ${frame.width}x${frame.height} px; expected a shorter film. Split it into folders.`,
      );
    }
  }
  if (raster === null) throw new PictureError(`${id} has no frames; expected a film of two or more.`);
  return { raster, readings };
}
