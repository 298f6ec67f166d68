// Box crops: they contain their box under every shift or say why not, nothing is filled in, nothing is enlarged unasked.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError, PictureError } from '../../src/core/errors.js';
import type { Box } from '../../src/core/picture.js';
import { lowerEnd } from '../../src/probes/box-crop/box-crop.js';
import { normaliseBoxCropOptions, parseCropFlag } from '../../src/probes/box-crop/options.js';
import { checkMargin, cropPlace } from '../../src/probes/box-crop/place.js';
import { rasterOf } from '../image/rasters.js';
import { frameOf, offsets, pixelsOf, viewsOf } from './frames.js';

const frame = frameOf(64);

function boxOf(xmin: number, ymin: number, width: number, height: number): Box {
  return { xmin, ymin, xmax: xmin + width, ymax: ymin + height };
}

function crops(width: number, height: number, box: Box, options: object = {}) {
  return viewsOf({ id: 'a.png', raster: rasterOf(width, height), boxes: [box] }, frame, options, 0, 'box-crop');
}

describe('crops', () => {
  it('are at the picture’s own pixels where box and margin are as wide as the input', () => {
    const raster = rasterOf(200, 160);
    // 40 px and 30 % of them on each side: 64 px.
    const { views, groups } = crops(200, 160, boxOf(80, 60, 40, 20), { margin: 0.3 });
    expect(offsets(views)).toEqual(Array.from({ length: 9 }, (_, i) => [i - 4, i - 4]));
    expect(views[4]!.at).toEqual({ dx: 0, dy: 0, box: 40 });
    for (const view of views) {
      const [dx, dy] = [Number(view.at['dx']), Number(view.at['dy'])];
      const { data } = pixelsOf(view, frame);
      // The box's middle (100, 70) lies in the middle of the unshifted window, whose corner is (68, 38).
      for (const [x, y] of [
        [0, 0],
        [63, 10],
        [31, 63],
      ] as const) {
        const from = 3 * ((38 - dy + y) * 200 + 68 - dx + x);
        expect([...data.slice(3 * (y * 64 + x), 3 * (y * 64 + x) + 3)]).toEqual([...raster.data.slice(from, from + 3)]);
      }
    }
    expect(groups).toHaveLength(2);
    expect(groups[0]).toMatchObject({ at: {}, reference: 4 });
    expect(groups[1]).toMatchObject({ at: { boxFrom: 32 }, reference: 4, apart: true });
  });

  it('contain their box under every shift, inside the picture, or the picture is left out with a reason', () => {
    let kept = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 60, max: 400 }),
        fc.integer({ min: 60, max: 400 }),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 5, max: 80 }),
        fc.integer({ min: 5, max: 80 }),
        fc.constantFrom('skip', 'widen', 'enlarge'),
        (width, height, x, y, w, h, small) => {
          const [across, down] = [(width * w) / 100, (height * h) / 100];
          const box = boxOf((x / 100) * (width - across), (y / 100) * (height - down), across, down);
          const options = normaliseBoxCropOptions({ small });
          let place;
          try {
            place = cropPlace('a.png', { width, height }, box, frame, options);
          } catch (error) {
            expect(error).toBeInstanceOf(PictureError);
            expect((error as Error).message).toMatch(/^a\.png: (the crop round its box|its box \[)/);
            return;
          }
          kept++;
          const factor = place.resized.width / width;
          if (small !== 'enlarge') expect(place.resized.width).toBeLessThanOrEqual(width);
          for (const c of [-4, 0, 4]) {
            const left = place.x - c;
            expect(left).toBeGreaterThanOrEqual(0);
            expect(left + 64).toBeLessThanOrEqual(place.resized.width);
            expect(left).toBeLessThanOrEqual(box.xmin * factor);
            expect(left + 64).toBeGreaterThanOrEqual(box.xmax * factor);
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(kept).toBeGreaterThan(40);
  });

  it('of boxes at an edge move inwards', () => {
    const { x, y } = cropPlace(
      'a.png',
      { width: 300, height: 300 },
      boxOf(9.5, 120, 60, 60),
      frame,
      normaliseBoxCropOptions({}),
    );
    expect(x).toBe(4);
    // The picture is 267 px high then, the box's middle at 133.5.
    expect(y).toBe(102);
  });

  it.each([
    [
      'small',
      100,
      100,
      boxOf(40, 40, 20, 20),
      "a.png: the crop round its box is 24 px wide, which would have to be enlarged to the input's 64 px. Take --crop-small widen or enlarge",
    ],
    [
      'as large as the picture',
      100,
      100,
      boxOf(0, 0, 100, 100),
      'a.png: the crop round its box needs 136 px of the picture, which is 100x100 px',
    ],
    [
      'in a corner',
      400,
      400,
      boxOf(0, 0, 200, 200),
      'a.png: its box [0, 0, 200, 200] lies so near the edge of the picture (400x400 px)',
    ],
    ['beyond the picture', 400, 400, boxOf(300, 300, 300, 100), 'Expected the box of a.png inside its 400x400 px'],
  ])('leave out boxes that are %s', (_, width, height, box, message) => {
    expect(() => crops(width, height, box)).toThrow(PictureError);
    expect(() => crops(width, height, box)).toThrow(message);
  });

  it('widen or enlarge small ones where that is asked for', () => {
    const place = (small: string) =>
      cropPlace('a.png', { width: 100, height: 100 }, boxOf(40, 40, 20, 20), frame, normaliseBoxCropOptions({ small }));
    expect(place('widen').resized).toEqual({ width: 100, height: 100 });
    expect(place('enlarge').resized).toEqual({ width: 267, height: 267 });
  });
});

describe('options', () => {
  it('are read from the flags', () => {
    expect(normaliseBoxCropOptions(parseCropFlag('box'))).toEqual({
      margin: 0.1,
      small: 'skip',
      path: 'diagonal',
      reach: 4,
      step: 1,
    });
    expect(parseCropFlag('box', '25%', 'widen')).toEqual({ margin: 0.25, small: 'widen' });
    expect(() => parseCropFlag('mask')).toThrow('Unknown value of --crop "mask". Valid: box.');
    expect(() => parseCropFlag('box', '-1')).toThrow('--crop-margin');
    expect(() => parseCropFlag('box', undefined, 'grow')).toThrow('--crop-small');
  });
  it('refuse a margin that the path would leave', () => {
    const tight = normaliseBoxCropOptions({ margin: 0.02 });
    expect(() => checkMargin(tight, frame)).toThrow(InputError);
    expect(() => checkMargin(tight, frame)).toThrow('Take --crop-margin 9% or more.');
    expect(() => checkMargin(normaliseBoxCropOptions({ margin: 0.09 }), frame)).not.toThrow();
  });
});

it('classes of sizes are half octaves', () => {
  expect([31.9, 32, 45, 45.3, 64, 90, 91].map(lowerEnd)).toEqual([23, 32, 32, 45, 64, 64, 91]);
});
