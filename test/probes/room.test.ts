// Room that remedies want round windows: probes keep it where the picture has it, and their views stay as they are.
import { describe, expect, test } from 'vitest';
import { middleView, preprocessed } from '../../src/probes/own-preprocessing.js';
import { resizeRaster } from '../../src/image/resize.js';
import { frameOf, pictureOf, pixelsOf, viewsOf } from './frames.js';

const frame = frameOf(24, 40);

describe('views with room and without are the same pixels', () => {
  test.each([
    ['tta', { over: [{ kind: 'shift', count: 5 }, { kind: 'flip' }, { kind: 'scale', count: 2 }], canvas: 60 }, {}],
    ['box-crop', { reach: 2, margin: 0.2 }, { boxes: [{ xmin: 40, ymin: 30, xmax: 72, ymax: 60 }] }],
    ['kernels', { kernels: ['pillow-nearest', 'pillow-bilinear'] }, {}],
  ] as const)('of the probe %s', (probe, options, more) => {
    const picture = { ...pictureOf(120, 90), ...more };
    const plain = viewsOf(picture, frame, options, 0, probe).views;
    const roomy = viewsOf(picture, { ...frame, margin: 8 }, options, 0, probe).views;
    expect(roomy.length).toBe(plain.length);
    roomy.forEach((view, i) => expect(pixelsOf(view, frame)).toEqual(pixelsOf(plain[i]!, frame)));
    expect(roomy[0]!.canvas.width).toBeGreaterThan(plain[0]!.canvas.width);
  });
});

test('a model’s own preprocessing keeps as much on every side as the shortest has', () => {
  const resize = (
    raster: Parameters<typeof resizeRaster>[0],
    width: number,
    height: number,
    window: Parameters<typeof resizeRaster>[4],
  ) => resizeRaster(raster, width, height, 'bicubic', window);
  const { raster } = pictureOf(120, 90);
  const window = preprocessed(raster, frame, resize);
  for (const [margin, room] of [
    [5, 5],
    [8, 8],
    [20, 8],
  ] as const) {
    const canvas = preprocessed(raster, { ...frame, margin }, resize);
    expect([canvas.width, canvas.height]).toEqual([24 + 2 * room, 24 + 2 * room]);
    const view = middleView({}, canvas, frame);
    expect([view.x, view.y]).toEqual([room, room]);
    expect(pixelsOf(view, frame)).toEqual(window);
  }
});
