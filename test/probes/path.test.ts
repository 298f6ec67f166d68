// Every path's coordinates and pairs against lists written by hand.
import { describe, expect, test } from 'vitest';
import { frameOf, offsets, pictureOf, viewsOf } from './frames.js';

const picture = pictureOf(40, 30);
const frame = frameOf(16, 30);
const chain = [[0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [5, 6], [6, 7], [7, 8]]; // prettier-ignore

describe('straight paths', () => {
  test('the default: the diagonal, 9 views from −4 to 4, 8 pairs, the centre as reference', () => {
    const { views, groups } = viewsOf(picture, frame, {});
    expect(offsets(views)).toEqual([[-4, -4], [-3, -3], [-2, -2], [-1, -1], [0, 0], [1, 1], [2, 2], [3, 3], [4, 4]]); // prettier-ignore
    expect(groups).toEqual([{ at: {}, reference: 4, pairs: chain, views: [0, 1, 2, 3, 4, 5, 6, 7, 8] }]);
  });
  test('horizontal, by 2 px, and vertical, of reach 1, descending', () => {
    const across = viewsOf(picture, frameOf(14, 30), { path: 'horizontal', step: 2 });
    expect(offsets(across.views)).toEqual([[-8, 0], [-6, 0], [-4, 0], [-2, 0], [0, 0], [2, 0], [4, 0], [6, 0], [8, 0]]); // prettier-ignore
    expect(across.groups[0]?.pairs).toEqual(chain);
    const down = viewsOf(picture, frame, { path: 'vertical', reach: 1, order: 'descending' });
    expect(offsets(down.views)).toEqual([
      [0, 1],
      [0, 0],
      [0, -1],
    ]);
    expect(down.groups).toEqual([{ at: {}, reference: 1, pairs: [[0, 1], [1, 2]], views: [0, 1, 2] }]); // prettier-ignore
  });
});

describe('random paths', () => {
  test('random: the centre and one of its eight neighbours, a step away', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const { views, groups } = viewsOf(pictureOf(40, 30, `${i}`), frame, { path: 'random', step: 3 });
      expect(groups).toEqual([{ at: {}, reference: 0, pairs: [[0, 1]], views: [0, 1] }]);
      expect(offsets(views)[0]).toEqual([0, 0]);
      seen.add(String(offsets(views)[1]));
    }
    expect([...seen].sort()).toEqual(['-3,-3', '-3,0', '-3,3', '0,-3', '0,3', '3,-3', '3,0', '3,3']);
  });
  test('random-pair: two offsets of the range, compared with each other and not with the centre', () => {
    const columns = new Set<number>();
    for (let i = 0; i < 200; i++) {
      const { views, groups } = viewsOf(pictureOf(40, 30, `${i}`), frame, { path: 'random-pair', range: [-2, 3] });
      expect(groups).toEqual([{ at: {}, reference: 0, pairs: [[1, 2]], views: [0, 1, 2] }]);
      for (const [dx, dy] of offsets(views).slice(1)) columns.add(dx as number).add(dy as number);
    }
    expect([...columns].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3]);
  });
  test('offsets are multiples of the step', () => {
    for (let i = 0; i < 50; i++) {
      const { views } = viewsOf(pictureOf(40, 30, `${i}`), frame, { path: 'random-pair', range: [-7, 7], step: 4 });
      for (const value of offsets(views).flat()) expect([-4, 0, 4]).toContain(value);
    }
  });
  test('each repeat is a group; repeats share the unshifted view and draw anew', () => {
    const { views, groups } = viewsOf(picture, frame, { path: 'random-pair', range: [-7, 7], repeat: 3 });
    expect(views.length).toBe(7);
    expect(groups).toEqual([
      { at: {}, reference: 0, pairs: [[1, 2]], views: [0, 1, 2] },
      { at: {}, reference: 0, pairs: [[3, 4]], views: [0, 3, 4] },
      { at: {}, reference: 0, pairs: [[5, 6]], views: [0, 5, 6] },
    ]);
    expect(new Set(views.map(({ canvas }) => canvas)).size).toBe(1);
    expect(new Set([1, 3, 5].map((i) => String(offsets(views.slice(i, i + 2))))).size).toBe(3);
    const once = viewsOf(picture, frame, { path: 'random-pair', range: [-7, 7] });
    expect(offsets(once.views)).toEqual(offsets(views).slice(0, 3));
  });
  test('the same seed draws the same, another seed or picture something else', () => {
    const drawn = (seed: number, id: string) =>
      String(
        offsets(viewsOf(pictureOf(40, 30, id), frame, { path: 'random-pair', range: [-7, 7], repeat: 5 }, seed).views),
      );
    expect(drawn(1, 'a')).toBe(drawn(1, 'a'));
    expect(drawn(2, 'a')).not.toBe(drawn(1, 'a'));
    expect(drawn(1, 'b')).not.toBe(drawn(1, 'a'));
  });
});

