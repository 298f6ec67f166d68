// Turned pictures, films of small changes, and the search for the worst pose: coordinates, groups, pixels, messages.
import { describe, expect, test } from 'vitest';
import { placedRaster } from '../../src/image/rotate.js';
import { BLACK } from '../../src/image/canvas.js';
import { resizeRaster } from '../../src/image/resize.js';
import { centreCropped } from '../../src/image/size.js';
import { normaliseRotateOptions, parseRotateFlag } from '../../src/probes/rotate/options.js';
import { normaliseSequencesOptions } from '../../src/probes/rotate/sequences.js';
import { normaliseSpatialOptions } from '../../src/probes/rotate/spatial.js';
import { colourAt, rasterOf } from '../image/rasters.js';
import { frameOf, pictureOf, pixelsOf, viewsOf } from './frames.js';
import { messageOf } from '../support/message-of.js';

const picture = pictureOf(60, 40);
const frame = frameOf(20, 30);

describe('rotate', () => {
  test('angles rise, each the neighbour of the next, the unturned view the reference', () => {
    const { views, groups, batches } = viewsOf(picture, frame, { from: -10, to: 10, steps: 5 }, 0, 'rotate');
    expect(views.map(({ at }) => at)).toEqual([-10, -5, 0, 5, 10].map((angle) => ({ angle })));
    expect(groups).toEqual([{ at: {}, reference: 2, pairs: [[0, 1], [1, 2], [2, 3], [3, 4]], views: [0, 1, 2, 3, 4] }]); // prettier-ignore
    expect(batches).toEqual([5]);
  });
  test('0 degrees are added where they are not among the angles', () => {
    const { views, groups } = viewsOf(picture, frame, { from: -10, to: 20, steps: 4, border: 'black' }, 0, 'rotate');
    expect(views.map(({ at }) => at.angle)).toEqual([-10, 0, 10, 20]);
    const beside = viewsOf(picture, frame, { from: 5, to: 6, steps: 2 }, 0, 'rotate');
    expect(beside.views.map(({ at }) => at.angle)).toEqual([0, 5, 6]);
    expect([groups[0]?.reference, beside.groups[0]?.reference]).toEqual([1, 0]);
  });
  test('the unturned view is the model’s own preprocessing, bit for bit', () => {
    const wanted = [...centreCropped(resizeRaster(rasterOf(60, 40), 45, 30, 'bicubic'), 20, 20).data];
    for (const border of ['reflect', 'edge', 'mean', 'black']) {
      for (const surround of ['picture', 'window']) {
        const { views, groups } = viewsOf(picture, frame, { border, surround, steps: 3 }, 0, 'rotate');
        expect([...pixelsOf(views[groups[0]?.reference ?? 0] as (typeof views)[0], frame).data]).toEqual(wanted);
      }
    }
  });
  test('turned views are those of the whole resized picture: what lies beyond the window comes in', () => {
    const resized = resizeRaster(rasterOf(60, 40), 45, 30, 'bicubic');
    const centre = { x: 12 + 10, y: 5 + 10 };
    const { views } = viewsOf(picture, frame, { from: -180, to: 180, steps: 9, border: 'black' }, 0, 'rotate');
    for (const view of views) {
      const placing = { angle: view.at.angle as number, scale: 1, dx: 0, dy: 0 };
      const wanted = placedRaster(resized, centre, placing, { width: 20, height: 20 }, 'bilinear', BLACK);
      expect([...pixelsOf(view, frame).data]).toEqual([...wanted.data]);
    }
    const cut = viewsOf(
      picture,
      frame,
      { from: -45, to: 45, steps: 3, border: 'black', surround: 'window' },
      0,
      'rotate',
    );
    expect(colourAt(pixelsOf(cut.views[0] as (typeof views)[0], frame), 0, 0)).toEqual([0, 0, 0]);
  });
  test.each([
    ['30', { from: -30, to: 30, steps: 31 }],
    ['-15..15x31', { from: -15, to: 15, steps: 31 }],
    ['0..90x4', { from: 0, to: 90, steps: 4 }],
    ['7.5°', { from: -7.5, to: 7.5, steps: 31 }],
  ])('--rotate %s', (text, options) => expect(parseRotateFlag(text)).toEqual(options));

  const what =
    'Expected degrees each way such as "30", or a range with its number of angles such as "-15..15x31" for --rotate';
  test.each([
    ['', `${what} but received "". Write "30".`],
    ['-30', `${what} but received "-30". Write a number above 0.`],
    ['15..-15', `${what} but received "15..-15". Write the lower angle first.`],
    ['400', `${what} but received "400". Write angles from -360 to 360.`],
    ['30x1', `${what} but received "30x1". Write a number of angles from 2 to 1000 after the "x".`],
    ['30 degrees', `${what} but received "30 degrees". Write "30".`],
  ])('--rotate "%s"', (text, message) => expect(messageOf(() => parseRotateFlag(text))).toBe(message));

  test('the normal form has every default and is its own', () => {
    const options = {
      canvas: 'model',
      kernel: 'bilinear',
      border: 'reflect',
      surround: 'picture',
      from: -15,
      to: 15,
      steps: 31,
    };
    expect(normaliseRotateOptions({})).toEqual(options);
    expect(normaliseRotateOptions(options)).toEqual(options);
    expect(messageOf(() => normaliseRotateOptions({ from: 5, to: 5 }))).toBe(
      'Expected angles that rise for rotate but received from 5 to 5. Give the lower one first.',
    );
    expect(messageOf(() => normaliseRotateOptions({ kernel: 'cubic' }))).toBe(
      'Unknown kernel "cubic". Did you mean "bicubic"? Valid: bilinear, bicubic.',
    );
  });
});

