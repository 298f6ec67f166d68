import { describe, expect, it } from 'vitest';
import type { Coordinates } from '../../src/core/view.js';
import { layoutOf, placeText } from '../../src/report/layout.js';
import type { Track } from '../../src/report/track.js';

function track(at: readonly Coordinates[], pairs: Track['pairs'] | 'chain' = 'chain', reference = 0): Track {
  const chain = at.slice(1).map((_, i): [number, number] => [i, i + 1]);
  const none = at.map(() => 0.5);
  return {
    picture: 'a',
    label: 0,
    focus: 0,
    reference,
    at,
    views: at.map((_, i) => i),
    p: none,
    top: at.map(() => 0),
    q: none,
    pairs: pairs === 'chain' ? chain : pairs,
    chained: pairs === 'chain',
  };
}

const diagonal = [-1, 0, 1].map((c) => ({ dx: c, dy: c }));
const square = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => ({ dx, dy })));
const lattice: [number, number][] = [0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((i) => [
  ...(i % 3 < 2 ? [[i, i + 1] as [number, number]] : []),
  ...(i < 6 ? [[i, i + 3] as [number, number]] : []),
]);

describe('layoutOf', () => {
  it('a diagonal is a path with signed places', () => {
    expect(layoutOf([track(diagonal, 'chain', 1)])).toEqual({
      kind: 'path',
      places: ['−1', '0', '+1'],
      reference: 1,
      axis: 'shift along the diagonal, pixels',
      noun: 'shift',
    });
  });

  it('names horizontal and vertical paths', () => {
    const axis = (at: Coordinates[]) => layoutOf([track(at)]);
    expect(axis([0, 1, 2].map((dx) => ({ dx, dy: 0 })))).toMatchObject({
      axis: 'shift to the right, pixels',
      places: ['0', '1', '2'],
    });
    expect(axis([0, 1, 2].map((dy) => ({ dx: 0, dy })))).toMatchObject({ axis: 'shift downwards, pixels' });
  });

  it('paths along other coordinates carry their names', () => {
    const at = [0.4, 0.6, 0.8].map((scale) => ({ scale }));
    expect(layoutOf([track(at)])).toMatchObject({
      kind: 'path',
      axis: 'scale',
      noun: 'scale',
      places: ['0.4', '0.6', '0.8'],
    });
  });

  it('counts from the reference where models number their positions differently', () => {
    const other = [4, 5, 6].map((c) => ({ dx: c, dy: c }));
    expect(layoutOf([track(diagonal, 'chain', 1), track(other, 'chain', 1)])).toMatchObject({
      kind: 'path',
      places: ['−1', '0', '+1'],
    });
  });

  it('a lattice is a grid, its reference in it or beside it', () => {
    expect(layoutOf([track(square, lattice, 4)])).toMatchObject({
      kind: 'grid',
      xs: [-1, 0, 1],
      ys: [-1, 0, 1],
      reference: 4,
      proportional: false,
    });
    const beside = [{ dx: 9, dy: 9 }, ...square];
    const shifted = lattice.map(([a, b]): [number, number] => [a + 1, b + 1]);
    expect(layoutOf([track(beside, shifted)])).toMatchObject({ kind: 'grid', xs: [-1, 0, 1] });
  });

  it('lattices of models with other inputs are the same places in proportion', () => {
    const wide = square.map(({ dx, dy }) => ({ dx: 2 * dx, dy: 2 * dy }));
    expect(layoutOf([track(square, lattice, 4), track(wide, lattice, 4)])).toMatchObject({
      kind: 'grid',
      proportional: true,
    });
  });

  it('views that differ from picture to picture are pairs', () => {
    const one = [
      { dx: 0, dy: 0 },
      { dx: 3, dy: 1 },
      { dx: -2, dy: 7 },
    ];
    expect(layoutOf([track(one, [[1, 2]]), track(diagonal, [[1, 2]])])).toMatchObject({ kind: 'pairs' });
    expect(layoutOf([track(one, [[1, 2]])])).toMatchObject({ kind: 'pairs' });
  });
});

it('writes places', () => {
  expect(placeText({ dx: 3, dy: -2 })).toBe('+3, −2');
  expect(placeText({ scale: 0.5, kernel: 'box' })).toBe('scale 0.5, kernel box');
});
