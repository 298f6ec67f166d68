// The scale probe: scale 1 is the shift probe's central view bit for bit; sizes, surrounds and groups are what they say.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError, PictureError } from '../../src/core/errors.js';
import type { ProbePicture } from '../../src/core/view.js';
import { parseScaleFlag } from '../../src/probes/scale/flags.js';
import { normaliseScaleOptions } from '../../src/probes/scale/options.js';
import { canvasAtOne } from '../../src/probes/scale/room.js';
import { frameOf, NEUTRAL, pictureOf, pixelsOf, viewsOf } from './frames.js';

const SURROUNDS = ['mean', 'black', 'edge', 'reflect', 'inpaint', 'real', 'crop'] as const;

/** The colour of a view's pixel. */
function pixel({ data, width }: { data: ArrayLike<number>; width: number }, x: number, y: number): number[] {
  return [0, 1, 2].map((channel) => data[3 * (y * width + x) + channel] as number);
}

/** White, with a red rectangle. */
function boxed(width: number, height: number, [xmin, ymin, xmax, ymax]: readonly number[]): ProbePicture {
  const box = { xmin: xmin ?? 0, ymin: ymin ?? 0, xmax: xmax ?? 0, ymax: ymax ?? 0 };
  const data = new Uint8Array(width * height * 3).fill(255);
  for (let y = box.ymin; y < box.ymax; y++)
    for (let x = box.xmin; x < box.xmax; x++) data.set([200, 0, 0], 3 * (y * width + x));
  return { id: 'boxed.png', raster: { width, height, data }, boxes: [box] };
}