describe('fractions', () => {
  test('the diagonal by half pixels, by tenths written as tenths, and a grid of halves beside the centre', () => {
    const { views } = viewsOf(picture, frame, { step: 0.5 });
    expect(offsets(views).map(([dx]) => dx)).toEqual([-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2]);
    const tenths = viewsOf(picture, frame, { step: 0.1, path: 'horizontal' });
    expect(offsets(tenths.views).map(([dx]) => dx)).toEqual([-0.4, -0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4]);
    const halves = viewsOf(picture, frame, { surround: 'cyclic', path: 'grid', range: [0, 2], phase: 0.5 });
    expect(offsets(halves.views)).toEqual([[0, 0], [0.5, 0.5], [1.5, 0.5], [0.5, 1.5], [1.5, 1.5]]); // prettier-ignore
    const thirds = viewsOf(picture, frame, { surround: 'cyclic', path: 'grid', step: 1 / 3, range: [1 / 3, 2 / 3] });
    expect(thirds.views.length).toBe(5);
  });
  test('views with the same rest share a canvas; whole ones have the unmoved one', () => {
    const { views } = viewsOf(picture, frame, { step: 0.5 });
    const canvases = views.map(({ canvas }) => canvas);
    expect(new Set(canvases).size).toBe(2);
    expect(canvases.filter((_, i) => i % 2 === 0)).toEqual(Array.from({ length: 5 }, () => canvases[4]));
  });
});

describe('planes', () => {
  test('a map of a range: both ends and 0, at most so many positions, and the step between them', () => {
    const columns = (options: object) => {
      const { views } = viewsOf(picture, frameOf(60), { surround: 'fill-black', path: 'map', ...options });
      return offsets(views)
        .filter(([, dy]) => dy === 0)
        .map(([dx]) => dx);
    };
    expect(columns({ range: [-16, 16] })).toEqual([-16, -12, -8, -4, 0, 4, 8, 12, 16]);
    expect(columns({ range: [-2, 2] })).toEqual([-2, -1, 0, 1, 2]);
    expect(columns({ range: [-3, 20], positions: 4 })).toEqual([-3, 0, 12, 20]);
    expect(columns({ range: [-8, 8], step: 4 })).toEqual([-8, -4, 0, 4, 8]);
  });
  test('grid: every offset of the range, right and lower neighbours', () => {
    const { views, groups } = viewsOf(picture, frame, { path: 'grid', range: [-1, 1] });
    expect(offsets(views)).toEqual([[-1, -1], [0, -1], [1, -1], [-1, 0], [0, 0], [1, 0], [-1, 1], [0, 1], [1, 1]]); // prettier-ignore
    expect(groups).toEqual([
      {
        at: {},
        reference: 4,
        pairs: [[0, 1], [0, 3], [1, 2], [1, 4], [2, 5], [3, 4], [3, 6], [4, 5], [4, 7], [5, 8], [6, 7], [7, 8]], // prettier-ignore
        views: [0, 1, 2, 3, 4, 5, 6, 7, 8],
      },
    ]);
  });
  test('grid without the centre in it: the unshifted view comes first', () => {
    const { views, groups } = viewsOf(picture, frame, { path: 'grid', range: [1, 2], surround: 'cyclic' });
    expect(offsets(views)).toEqual([[0, 0], [1, 1], [2, 1], [1, 2], [2, 2]]); // prettier-ignore
    expect(groups).toEqual([{ at: {}, reference: 0, pairs: [[1, 2], [1, 3], [2, 4], [3, 4]], views: [0, 1, 2, 3, 4] }]); // prettier-ignore
  });
  test('large grids come in batches', () => {
    const { batches, groups } = viewsOf(picture, frame, { path: 'grid', surround: 'cyclic', range: [1, 8] });
    expect(batches).toEqual([32, 32, 1]);
    expect(groups[0]?.pairs.length).toBe(2 * 8 * 7);
  });
  test('map: positions spread over all that the canvas allows, the same for every shape of picture', () => {
    for (const shape of [picture, pictureOf(30, 40), pictureOf(99, 31)]) {
      const { views, groups } = viewsOf(shape, frame, { path: 'map', positions: 3 });
      expect(offsets(views)).toEqual([[-7, -7], [0, -7], [7, -7], [-7, 0], [0, 0], [7, 0], [-7, 7], [0, 7], [7, 7]]); // prettier-ignore
      expect(groups[0]?.reference).toBe(4);
    }
    const embedded = viewsOf(picture, frame, {
      path: 'map',
      positions: 2,
      surround: 'fill-black',
      object: { size: { pixels: 6 } },
    });
    expect(offsets(embedded.views)).toEqual([[0, 0], [-5, -5], [5, -5], [-5, 5], [5, 5]]); // prettier-ignore
    const torus = viewsOf(picture, frame, { path: 'map', positions: 99, surround: 'cyclic' });
    expect(torus.views.length).toBe(256);
    expect(offsets(torus.views)[0]).toEqual([-8, -8]);
    expect(offsets(torus.views)[255]).toEqual([7, 7]);
  });
});
