// Confidence traces: the probability of the followed class frame by frame, with the frames where the answer flips.
import { className, type Facts } from '../facts.js';
import { flipsOf, frameOf, shownFilms, type ShownFilm } from '../film-facts.js';
import { counted } from '../format.js';
import type { Track } from '../track.js';
import { percentLabel } from './axes.js';
import { framed, slugsOf, type Chart, type Drawing, type Row, type Spec } from './chart.js';
import { q } from './layer-rows.js';

const HEIGHT = 150;

type Trace = Pick<Drawing, 'id' | 'spec' | 'data' | 'label'> & { readonly film: ShownFilm; readonly track: Track };

function rowsOf({ tracks }: ShownFilm): Row[] {
  return tracks.flatMap((track, model): Row[] => {
    const flips = new Set(flipsOf(track));
    return (track?.p ?? []).map((p, position) => ({
      model,
      frame: frameOf(track as Track, position),
      // Lines are parted at holes: each stretch of neighbours is a line of its own.
      stretch: `${model} ${stretchOf(track as Track, position)}`,
      p,
      q: track?.q[position] ?? null,
      flip: flips.has(position),
      state: p === null ? 'none' : track?.top[position] === track?.focus ? 'right' : 'wrong',
    }));
  });
}

/** Position of the first frame of the stretch of neighbours that a frame lies in. */
function stretchOf({ pairs }: Track, position: number): number {
  const before = new Map(pairs.map(([a, b]) => [b, a]));
  let first = position;
  for (let previous = before.get(first); previous !== undefined; previous = before.get(first)) first = previous;
  return first;
}

function spec(rows: readonly Row[], single: boolean): Spec {
  const numbers = rows.map(({ frame }) => Number(frame));
  const domain = [Math.min(...numbers) - 0.5, Math.max(...numbers) + 0.5];
  const x = { ...q('frame'), scale: { domain, nice: false }, axis: { grid: false, tickMinStep: 1, title: 'frame' } };
  const y = {
    ...q('p'),
    scale: { domain: [0, 1] },
    axis: { values: [0, 0.5, 1], labelExpr: percentLabel, title: null },
  };
  const own = { filter: 'datum.model === 0' };
  return {
    ...framed(HEIGHT, { left: 48, top: 10, right: 12, bottom: 44 }),
    data: { name: 'frames' },
    encoding: { x },
    layer: [
      {
        transform: [own, { filter: 'datum.flip' }, { calculate: 'datum.frame - 0.5', as: 'edge' }],
        mark: { type: 'rule', color: 'var(--wrong)', strokeWidth: 1.5 },
        encoding: { x: { ...x, field: 'edge' } },
      },
      ...(single
        ? []
        : [
            {
              transform: [{ filter: 'datum.model > 0' }],
              mark: { type: 'line', color: 'var(--faint)', strokeWidth: 1 },
              encoding: { y, detail: { field: 'stretch' } },
            },
          ]),
      {
        transform: [own],
        mark: { type: 'line', color: 'var(--right)', strokeWidth: 2.25 },
        encoding: { y, detail: { field: 'stretch' } },
      },
      {
        transform: [own, { filter: "datum.state !== 'none'" }],
        mark: { type: 'point', size: 40, strokeWidth: 1.5, stroke: 'var(--right)' },
        encoding: {
          y,
          fill: { condition: { test: "datum.state === 'right'", value: 'var(--right)' }, value: 'var(--paper)' },
        },
      },
      {
        transform: [own, { filter: "datum.state === 'wrong'" }],
        mark: { type: 'point', size: 40, color: 'var(--wrong)' },
        encoding: { y: { ...y, field: 'q' } },
      },
    ],
  };
}

function traces(facts: Facts): Trace[] {
  const films = shownFilms(facts);
  const slugs = slugsOf(films.map(({ name }) => name));
  return films.map((film, i) => {
    const track = film.tracks[0] as Track;
    const rows = rowsOf(film);
    return {
      id: `frames-trace-${slugs[i]}`,
      spec: spec(rows, film.tracks.length === 1),
      data: { frames: rows },
      label: `${film.name}: probability of ${className(facts, 0, track.focus)} in ${counted(track.p.length, 'frame')}, ${counted(flipsOf(track).length, 'flip')}; the data table below has the numbers`,
      film,
      track,
    };
  });
}

/** Ids of the traces, in the order of the shown films. */
export function traceIds(facts: Facts): string[] {
  return traces(facts).map(({ id }) => id);
}

export const frames: Chart = {
  name: 'frames',
  drawings: (facts) => traces(facts).map(({ id, spec, data, label }) => ({ id, spec, data, label })),
  figures: (facts) =>
    traces(facts).map(({ id, spec, data, film, track }) => ({
      id,
      spec,
      data,
      title: `${film.name}: probability of “${className(facts, 0, track.focus)}”`,
      subtitle: `${facts.names[0]}, ${counted(flipsOf(track).length, 'flip')} (upright lines); orange: another class wins, with its probability${film.tracks.length > 1 ? '; grey: other models' : ''}`,
      width: 640,
    })),
};
