// What the page's script gets: plain JSON, no more than it draws. Images are listed apart, each once.
import type { Data } from './charts/chart.js';
import { drawingsOf } from './charts/registry.js';
import { firstPicture } from './charts/curve.js';
import { comparedMetrics, differenceRows, onlySubject } from './charts/differences.js';
import { hasPositionMeans, positionRows } from './charts/position-map.js';
import { againstDots } from './charts/against.js';
import type { LabelledDots } from './charts/labelled-dots.js';
import { tradeoffDots } from './charts/tradeoff.js';
import { AGAINST_METRICS } from '../metrics/against.js';
import { IMAGE_BUDGET } from './choose.js';
import { className, headlineFor, sortedRows, type Facts } from './facts.js';
import type { EmbeddedPicture } from './input.js';
import { pairPlace, type Layout } from './layout.js';
import { byTelling, tellingStep } from './steps.js';
import { stripsOf, type PageStrip } from './strips.js';
import type { Track } from './track.js';
import type { Headline, Words } from './words.js';

/** One picture's answers, as the page has them. */
export type PageTrack = Pick<Track, 'label' | 'focus' | 'p' | 'top' | 'q' | 'pairs'> & {
  /** Each view's place in words, where views differ from picture to picture. */
  readonly places?: readonly string[];
};

/** A picture's image for one model; its windows are those of the shown views. */
export type PageCrop = Omit<EmbeddedPicture, 'dataUrl'> & {
  /** Index into the list of images. */
  readonly image: number;
};

/** Pictures that a model mends and breaks against the first, and how many there are in all. */
export type PageChanged = {
  readonly mended: readonly number[];
  readonly broken: readonly number[];
  readonly counts: { readonly mended: number; readonly broken: number };
};

export type PageData = {
  readonly layout: Layout;
  readonly words: Words;
  readonly models: readonly { readonly name: string; readonly headline: Headline }[];
  readonly pictures: readonly { readonly id: string; readonly name: string }[];
  /** By model and picture. */
  readonly tracks: readonly (readonly (PageTrack | null)[])[];
  readonly crops: readonly (readonly (PageCrop | null)[])[];
  /** Class names by model and index: those that occur. */
  readonly classes: readonly Readonly<Record<string, string>>[];
  /** Heatmap rows in each model's order. */
  readonly orders: readonly (readonly number[])[];
  /** By model: the picture to open with. */
  readonly first: readonly number[];
  /** Rows of each drawing. */
  readonly charts: Readonly<
    Record<string, { readonly data: Data; readonly signals: Readonly<Record<string, unknown>> }>
  >;
  /** By metric and model: differences from that model; null where all pairs are drawn. */
  readonly differences: Readonly<Record<string, readonly Data[string][]>> | null;
  /** By drawing: dots whose names are placed for the plot's width. */
  readonly dots: Readonly<Record<string, LabelledDots>>;
  /** By model: the map of means. */
  readonly positions: readonly Data[string][] | null;
  /** By model: indices of the pictures that it mends and breaks against the first; null for the first. */
  readonly changed: readonly (PageChanged | null)[];
  /** By model: film strips of maps, most telling picture first. */
  readonly strips: readonly (readonly PageStrip[])[];
  /** By model: names of its layers, where there are strips. */
  readonly layers: readonly (readonly string[])[];
  /** Share of its mean that a map's sum must leave to count as not shiftable. */
  readonly threshold: number;
  /** Short form of the protocol's hash. */
  readonly hash: string;
};

/** The page's data and, apart, its images as data URLs. */
export function pageDataOf(facts: Facts): { data: PageData; images: readonly string[] } {
  const { layout, models, words, names, tracks } = facts;
  const images: string[] = [];
  const crops = cropsOf(facts, images);
  const strips = stripsOf(facts);
  const drawings = drawingsOf(facts);
  const data: PageData = {
    layout,
    words,
    models: models.map(({ name }, model) => ({ name, headline: headlineFor(facts, model) })),
    pictures: facts.pictures.map((id, i) => ({ id, name: facts.pictureNames[i] ?? id })),
    tracks: tracks.map((list) => list.map((track) => (track ? shortened(track, layout) : null))),
    crops,
    classes: names.map((_, model) => usedClasses(facts, model)),
    orders: names.map((_, model) => sortedRows(facts.rows, tracks[model] ?? [])),
    first: names.map((_, model) => firstPicture(facts, model)),
    charts: Object.fromEntries(drawings.map(({ id, data: rows, signals = {} }) => [id, { data: rows, signals }])),
    differences: names.length > 1 && onlySubject(facts) ? subjectDifferences(facts) : null,
    dots: dotsOf(facts),
    positions:
      layout.kind === 'grid' && hasPositionMeans(facts)
        ? names.map((_, model) => positionRows(facts, model, layout))
        : null,
    changed: names.map((name) => changedOf(facts, name)),
    strips,
    layers: models.map(({ layers }, model) =>
      strips[model]?.length ? (layers?.layers ?? []).map(({ name }) => name) : [],
    ),
    threshold: facts.input.result.protocol.layers?.threshold ?? 0,
    hash: facts.input.result.protocol.hash.slice(0, 12),
  };
  return { data, images };
}

