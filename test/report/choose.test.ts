import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choosePictures, evenlySpaced, MOST_ROWS, type PictureSummary } from '../../src/report/choose.js';

const summary = (picture: string, mean: number, rest: Partial<PictureSummary> = {}): PictureSummary => ({
  picture,
  label: 0,
  mean,
  range: 0.1,
  changes: 0,
  step: { pair: 0, kind: 0, size: 0 },
  views: 9,
  path: true,
  strip: 0,
  ...rest,
});

const many = (n: number, rest: Partial<PictureSummary> = {}): PictureSummary[] =>
  Array.from({ length: n }, (_, i) => summary(`p${i}`, i / n, rest));

const cost = (model: string, canvas = model, pixels = 232 * 232) => ({ model, canvas, pixels });

describe('choosePictures', () => {
  it('shows every picture as a row where there is room', () => {
    const shown = choosePictures({ a: many(200) }, [cost('a')]);
    expect(shown.rows).toHaveLength(200);
    expect(shown.total).toBe(200);
  });

  it('beyond that spaces rows evenly over the sorted order, the surest and the least sure among them', () => {
    const shown = choosePictures({ a: many(2000) }, [cost('a')]);
    expect(shown.rows).toHaveLength(MOST_ROWS);
    expect(shown.rows).toContain('p0');
    expect(shown.rows).toContain('p1999');
    expect(shown.total).toBe(2000);
  });

  it('opens with the picture whose right answer turns wrong most deeply', () => {
    const list = [
      summary('steady', 0.9),
      summary('wavers', 0.5, { step: { pair: 1, kind: 1, size: 0.9 } }),
      summary('falls', 0.5, { step: { pair: 2, kind: 3, size: 0.4 } }),
    ];
    const shown = choosePictures({ a: list }, [cost('a')]);
    expect(shown.first).toEqual({ a: 'falls' });
    expect(shown.embedded['a']?.[0]).toBe('falls');
  });

  it('keeps the images of three models within the budget of a page', () => {
    const shown = choosePictures({ a: many(200), b: many(200), c: many(200) }, [cost('a'), cost('b'), cost('c')]);
    const images = Object.values(shown.embedded).flat().length;
    expect(images * 0.16 * 232 * 232).toBeLessThan(1_450_000);
    expect(images).toBeGreaterThan(100);
  });

  it('lets models with the same canvases share their images', () => {
    const steps = many(100).map((one, i) => ({ ...one, step: { pair: 0, kind: 3 as const, size: i / 100 } }));
    const shown = choosePictures({ a: steps, b: steps.toReversed() }, [cost('a', 'same'), cost('b', 'same')]);
    expect(shown.embedded['a']).toEqual(shown.embedded['b']);
  });

  it('leaves out pictures that a model has no answer for', () => {
    const shown = choosePictures({ a: many(3), b: many(2) }, [cost('a'), cost('b')]);
    expect(shown.rows).toEqual(['p0', 'p1']);
    expect(shown.total).toBe(2);
  });

  it('has no rows without a path, and fewer pictures where each has many views', () => {
    const shown = choosePictures({ a: many(300, { path: false, views: 961 }) }, [cost('a')]);
    expect(shown.rows).toEqual([]);
    expect(shown.pictures.length).toBeLessThanOrEqual(64);
  });

  it('names every picture that it shows once', () => {
    const shown = choosePictures({ a: many(700), b: many(700) }, [cost('a'), cost('b')]);
    expect(new Set(shown.pictures).size).toBe(shown.pictures.length);
    expect(shown.pictures).toEqual(expect.arrayContaining([...shown.rows, ...Object.values(shown.embedded).flat()]));
  });

  it('keeps film strips of the six most telling pictures of each model, within the budget', () => {
    const steps = many(20, { strip: 10_000 }).map((one, i) => ({
      ...one,
      step: { pair: 0, kind: 1 as const, size: i / 20 },
    }));
    const shown = choosePictures({ a: steps, b: steps }, [cost('a'), cost('b')]);
    expect(shown.strips['a']).toEqual(['p19', 'p18', 'p17', 'p16', 'p15', 'p14']);
    expect(shown.strips['b']).toHaveLength(6);
    expect(shown.pictures).toEqual(expect.arrayContaining([...(shown.strips['a'] ?? [])]));
    expect(shown.embedded['a']).toEqual(expect.arrayContaining([...(shown.strips['a'] ?? [])]));
    const heavy = steps.map((one) => ({ ...one, strip: 130_000 }));
    const fewer = choosePictures({ a: heavy, b: heavy }, [cost('a'), cost('b')]);
    expect(fewer.strips).toEqual({ a: ['p19', 'p18'], b: ['p19', 'p18'] });
    expect(choosePictures({ a: many(9) }, [cost('a')]).strips).toEqual({ a: [] });
  });

  it('of nothing shows nothing', () => {
    expect(choosePictures({ a: [] }, [cost('a')])).toMatchObject({ total: 0, rows: [], first: {}, pictures: [] });
  });
});

describe('evenlySpaced', () => {
  it('keeps order, ends and number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 500 }), fc.integer({ min: 2, max: 500 }), (n, count) => {
        const items = Array.from({ length: n }, (_, i) => i);
        const kept = evenlySpaced(items, count);
        expect(kept).toHaveLength(Math.min(n, count));
        expect(kept[0]).toBe(0);
        expect(kept.at(-1)).toBe(n - 1);
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
      }),
    );
  });
});
