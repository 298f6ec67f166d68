// Pixels of views between whole pixels: on a torus and beside other ways to the same picture.
import { describe, expect, test } from 'vitest';
import { shiftedByFraction } from '../../src/image/fractional.js';
import { cropped } from '../../src/image/canvas.js';
import { centreCropped } from '../../src/image/size.js';
import { resizeRaster } from '../../src/image/resize.js';
import { colourAt, rasterOf } from '../image/rasters.js';
import { frameOf, pictureOf, pixelsOf, viewsOf } from './frames.js';

/** Largest distance between two lists of pixels. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] as number))));
}

describe('cyclic', () => {
  test.each(['fourier', 'bilinear'] as const)('views are the centre window, shifted by %s', (interpolation) => {
    const frame = frameOf(15, 18);
    const { views } = viewsOf(pictureOf(30, 22), frame, {
      surround: 'cyclic',
      step: 0.3,
      interpolation,
      path: 'grid',
      range: [-0.6, 1.2],
    });
    const centre = views.find(({ at }) => at.dx === 0 && at.dy === 0);
    const unmoved = pixelsOf(centre as (typeof views)[0], frame);
    expect(views.length).toBe(49);
    for (const view of views) {
      const wanted = shiftedByFraction(unmoved, view.at.dx as number, view.at.dy as number, interpolation, 'wrap');
      expect(apart(pixelsOf(view, frame).data, wanted.data)).toBeLessThan(1e-3);
    }
  });
  test('whole shifts of a path by halves are those of a path by whole pixels, bit for bit', () => {
    const frame = frameOf(16, 20);
    const halves = viewsOf(pictureOf(40, 31), frame, { surround: 'cyclic', step: 0.5 });
    const whole = viewsOf(pictureOf(40, 31), frame, { surround: 'cyclic', reach: 2 });
    [0, 2, 4, 6, 8].forEach((half, i) => {
      const [a, b] = [halves.views[half], whole.views[i]];
      expect(a?.at).toEqual(b?.at);
      expect([...pixelsOf(a as (typeof halves.views)[0], frame).data]).toEqual([
        ...pixelsOf(b as (typeof halves.views)[0], frame).data,
      ]);
    });
  });
});

describe('crop', () => {
  const frame = frameOf(20, 60);
  const resized = resizeRaster(rasterOf(90, 60), 90, 60, 'bicubic');

  test('bilinear views are windows of the shifted picture: real content enters', () => {
    const { views } = viewsOf(pictureOf(90, 60), frame, { step: 0.25, path: 'horizontal' });
    for (const view of views) {
      const dx = view.at.dx as number;
      const wanted = centreCropped(shiftedByFraction(resized, dx, 0, 'bilinear', 'mirror'), 20, 20);
      expect(apart(pixelsOf(view, frame).data, wanted.data)).toBeLessThan(1e-3);
    }
    expect([...pixelsOf(views[4] as (typeof views)[0], frame).data]).toEqual([...centreCropped(resized, 20, 20).data]);
  });
  test('Fourier views on smooth content are those of the whole picture: its mirror lies 16 px beyond the window', () => {
    const smooth = Uint8Array.from({ length: 90 * 60 * 3 }, (_, i) => {
      const [x, y] = [Math.floor(i / 3) % 90, Math.floor(i / 270)];
      return Math.round(128 + 60 * Math.sin(x / 4) + 50 * Math.cos(y / 5));
    });
    const raster = { width: 90, height: 60, data: smooth };
    const { views } = viewsOf({ ...pictureOf(90, 60), raster }, frame, { step: 0.5, interpolation: 'fourier' });
    for (const view of views) {
      const [dx, dy] = [view.at.dx as number, view.at.dy as number];
      const wanted = centreCropped(shiftedByFraction(raster, dx, dy, 'fourier', 'mirror'), 20, 20);
      expect(apart(pixelsOf(view, frame).data, wanted.data)).toBeLessThan(1.5);
    }
  });
});

describe('fill', () => {
  test('an inpainted surround moves with its object: a view by a + b is the view by a, moved by b', () => {
    const frame = frameOf(24);
    const object = { of: 'picture', size: { pixels: 10 } };
    for (const surround of ['fill-inpaint', 'fill-telea']) {
      const { views } = viewsOf(pictureOf(10, 10), frame, { surround, object, path: 'grid', range: [-3, 3] });
      const at = (dx: number, dy: number) =>
        pixelsOf(views.find((view) => view.at.dx === dx && view.at.dy === dy) as (typeof views)[0], frame);
      const inner = { x: 5, y: 5, width: 14, height: 14 };
      expect(cropped(at(3, -1), inner)).toEqual(cropped(at(1, 1), { ...inner, x: 3, y: 7 }));
      expect(colourAt(at(0, 0), 7, 7)).toEqual(colourAt(rasterOf(10, 10), 0, 0));
      expect(new Set(at(0, 0).data).size).toBeGreaterThan(50);
    }
  });
});
