// The film strip of feature maps as a figure: rows layers, columns views, the chosen map as a picture with its global sum
// below it as a number and a curve. Azulay & Weiss (JMLR 2019).
import type { Facts } from '../facts.js';
import { percent } from '../format.js';
import { shortNames } from '../layer-words.js';
import { filmLimit, filmPoints, mapOf, sumText } from '../film-rows.js';
import { stripsOf, type PageStrip } from '../strips.js';
import type { Mark } from 'vega';
import type { EmbeddedPicture } from '../input.js';
import { framed, type Chart, type Row, type Spec } from './chart.js';
import { columnText, down, nameColumn, q } from './layer-rows.js';

const CELL = 72;
const CURVE = 34;
const SUM = 18;
const GAP = 12;
const KIND = 'least steady';

type Film = { readonly images: Row[]; readonly rows: Row[]; readonly points: Row[]; readonly numbers: Row[] };

/** @param above room for the views themselves, pixels */
function filmOf(facts: Facts, strip: PageStrip, above: number): Film & { readonly height: number } {
  const columns = strip.columns.length;
  const threshold = facts.input.result.protocol.layers?.threshold ?? 0;
  const limit = filmLimit(strip, KIND, threshold);
  const found = strip.layers.map((layer) => ({
    layer,
    map: mapOf(layer, KIND),
    rise: (CELL * layer.height) / layer.width,
  }));
  const height = found.reduce((sum, { rise }) => sum + rise + CURVE + SUM + GAP, above);
  const film: Film = { images: [], rows: [], points: [], numbers: [] };
  const seen = facts.models[0]?.layers?.layers ?? [];
  const names = shortNames(
    strip.layers.map(({ layer }) => seen[layer]?.name ?? `layer ${layer + 1}`),
    26,
  );
  let top = above;
  for (const [i, { map, rise }] of found.entries()) {
    const [zero, scale] = [top + rise + 4 + CURVE / 2, CURVE / 2 / limit];
    film.images.push({ sheet: map.sheet, at: top / height, pixels: rise });
    film.rows.push({
      name: names[i] ?? '',
      map: `map ${map.channel + 1}, up to ${percent(map.deviation, 0)} off`,
      at: (top + 10) / height,
      below: (top + 27) / height,
      zero: zero / height,
      low: (zero - scale * Math.min(limit, threshold)) / height,
      high: (zero + scale * Math.min(limit, threshold)) / height,
    });
    filmPoints(map, limit).forEach((offset, view) =>
      film.points.push({ view: view + 0.5, at: (zero - scale * offset) / height, row: top }),
    );
    map.sums.forEach((sum, view) =>
      film.numbers.push({ view: view + 0.5, at: (top + rise + 4 + CURVE + SUM / 2) / height, sum: sumText(sum) }),
    );
    top += rise + CURVE + SUM + GAP;
  }
  return { ...film, height, numbers: film.numbers.filter(({ view }) => Number(view) < columns) };
}

/** The view of a picture in each column: windows of its image, on a torus with what comes round from the other side. */
function pictureMarks(
  { dataUrl, width, height, wrap, windows, size }: EmbeddedPicture,
  views: readonly (number | null)[],
): Mark[] {
  const unit = (CELL - 3) / size.width;
  const set = (value: unknown) => ({ value }) as { value: number };
  const tiles = wrap ? [0, 1].flatMap((x) => [0, 1].map((y) => [x * width, y * height] as const)) : [[0, 0] as const];
  return views.flatMap((view, column): Mark[] => {
    const window = view === null ? null : windows[view];
    if (!window) return [];
    const image = ([x, y]: readonly [number, number]): Mark => ({
      type: 'image',
      encode: {
        update: {
          url: { value: dataUrl },
          x: set(unit * (x - window.x)),
          y: set(unit * (y - window.y)),
          width: set(unit * width),
          height: set(unit * height),
          aspect: { value: false },
        },
      },
    });
    const frame = { x: set(CELL * column), y: set(0), width: set(CELL - 3), height: set(unit * size.height) };
    return [{ type: 'group', encode: { update: { ...frame, clip: { value: true } } }, marks: tiles.map(image) }];
  });
}