describe('scale 1', () => {
  it('is the central view of the default shift, bit for bit, whatever surrounds other sizes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 70 }),
        fc.integer({ min: 20, max: 70 }),
        fc.integer({ min: 8, max: 24 }),
        fc.option(fc.integer({ min: 8, max: 40 })),
        fc.constantFrom(...SURROUNDS.filter((name) => name !== 'crop')),
        (width, height, side, resizeTo, surround) => {
          const frame = frameOf(side, resizeTo === null ? null : Math.max(side, resizeTo));
          const picture = pictureOf(width, height);
          const shifted = viewsOf(picture, frame, {});
          const central = shifted.views[shifted.groups[0]!.reference]!;
          const scaled = viewsOf(picture, frame, { sizes: [0.6, 1, 1.7], surround }, 0, 'scale');
          const one = scaled.views[scaled.groups[0]!.reference]!;
          expect(one.at).toEqual({ scale: 1 });
          expect(pixelsOf(one, frame).data).toEqual(pixelsOf(central, frame).data);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('smaller sizes', () => {
  const frame = frameOf(32, 40);
  const viewAt = (surround: string, width = 40, height = 40) =>
    pixelsOf(viewsOf(pictureOf(width, height), frame, { sizes: [0.5, 1], surround }, 0, 'scale').views[0]!, frame);

  it('stand in the middle of what fills', () => {
    const inside = pixel(viewAt('black'), 8, 8);
    for (const [surround, colour] of [
      ['mean', [...NEUTRAL].map(Math.fround)],
      ['black', [0, 0, 0]],
    ] as const) {
      const view = viewAt(surround);
      expect([view.width, view.height]).toEqual([32, 32]);
      for (const [x, y] of [
        [0, 0],
        [7, 16],
        [24, 16],
        [16, 7],
        [16, 24],
      ] as const)
        expect(pixel(view, x, y)).toEqual(colour);
      expect(pixel(view, 8, 8)).toEqual(inside);
      expect(pixel(view, 23, 23)).not.toEqual(colour);
    }
    expect(pixel(viewAt('edge'), 0, 0)).toEqual(inside);
  });

  it('show more of the picture where it is the surround', () => {
    const wide = viewAt('real', 120, 40);
    // 120x40 at half size is 60x20: all of the input's width, 20 of its 32 rows.
    expect(pixel(wide, 0, 16)).not.toEqual([...NEUTRAL].map(Math.fround));
    expect(pixel(wide, 0, 5)).toEqual([...NEUTRAL].map(Math.fround));
    expect(pixel(wide, 0, 6)).not.toEqual([...NEUTRAL].map(Math.fround));
  });

  it('are refused with the surround crop where the picture ends', () => {
    expect(() => viewAt('crop')).toThrow(PictureError);
    expect(() => viewAt('crop')).toThrow(
      "a.png at scale 0.5 reaches over 20x20 of the input's 32x32 px; expected a picture that fills it",
    );
  });

  it('fill everything and keep what is known by inpainting', () => {
    const [black, filled] = [viewAt('black'), viewAt('inpaint')];
    expect(pixel(filled, 12, 20)).toEqual(pixel(black, 12, 20));
    expect(filled.data.every((value) => Number.isFinite(value))).toBe(true);
    expect(pixel(filled, 0, 0)).not.toEqual([0, 0, 0]);
  });
});

describe('larger sizes', () => {
  it('cut the middle: 2 shows the middle half of what 1 shows', () => {
    // Nearest neighbour, so that enlarging repeats pixels.
    const frame = { ...frameOf(16, 16), kernel: 'nearest' };
    const { views } = viewsOf(pictureOf(16, 16), frame, { sizes: [1, 2], canvas: 16 }, 0, 'scale');
    const [one, two] = views.map((view) => pixelsOf(view, frame));
    for (const [x, y] of [
      [0, 0],
      [5, 9],
      [15, 15],
    ] as const)
      expect(pixel(two!, x, y)).toEqual(pixel(one!, 4 + (x >> 1), 4 + (y >> 1)));
  });
});

describe('sizes of the object', () => {
  const frame = { ...frameOf(40), kernel: 'nearest' };
  const picture = boxed(100, 80, [60, 20, 80, 30]);
  it.each([
    [0.5, 20, 10],
    [1, 40, 20],
  ])('%d makes the box’s longer side so much of the input, in its middle', (size, width, height) => {
    for (const surround of ['black', 'real']) {
      const { views } = viewsOf(picture, frame, { of: 'object', sizes: [0.5, 1], surround }, 0, 'scale');
      const view = views.find(({ at }) => at['object'] === size)!;
      const { data } = pixelsOf(view, frame);
      const red = Array.from({ length: 1600 }, (_, i) => i).filter((i) => data[3 * i] === 200 && data[3 * i + 1] === 0);
      expect(red).toHaveLength(width * height);
      expect(red[0]).toBe((20 - height / 2) * 40 + 20 - width / 2);
    }
  });
  it.each([
    ['none', [], 'boxed.png has no box, which --scale object: needs.'],
    [
      'outside',
      [90, 20, 120, 30],
      'Expected the box of boxed.png inside its 100x80 px but received [90, 20, 120, 30].',
    ],
    [
      'inverted',
      [80, 20, 60, 30],
      'Expected a box with xmin < xmax and ymin < ymax for boxed.png but received [80, 20',
    ],
    ['of no area', [60, 20, 60, 30], 'Expected a box with xmin < xmax'],
    ['not numbers', [NaN, 20, 80, 30], 'Expected a box with xmin < xmax'],
  ])('say what is wrong with a box: %s', (_, numbers, message) => {
    const [xmin = 0, ymin = 0, xmax = 0, ymax = 0] = numbers;
    const wrong = { ...picture, boxes: numbers.length === 0 ? [] : [{ xmin, ymin, xmax, ymax }] };
    const views = () => viewsOf(wrong, frame, { of: 'object', sizes: [0.5, 1] }, 0, 'scale');
    expect(views).toThrow(PictureError);
    expect(views).toThrow(message);
  });
});

describe('groups', () => {
  it('are the path, and each size with its step to the next; half size beside the path', () => {
    const { views, groups } = viewsOf(pictureOf(20, 20), frameOf(16), { sizes: [0.3, 0.7, 1, 2] }, 0, 'scale');
    expect(views.map(({ at }) => at['scale'])).toEqual([0.3, 0.7, 1, 2, 0.5]);
    const [path, ...apart] = groups;
    expect(path).toEqual({
      at: {},
      reference: 2,
      views: [0, 1, 2, 3],
      pairs: [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
    });
    expect(apart.map(({ at, reference, pairs }) => [at['scale'], reference, pairs])).toEqual([
      [0.3, 0, [[0, 1]]],
      [0.7, 1, [[1, 2]]],
      [1, 2, [[2, 3]]],
      [2, 3, []],
      [0.5, 4, []],
    ]);
    expect(apart.every((group) => group.apart)).toBe(true);
  });
});

describe('--scale', () => {
  it.each([
    ['0.25..2x7', [0.25, 0.3536, 0.5, 0.7071, 1, 1.414, 2]],
    ['0.25..1x6', [0.25, 0.3299, 0.4353, 0.5743, 0.7579, 1]],
    ['0.5, 1, 2', [0.5, 1, 2]],
    ['.5,1', [0.5, 1]],
  ])('%s', (text, sizes) => {
    expect(parseScaleFlag(text)).toEqual({ of: 'picture', sizes });
    expect(parseScaleFlag(`object:${text}`)).toEqual({ of: 'object', sizes });
  });
  it.each([
    '',
    '0.5',
    '2..1x4',
    '1..1x4',
    '0..1x4',
    '0.25..2x1',
    '0.25..2',
    '0.25..2x65',
    'half',
    '0.5,,1',
    '-1,1',
    '1,99',
  ])('refuses %j', (text) => {
    expect(() => parseScaleFlag(text)).toThrow(InputError);
    expect(() => parseScaleFlag(text)).toThrow('--scale');
  });
  it('refuses unknown surrounds with the valid ones', () => {
    expect(() => parseScaleFlag('0.5,1', 'grey')).toThrow(
      'Unknown value of --scale-surround "grey". Valid: mean, black, edge, reflect, inpaint, real, crop.',
    );
  });
});

describe('options', () => {
  it('write out every default; 1 joins the sizes of a picture, half size is measured beside them', () => {
    expect(normaliseScaleOptions({ sizes: [2, 0.3] })).toEqual({
      of: 'picture',
      sizes: [0.3, 1, 2],
      reference: 1,
      half: 0.5,
      surround: 'mean',
      canvas: 'model',
    });
    expect(normaliseScaleOptions({ of: 'object', sizes: [0.25, 0.8] })).toMatchObject({
      reference: 0.8,
      half: 0.4,
      canvas: null,
    });
    const normal = normaliseScaleOptions({ sizes: [0.25, 0.8] });
    expect(normaliseScaleOptions(normal)).toEqual(normal);
  });
  it.each([
    [{ sizes: [1] }, 'two sizes or more'],
    [{ sizes: [0.5, 0.50001] }, 'each size once'],
    [{ sizes: [0.5, 1], reference: 0.5 }, '1, the view without scaling'],
    [{ sizes: [0.5, NaN] }, 'a number above 0'],
    [{ of: 'object', sizes: [0.5, 1], canvas: 64 }, 'A canvas has no meaning with sizes of the object'],
  ])('refuse %j', (input, message) => {
    expect(() => normaliseScaleOptions(input)).toThrow(InputError);
    expect(() => normaliseScaleOptions(input)).toThrow(message);
  });
  it('need a few pixels of the smallest size, and a canvas as large as the input', () => {
    expect(() => canvasAtOne(normaliseScaleOptions({ sizes: [0.05, 1] }), frameOf(64))).toThrow(
      "Expected sizes that leave at least 4 px for --scale but 0.05 of the model's input of 64x64 px leaves fewer.",
    );
    expect(() => canvasAtOne(normaliseScaleOptions({ sizes: [0.5, 1], canvas: 32 }), frameOf(64))).toThrow(
      'Expected a canvas of at least 64 px',
    );
  });
});
