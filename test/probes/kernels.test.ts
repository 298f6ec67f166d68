// The kernels probe: every kernel in the place of the model's own, all else as the model's preprocessing has it.
import { describe, expect, test } from 'vitest';
import { cropped } from '../../src/image/canvas.js';
import { opencvResized } from '../../src/image/opencv-resize.js';
import { resizeRaster } from '../../src/image/resize.js';
import { centreOfResized } from '../../src/image/size.js';
import { KERNELS } from '../../src/probes/kernels/names.js';
import { parseKernelsFlag } from '../../src/probes/kernels/options.js';
import { findProbe } from '../../src/probes/registry.js';
import { rasterOf } from '../image/rasters.js';
import { frameOf, pictureOf, viewsOf } from './frames.js';

const PIXELS = KERNELS.filter((kernel) => !kernel.startsWith('sharp'));

/** Views of a picture by kernel; the frame's own kernel is bicubic. */
function seen(width: number, height: number, frame = frameOf(8, 10), kernels: readonly string[] = PIXELS) {
  const { views, groups } = viewsOf(pictureOf(width, height), frame, { kernels }, 0, 'kernels');
  return { views, groups, byKernel: new Map(views.map((view) => [view.at['kernel'], view])) };
}

describe('views', () => {
  test('the own kernel’s is what the model is fed', () => {
    const { byKernel, groups } = seen(30, 21);
    const own = centreOfResized(rasterOf(30, 21), 10, 'bicubic', 8, 8);
    expect(byKernel.get('pillow-bicubic')?.canvas).toEqual(own);
    expect(groups[0]?.reference).toBe(PIXELS.indexOf('pillow-bicubic'));
  });

  test('another kernel’s differs in the resize alone', () => {
    const { byKernel } = seen(30, 21);
    const whole = opencvResized(rasterOf(30, 21), 14, 10, 'linear');
    expect(byKernel.get('opencv-linear')).toEqual({
      at: { kernel: 'opencv-linear' },
      canvas: cropped(whole, { x: 3, y: 1, width: 8, height: 8 }),
      x: 0,
      y: 0,
      wrap: false,
    });
  });

  test('are all the same where the picture has the wanted size', () => {
    const { views } = seen(14, 10);
    for (const { canvas } of views) expect([...canvas.data]).toEqual([...(views[0]?.canvas.data ?? [])]);
  });

  test('keep to sizes that ignore the aspect', () => {
    const frame = { ...frameOf(8), exact: { width: 12, height: 12 } };
    const { byKernel } = seen(30, 21, frame);
    const whole = resizeRaster(rasterOf(30, 21), 12, 12, 'box');
    expect(byKernel.get('pillow-box')?.canvas).toEqual(cropped(whole, { x: 2, y: 2, width: 8, height: 8 }));
  });

  test('are padded where the resized picture is smaller than the input', () => {
    const { views } = seen(30, 30, frameOf(8, 6));
    for (const { canvas } of views) {
      expect([canvas.width, canvas.height]).toEqual([8, 8]);
      expect([...canvas.data.subarray(0, 3)]).toEqual([0, 0, 0]);
    }
  });
});

describe('groups', () => {
  test('pair every kernel with the own one, which comes along unasked', () => {
    const { views, groups } = seen(30, 21, frameOf(8, 10), ['opencv-area', 'pillow-box']);
    expect(views.map(({ at }) => at['kernel'])).toEqual(['pillow-bicubic', 'pillow-box', 'opencv-area']);
    expect(groups).toEqual([
      { at: {}, reference: 0, pairs: [[0, 1], [0, 2]], views: [0, 1, 2] }, // prettier-ignore
      { at: { kernel: 'pillow-box' }, reference: 1, pairs: [[0, 1]], views: [1], apart: true },
      { at: { kernel: 'opencv-area' }, reference: 2, pairs: [[0, 2]], views: [2], apart: true },
    ]);
  });

  test('need another kernel than the own one', () => {
    const { check } = findProbe('kernels');
    expect(() => check({ kernels: ['pillow-bicubic'] }, frameOf(8, 10))).toThrow(
      "Expected another kernel for --kernels than pillow-bicubic, which is the model's own. Name one more, or give --kernels alone for all.",
    );
    expect(() => check({ kernels: ['pillow-box'] }, frameOf(8, 10))).not.toThrow();
  });
});

describe('readings', () => {
  test('of sharp have the resized size, at each model’s own', async () => {
    const { read } = findProbe('kernels');
    const decode = () => Promise.resolve(rasterOf(30, 20));
    const options = { kernels: ['sharp-lanczos3'] };
    const found = await read?.({ id: 'a.png', path: 'a.png', decode }, options, frameOf(8, 10));
    expect(found?.readings?.['sharp-lanczos3']).toMatchObject({ width: 15, height: 10 });
    const picture = { id: 'a.png', boxes: [], ...(found as NonNullable<typeof found>) };
    const { views } = viewsOf(picture, frameOf(8, 10), options, 0, 'kernels');
    expect(views.map(({ canvas }) => [canvas.width, canvas.height])).toEqual([[8, 8], [8, 8]]); // prettier-ignore
  });
});

describe('--kernels', () => {
  test.each([
    [true, KERNELS],
    ['opencv-linear,pillow-box', ['pillow-box', 'opencv-linear']],
    [' OpenCV-Linear , opencv-linear', ['opencv-linear']],
  ] as const)('%s', (text, kernels) => {
    expect(parseKernelsFlag(text)).toEqual({ kernels });
  });

  test.each([
    ['opencv-liner', /^Unknown kernel for --kernels "opencv-liner". Did you mean "opencv-linear"/],
    ['pillow-box,', /^Expected names of kernels parted by commas for --kernels but received "pillow-box,"/],
  ])('%s is refused', (text, message) => {
    expect(() => parseKernelsFlag(text)).toThrow(message);
  });
});