function changedOf({ input, pictures }: Facts, name: string): PageChanged | null {
  const found = input.shown.changed[name];
  if (found === undefined) return null;
  const known = (ids: readonly string[]): number[] =>
    ids.map((id) => pictures.indexOf(id)).filter((picture) => picture >= 0);
  return { mended: known(found.mended), broken: known(found.broken), counts: found.counts };
}

function dotsOf(facts: Facts): Record<string, LabelledDots> {
  const all: [string, LabelledDots | null][] = [
    ['tradeoff', tradeoffDots(facts)],
    ...AGAINST_METRICS.map((metric): [string, LabelledDots | null] => [
      `against-${metric}`,
      againstDots(facts, metric),
    ]),
  ];
  return Object.fromEntries(all.filter((entry): entry is [string, LabelledDots] => entry[1] !== null));
}

function shortened({ label, focus, p, top, q, pairs, at }: Track, layout: Layout): PageTrack {
  const round = (value: number | null): number | null => (value === null ? null : Number(value.toFixed(4)));
  const track = { label, focus, p: p.map(round), top, q: q.map(round), pairs };
  return layout.kind === 'pairs'
    ? { ...track, places: at.map((one) => pairPlace(layout, one)) }
    : { ...track, pairs: layout.kind === 'path' ? [] : pairs };
}

function usedClasses(facts: Facts, model: number): Record<string, string> {
  const tracks = facts.tracks[model] ?? [];
  const used = new Set(
    tracks.flatMap((track) => (track ? [track.focus, ...track.top.filter((top) => top !== null)] : [])),
  );
  return Object.fromEntries([...used].map((index) => [index, className(facts, model, index)]));
}

function subjectDifferences(facts: Facts): Record<string, Data[string][]> {
  const { comparisons } = facts.input.result;
  return Object.fromEntries(
    comparedMetrics(facts).map((metric) => [
      metric,
      facts.names.map((name) => differenceRows(comparisons, metric, name)),
    ]),
  );
}

/** Crops by model and picture; equal images are listed once, and the least telling ones left out beyond the budget. */
function cropsOf(facts: Facts, images: string[]): (PageCrop | null)[][] {
  const { names, pictures, tracks, input } = facts;
  const wanted = names.map((name, model) =>
    pictures
      .flatMap((id, picture) => {
        const track = tracks[model]?.[picture];
        const embedded = input.images[name]?.[id];
        const isFirst = input.shown.first[name] === id;
        return track && embedded ? [{ picture, track, embedded, isFirst, step: tellingStep(track) }] : [];
      })
      .sort((a, b) => Number(b.isFirst) - Number(a.isFirst) || byTelling(a, b)),
  );
  const crops = names.map(() => pictures.map((): PageCrop | null => null));
  const listed = new Map<string, number>();
  let bytes = 0;
  const most = Math.max(0, ...wanted.map((list) => list.length));
  for (let rank = 0; rank < most; rank++) {
    wanted.forEach((list, model) => {
      const item = list[rank];
      if (!item) return;
      const { dataUrl } = item.embedded;
      if (!listed.has(dataUrl)) {
        if (bytes + dataUrl.length > IMAGE_BUDGET) return;
        bytes += dataUrl.length;
        listed.set(dataUrl, images.push(dataUrl) - 1);
      }
      (crops[model] as (PageCrop | null)[])[item.picture] = cropOf(item.embedded, item.track, listed.get(dataUrl) ?? 0);
    });
  }
  return crops;
}

function cropOf({ width, height, wrap, windows, size }: EmbeddedPicture, track: Track, image: number): PageCrop {
  return { image, width, height, wrap, windows: track.views.map((view) => windows[view] ?? null), size };
}
