// Rows of the charts that the page's script fills: one picture's curve and map, one model's heatmap.
import type { GridLayout } from '../layout.js';
import type { Row } from './chart.js';

/** Rows of the chart from a picture's answers. */
export function curveRows(track: {
  readonly p: readonly (number | null)[];
  readonly q: readonly (number | null)[];
  readonly top: readonly (number | null)[];
  readonly focus: number;
}): Row[] {
  return track.p.map((p, view) => ({
    view,
    p,
    q: track.q[view] ?? null,
    state: p === null ? 'none' : track.top[view] === track.focus ? 'right' : 'wrong',
  }));
}

/**
 * The cells of one model.
 *
 * @param order pictures from the top row down
 */
export function heatCells(
  order: readonly number[],
  tracks: readonly ({ readonly p: readonly (number | null)[]; readonly top: readonly (number | null)[] } | null)[],
): Row[] {
  return order.flatMap((picture, row) => {
    const track = tracks[picture];
    return (track?.p ?? []).map((p, view) => {
      const [before, now] = [view > 0 ? (track?.top[view - 1] ?? null) : null, track?.top[view] ?? null];
      return { picture, row, view, p, flip: before !== null && now !== null && before !== now };
    });
  });
}

/** Rows of one picture's map. */
export function pictureMapRows(
  { cells }: GridLayout,
  track: { readonly p: readonly (number | null)[]; readonly top: readonly (number | null)[]; readonly focus: number },
): Row[] {
  return cells.map(([x, y], view) => {
    const value = track.p[view] ?? null;
    return { x, y, view, value, state: value === null ? 'none' : track.top[view] === track.focus ? 'right' : 'wrong' };
  });
}