function spec(film: Film & { readonly height: number }, { columns }: PageStrip): Spec {
  const left = nameColumn(film.rows.map(({ name }) => String(name)));
  const places = JSON.stringify(columns.map(({ place }) => place));
  const x = {
    ...q('view'),
    scale: { domain: [0, columns.length], nice: false },
    axis: {
      orient: 'top',
      values: columns.map((_, i) => i + 0.5),
      labelExpr: `${places}[floor(datum.value)]`,
      title: null,
      grid: false,
      ticks: false,
    },
  };
  const across = { x: { value: 0 }, x2: { value: { expr: 'width' } } };
  const edges = columns.slice(1).map((_, i) => ({ view: i + 1 }));
  return {
    ...framed(film.height, { left, top: 24, right: 8, bottom: 0 }),
    layer: [
      {
        data: { name: 'rows' },
        mark: { type: 'rect', color: 'var(--rule)', opacity: 0.6 },
        encoding: { ...across, y: down('low'), y2: { field: 'high' } },
      },
      {
        data: { name: 'rows' },
        mark: { type: 'rule', color: 'var(--faint)', strokeWidth: 1 },
        encoding: { ...across, y: down('zero') },
      },
      ...film.images.map(({ sheet, at, pixels }) => ({
        data: { values: [{ sheet, at }] },
        mark: {
          type: 'image',
          align: 'left',
          baseline: 'top',
          aspect: false,
          smooth: false,
          width: { expr: 'width' },
          height: pixels,
        },
        encoding: { x: { value: 0 }, y: down('at'), url: { field: 'sheet', type: 'nominal' } },
      })),
      {
        data: { values: edges },
        mark: { type: 'rule', color: 'var(--paper)', strokeWidth: 3 },
        encoding: { x, y: { value: 0 }, y2: { value: { expr: 'height' } } },
      },
      {
        data: { name: 'points' },
        mark: { type: 'line', strokeWidth: 1.75 },
        encoding: { x, y: down('at'), detail: { field: 'row' } },
      },
      { data: { name: 'points' }, mark: { type: 'point', size: 20, opacity: 1 }, encoding: { x, y: down('at') } },
      {
        data: { name: 'numbers' },
        mark: { type: 'text', baseline: 'middle', fontSize: 12, color: 'var(--soft)' },
        encoding: { x, y: down('at'), text: { field: 'sum' } },
      },
      { data: { name: 'rows' }, ...columnText('name', -left, { align: 'left' }) },
      { data: { name: 'rows' }, ...columnText('map', -left, { align: 'left', color: 'var(--soft)' }, 'below') },
    ],
  };
}

export const filmStrip: Chart = {
  name: 'film',
  drawings: () => [],
  figures: (facts) => {
    const [strip] = stripsOf(facts)[0] ?? [];
    if (!strip) return [];
    const name = facts.names[0] ?? '';
    const picture = facts.input.images[name]?.[facts.pictures[strip.picture] ?? ''];
    const track = facts.tracks[0]?.[strip.picture];
    const views = strip.columns.map(({ view }) => (view === null ? null : (track?.views[view] ?? null)));
    const film = filmOf(facts, strip, picture ? (CELL * picture.size.height) / picture.size.width : 0);
    const { rows, points, numbers } = film;
    const threshold = facts.input.result.protocol.layers?.threshold ?? 0;
    return [
      {
        id: 'film-strip',
        spec: spec(film, strip),
        data: { rows, points, numbers },
        title: `${name}: one map of each layer, view by view (${facts.pictureNames[strip.picture]})`,
        subtitle: [
          'The least steady map of each layer: black its lowest value over the views, white its highest; below it its global sum.',
          `Curve: the sum relative to its mean, with the band of ±${percent(threshold, 0)} beyond which a map is not shiftable.`,
        ],
        width: CELL * strip.columns.length,
        ...(picture ? { marks: pictureMarks(picture, views) } : {}),
      },
    ];
  },
};