describe('sequences', () => {
  const sequences = [
    { name: 'translate', vary: 'dx', from: -2, to: 2, steps: 5 },
    { name: 'scale', vary: 'scale', from: 0.4, to: 1.15, steps: 31 },
  ];
  test('each is a film of its own, the unchanged frame its reference', () => {
    const { views, groups } = viewsOf(picture, frame, { sequences, border: 'black' }, 0, 'sequences');
    expect(views.length).toBe(36);
    expect(views[1]?.at).toEqual({ sequence: 'translate', dx: -1 });
    expect(views[5]?.at).toEqual({ sequence: 'scale', scale: 0.4 });
    expect(views[35]?.at).toEqual({ sequence: 'scale', scale: 1.15 });
    expect(groups.map(({ at, reference, pairs }) => [at, reference, pairs.length])).toEqual([
      [{ sequence: 'translate' }, 2, 4],
      [{ sequence: 'scale' }, 5 + 24, 30],
    ]);
    expect(views[29]?.at).toEqual({ sequence: 'scale', scale: 1 });
    const [moved, unmoved, unscaled] = [views[4], views[2], views[29]].map((view) =>
      pixelsOf(view as (typeof views)[0], frame),
    );
    expect(unscaled).toEqual(unmoved);
    expect(colourAt(moved!, 12, 9)).toEqual(colourAt(unmoved!, 10, 9));
  });
  test.each([
    [[{ ...sequences[0], from: 3 }], 'Expected dx of the sequence "translate" to rise but received 3 to 2.'],
    [
      [{ ...sequences[1], from: 0 }],
      'Expected scale of the sequence "scale" to rise from above 0 but received 0 to 1.15.',
    ],
    [
      [sequences[0], sequences[0]],
      'Expected another name for each sequence but received "translate" twice. Rename one.',
    ],
    [[], 'Expected one sequence or more for sequences options.sequences but received [] (array).'],
  ])('wrong ones', (wrong, message) => {
    expect(messageOf(() => normaliseSequencesOptions({ sequences: wrong }))).toBe(message);
  });
});

describe('spatial', () => {
  const options = {
    degrees: 30,
    rotations: 3,
    reach: 2,
    translations: 3,
    draws: 4,
    border: 'black',
    surround: 'window',
  };
  const seen = (seed: number) => viewsOf(picture, frame, options, seed, 'spatial');

  test('a grid of poses, one at random and several, each group beside the unmoved view', () => {
    const { views, groups } = seen(0);
    expect(views.length).toBe(27 + 5);
    expect(views.slice(0, 4).map(({ at }) => at)).toEqual([
      { angle: -30, dx: -2, dy: -2 },
      { angle: -30, dx: 0, dy: -2 },
      { angle: -30, dx: 2, dy: -2 },
      { angle: -30, dx: -2, dy: 0 },
    ]);
    const [grid, random, worst] = groups;
    expect(views[grid?.reference ?? 0]?.at).toEqual({ angle: 0, dx: 0, dy: 0 });
    expect(grid?.pairs.length).toBe(2 * 9 + 3 * 12);
    expect(grid?.apart).toBeUndefined();
    expect(random).toEqual({ at: { attack: 'random' }, reference: 13, pairs: [[13, 27]], views: [27], apart: true });
    expect(worst).toEqual({
      at: { attack: 'worst of 4' },
      reference: 13,
      pairs: [[13, 28], [13, 29], [13, 30], [13, 31]], // prettier-ignore
      views: [28, 29, 30, 31],
      apart: true,
    });
    for (const { at } of views.slice(27)) {
      expect(Math.abs(at.angle as number)).toBeLessThanOrEqual(30);
      expect(Math.max(Math.abs(at.dx as number), Math.abs(at.dy as number))).toBeLessThanOrEqual(2);
    }
  });
  test('the seed decides what is drawn, and nothing else', () => {
    expect(seen(1).views.map(({ at }) => at)).toEqual(seen(1).views.map(({ at }) => at));
    expect(
      seen(1)
        .views.slice(27)
        .map(({ at }) => at),
    ).not.toEqual(
      seen(2)
        .views.slice(27)
        .map(({ at }) => at),
    );
    expect(
      seen(1)
        .views.slice(0, 27)
        .map(({ at }) => at),
    ).toEqual(
      seen(2)
        .views.slice(0, 27)
        .map(({ at }) => at),
    );
  });
  test('a pose is the centre crop turned, then moved, with black outside', () => {
    const crop = centreCropped(resizeRaster(rasterOf(60, 40), 45, 30, 'bicubic'), 20, 20);
    const { views } = seen(0);
    for (const view of [...views.slice(0, 9), ...views.slice(27)]) {
      const { angle, dx, dy } = view.at as { angle: number; dx: number; dy: number };
      const wanted = placedRaster(
        crop,
        { x: 10, y: 10 },
        { angle, scale: 1, dx, dy },
        { width: 20, height: 20 },
        'bilinear',
        BLACK,
      );
      const pixels = pixelsOf(view, frame).data;
      wanted.data.forEach((value, i) => expect(pixels[i]).toBeCloseTo(value, 3));
    }
  });
  test('offsets follow the input’s side; numbers of the grid are odd, so that the unmoved pose is in it', () => {
    const { views } = viewsOf(picture, frameOf(28, 32), { rotations: 1, border: 'black' }, 0, 'spatial');
    expect(views[0]?.at).toEqual({ angle: 0, dx: -3, dy: -3 });
    expect(messageOf(() => normaliseSpatialOptions({ rotations: 4 }))).toBe(
      'Expected an odd whole number, 1 to 999 for spatial options.rotations but received 4.',
    );
  });
});
