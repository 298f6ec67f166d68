// The pixels of views: against other ways to the same picture, and as properties.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomFor } from '../../src/core/random.js';
import { cropped, rolled } from '../../src/image/canvas.js';
import { resizeRaster } from '../../src/image/resize.js';
import { centreCropped, shortestEdgeSize } from '../../src/image/size.js';
import { randomCrop } from '../../src/probes/shift/random-crop.js';
import { colourAt, rasterOf } from '../image/rasters.js';
import { frameOf, NEUTRAL, offsets, pictureOf, pixelsOf, viewsOf } from './frames.js';

const surrounds = [
  'crop',
  'cyclic',
  'fill-mean',
  'fill-black',
  'fill-edge',
  'fill-reflect',
  'fill-inpaint',
  'fill-telea',
  'random-crop',
] as const;
const paths = ['diagonal', 'horizontal', 'vertical', 'random', 'random-pair', 'grid', 'map'] as const;

describe('every surround on every path', () => {
  test('all windows lie inside their canvas, and the reference is the unshifted view', () => {
    const side = fc.integer({ min: 16, max: 40 });
    fc.assert(
      fc.property(
        fc.constantFrom(...surrounds),
        fc.constantFrom(...paths),
        fc.tuple(side, side),
        fc.tuple(fc.integer({ min: 12, max: 40 }), fc.integer({ min: 12, max: 40 })),
        fc.option(fc.integer({ min: 12, max: 60 })),
        fc.constantFrom(
          {},
          { step: 0.5 },
          { step: 0.3, interpolation: 'fourier' },
          { step: 0.3, interpolation: 'bilinear' },
        ),
        (surround, path, [width, height], [frameWidth, frameHeight], resizeTo, step) => {
          const frame = frameOf(frameWidth, resizeTo, frameHeight);
          const range = path === 'grid' || path === 'random-pair' ? { range: [-1, 1] } : {};
          const reach = range.range === undefined && !/random|map/.test(path) ? { reach: 1 } : {};
          const { views, groups } = viewsOf(pictureOf(width, height), frame, {
            surround,
            path,
            ...range,
            ...reach,
            ...step,
          });
          for (const { canvas, x, y, wrap } of views) {
            expect(canvas.data.length).toBe(canvas.width * canvas.height * 3);
            expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
            expect(canvas.width - x).toBeGreaterThanOrEqual(wrap ? 1 : frameWidth);
            expect(canvas.height - y).toBeGreaterThanOrEqual(wrap ? 1 : frameHeight);
            if (wrap) expect([canvas.width, canvas.height]).toEqual([frameWidth, frameHeight]);
          }
          for (const group of groups) expect(offsets(views)[group.reference]).toEqual([0, 0]);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('room that is wanted round windows never changes their pixels', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...surrounds),
        fc.tuple(fc.integer({ min: 30, max: 50 }), fc.integer({ min: 30, max: 50 })),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom({}, { step: 0.3, interpolation: 'fourier' }, { step: 0.3, interpolation: 'bilinear' }),
        (surround, [width, height], margin, step) => {
          const frame = frameOf(20, 28);
          const options = { surround, reach: 2, ...step };
          const plain = viewsOf(pictureOf(width, height), frame, options).views;
          const roomy = viewsOf(pictureOf(width, height), { ...frame, margin }, options).views;
          roomy.forEach((view, i) => expect(pixelsOf(view, frame)).toEqual(pixelsOf(plain[i]!, frame)));
          if (Object.keys(step).length > 0) return;
          // The path takes 2 px on each side.
          const { height: side } = shortestEdgeSize({ width, height }, 28);
          if (surround === 'crop') expect(roomy[2]?.y).toBe(2 + Math.min(margin, Math.floor((side - 20) / 2) - 2));
          if (surround === 'fill-mean') expect(roomy[2]?.x).toBe(2 + margin);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('crop', () => {
  test('the unshifted view is what plain preprocessing gives, the others are windows beside it', () => {
    const frame = frameOf(24, 32);
    const { views } = viewsOf(pictureOf(50, 37), frame, { path: 'grid', range: [-4, 4] });
    const resized = resizeRaster(rasterOf(50, 37), 43, 32, 'bicubic');
    expect(views.length).toBe(81);
    for (const view of views) {
      const window = { x: 9 - (view.at.dx as number), y: 4 - (view.at.dy as number), width: 24, height: 24 };
      expect(pixelsOf(view, frame)).toEqual(cropped(resized, window));
    }
    expect(pixelsOf(views[40] as (typeof views)[0], frame)).toEqual(centreCropped(resized, 24, 24));
  });
  test('content moves right and down where dx and dy are positive', () => {
    const frame = frameOf(8, 16);
    const { views } = viewsOf(pictureOf(16, 16), frame, { reach: 1 });
    const [before, centre, after] = views.map((view) => pixelsOf(view, frame));
    expect(colourAt(after!, 5, 5)).toEqual(colourAt(centre!, 4, 4));
    expect(colourAt(before!, 3, 3)).toEqual(colourAt(centre!, 4, 4));
  });
  test("the default canvas: the model's own where it leaves room, else input / 0.875", () => {
    const unshifted = (resizeTo: number | null, step: number) => {
      const frame = frameOf(56, resizeTo);
      const { views } = viewsOf(pictureOf(80, 80), frame, { step });
      return pixelsOf(views[4] as (typeof views)[0], frame);
    };
    const at = (side: number) => centreCropped(resizeRaster(rasterOf(80, 80), side, side, 'bicubic'), 56, 56);
    expect(unshifted(72, 2)).toEqual(at(72));
    expect(unshifted(60, 1)).toEqual(at(64));
    expect(unshifted(null, 1)).toEqual(at(64));
    expect(unshifted(80, 3)).toEqual(at(80));
    const small = viewsOf(pictureOf(80, 80), frameOf(32), {});
    const wanted = centreCropped(resizeRaster(rasterOf(80, 80), 40, 40, 'bicubic'), 32, 32);
    expect(pixelsOf(small.views[4] as (typeof small.views)[0], frameOf(32)), 'small inputs get 8 px').toEqual(wanted);
  });
});

describe('cyclic', () => {
  test('views are the plain preprocessing, rolled', () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 50 }), fc.integer({ min: 16, max: 50 }), (width, height) => {
        const frame = frameOf(16, 20);
        const { views } = viewsOf(pictureOf(width, height), frame, {
          surround: 'cyclic',
          path: 'random-pair',
          range: [-32, 32],
          repeat: 4,
        });
        const centre = pixelsOf(views[0] as (typeof views)[0], frame);
        const [w, h] =
          width <= height ? [20, Math.trunc((20 * height) / width)] : [Math.trunc((20 * width) / height), 20];
        expect([...centre.data]).toEqual([
          ...centreCropped(resizeRaster(rasterOf(width, height), w, h, 'bicubic'), 16, 16).data,
        ]);
        for (const view of views) {
          const expected = rolled(centre, view.at.dx as number, view.at.dy as number);
          expect([...pixelsOf(view, frame).data]).toEqual([...expected.data]);
        }
      }),
      { numRuns: 20 },
    );
  });
  test("a canvas smaller than the input's crop is padded with black as the preprocessing does", () => {
    const frame = frameOf(16, 12);
    const { views } = viewsOf(pictureOf(12, 12), frame, { surround: 'cyclic', reach: 1 });
    const centre = pixelsOf(views[1] as (typeof views)[0], frame);
    expect(colourAt(centre, 1, 1)).toEqual([0, 0, 0]);
    expect(colourAt(centre, 2, 2)).toEqual(colourAt(rasterOf(12, 12), 0, 0));
  });
});

describe('fill', () => {
  const frame = frameOf(20);
  const object = { of: 'picture', size: { pixels: 8 } };

  test.each(['fill-mean', 'fill-black', 'fill-edge', 'fill-reflect', 'fill-inpaint', 'fill-telea'] as const)(
    '%s leaves the object alone',
    (surround) => {
      // A frame and paths that are not symmetric, so that no side can stand in for another.
      const wide = frameOf(20, null, 24);
      for (const path of [
        { path: 'grid', range: [-4, 4] },
        { path: 'horizontal' },
        { path: 'random-pair', range: [-3, 7] },
      ]) {
        const { views } = viewsOf(pictureOf(8, 6), wide, { surround, object, ...path });
        expect(new Set(views.map(({ canvas }) => canvas)).size).toBe(1);
        for (const view of views) {
          const corner = { x: 6 + (view.at.dx as number), y: 9 + (view.at.dy as number) };
          const inside = cropped(pixelsOf(view, wide), { ...corner, width: 8, height: 6 });
          expect([...inside.data]).toEqual([...rasterOf(8, 6).data]);
        }
      }
    },
  );
  test('what stands round the object', () => {
    const corner = (surround: string) => {
      const { views } = viewsOf(pictureOf(8, 8), frame, { surround, object, reach: 4 });
      return pixelsOf(views[4] as (typeof views)[0], frame);
    };
    expect(colourAt(corner('fill-mean'), 5, 6)).toEqual(NEUTRAL.map(Math.fround));
    expect(colourAt(corner('fill-mean'), 19, 19)).toEqual(NEUTRAL.map(Math.fround));
    expect(colourAt(corner('fill-black'), 5, 6)).toEqual([0, 0, 0]);
    expect(colourAt(corner('fill-edge'), 0, 6)).toEqual(colourAt(rasterOf(8, 8), 0, 0));
    expect(colourAt(corner('fill-reflect'), 5, 6)).toEqual(colourAt(rasterOf(8, 8), 1, 0));
  });
  test('the larger side gets the size that is asked for, a share being rounded down', () => {
    const height = (options: object, at = frame) => {
      const { views } = viewsOf(pictureOf(30, 20), at, { surround: 'fill-black', ...options });
      const { data, width } = pixelsOf(views[4] as (typeof views)[0], at);
      const rows = new Set<number>();
      data.forEach((value, i) => {
        if (value > 0) rows.add(Math.floor(i / 3 / width));
      });
      return rows.size;
    };
    expect(height({ object: { of: 'picture', size: { pixels: 15 } } })).toBe(10);
    expect(height({ object: { of: 'centre-square', size: { share: 0.625 } } }, frameOf(21))).toBe(13);
    expect(height({ object: { of: 'centre-square', size: { share: 1 / 1.3 } } }, frameOf(130))).toBe(100);
  });
  test('the largest box is the object; a picture without one is an error', () => {
    const boxes = [
      { xmin: 0, ymin: 0, xmax: 3, ymax: 3 },
      { xmin: 10, ymin: 4, xmax: 18, ymax: 12 },
    ];
    const options = { surround: 'fill-black', object: { of: 'box', size: { pixels: 8 } } };
    const { views } = viewsOf({ ...pictureOf(30, 20), boxes }, frame, options);
    const inside = cropped(pixelsOf(views[4] as (typeof views)[0], frame), { x: 6, y: 6, width: 8, height: 8 });
    expect(inside).toEqual(cropped(rasterOf(30, 20), { x: 10, y: 4, width: 8, height: 8 }));
    expect(() => viewsOf(pictureOf(30, 20), frame, options)).toThrow('a.png has no box, which --object box: needs.');
  });
});

describe('random-crop', () => {
  const random = (key: string) => randomFor(0, key);

  test('has the share of the area and the aspect that are asked for, and stays inside', () => {
    for (let i = 0; i < 300; i++) {
      const crop = randomCrop({ width: 500, height: 375 }, 0.4, [3 / 4, 4 / 3], random(`${i}`));
      expect(crop.x + crop.width).toBeLessThanOrEqual(500);
      expect(crop.y + crop.height).toBeLessThanOrEqual(375);
      expect(Math.min(crop.x, crop.y)).toBeGreaterThanOrEqual(0);
      expect((crop.width * crop.height) / (500 * 375)).toBeCloseTo(0.4, 2);
      expect(crop.width / crop.height).toBeGreaterThan(0.745);
      expect(crop.width / crop.height).toBeLessThan(1.342);
    }
  });
  test('a share of 1 is the centre, whole or cut to the nearest aspect allowed', () => {
    const whole = (width: number, height: number) => randomCrop({ width, height }, 1, [3 / 4, 4 / 3], random('a'));
    expect(whole(500, 400)).toEqual({ x: 0, y: 0, width: 500, height: 400 });
    expect(whole(900, 300)).toEqual({ x: 250, y: 0, width: 400, height: 300 });
    expect(whole(300, 900)).toEqual({ x: 0, y: 250, width: 300, height: 400 });
  });
  test('repeats draw crops of their own, each with its own canvas and unshifted view', () => {
    const { views, groups } = viewsOf(pictureOf(60, 50), frameOf(16), { surround: 'random-crop', repeat: 2 });
    expect(views.length).toBe(18);
    expect(views[0]?.canvas).not.toEqual(views[9]?.canvas);
    expect(groups.map(({ reference }) => reference)).toEqual([4, 13]);
    expect(groups[1]?.views).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17]);
    expect(groups[1]?.pairs[0]).toEqual([9, 10]);
  });
});
