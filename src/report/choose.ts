// Which pictures a page shows: rows of the sorted heatmap, the ones embedded as images, the one it opens with.
// Works on one small summary a picture and model, so that observations can be streamed.
import type { Observation } from '../core/observation.js';
import { GALLERY } from './gallery-size.js';
import type { ChangedPictures, Shown } from './input.js';
import { stripBytes } from './strips.js';
import { byTelling, changesOf, spanOf, tellingStep, type TellingStep } from './steps.js';
import { trackOf } from './track.js';

/** Most rows that the heatmap has: below 2 pixels a row it would be noise. */
export const MOST_ROWS = 540;
/** Most images of one model. */
const MOST_IMAGES = 60;
/** Views in a page, over all models and pictures (about 13 bytes each). */
const VIEW_BUDGET = 60_000;
/** Bytes of a page that images may take. */
export const IMAGE_BUDGET = 1_450_000;
/** Most pictures of one model whose film strips of maps are kept, and the bytes of a page that they may take. */
const MOST_STRIPS = 6;
const STRIP_BUDGET = 600_000;
/** Most pictures that a model is shown to mend, and as many that it breaks. */
const MOST_CHANGED = 4;
/** Bytes of base64 that one pixel of a photograph takes in WebP at quality 50 (60 ImageNet pictures: 0.15). */
const BYTES_PER_PIXEL = 0.16;

/** What is remembered of one picture and model to choose by. */
export type PictureSummary = {
  readonly picture: string;
  /** True class; null where unknown. */
  readonly label: number | null;
  /** Mean probability of the followed class (the true one, else the winner at the reference view). */
  readonly mean: number;
  /** Highest minus lowest probability of that class. */
  readonly range: number;
  /** Changes of answer between neighbouring views. */
  readonly changes: number;
  /** The step that shows most. */
  readonly step: TellingStep;
  /** Number of views that the page would carry. */
  readonly views: number;
  /** Whether the views lie along a path of neighbours (of three or more). */
  readonly path: boolean;
  /** Bytes of its film strip of maps; 0 where there is none. */
  readonly strip: number;
};

/** What a model's images cost. */
export type ImageCost = {
  readonly model: string;
  /** Models with equal keys are shown the same canvases, so that their images are embedded once. */
  readonly canvas: string;
  /** Pixels of the used part of a canvas. */
  readonly pixels: number;
};

/** The summary of one observation; null where no view has an answer. */
export function summarise(observation: Observation): PictureSummary | null {
  const track = trackOf(observation);
  if (!track) return null;
  const { mean, low, high } = spanOf(track.p);
  return {
    picture: track.picture,
    label: track.label,
    mean,
    range: high - low,
    changes: changesOf(track),
    step: tellingStep(track),
    views: track.views.length,
    path: track.chained && track.views.length > 2,
    strip: stripBytes(observation),
  };
}

/**
 * Chooses what the page shows.
 *
 * @param summaries by model name, in the order of the pictures
 * @param costs one a model, the model under study first
 */
export function choosePictures(
  summaries: Readonly<Record<string, readonly PictureSummary[]>>,
  costs: readonly ImageCost[],
): Shown {
  const lists = costs.map(({ model }) => summaries[model] ?? []);
  const common = inAll(lists.map((list) => list.map(({ picture }) => picture)));
  const all = lists.map((list) => list.filter(({ picture }) => common.has(picture)));
  const subject = all[0] ?? [];
  const views = Math.max(1, ...all.flat().map((summary) => summary.views));
  const most = Math.max(1, Math.floor(VIEW_BUDGET / (views * Math.max(1, costs.length))));

  const sorted = subject.filter(({ path }) => path).toSorted((a, b) => b.mean - a.mean);
  const kept = new Set(evenlySpaced(sorted, Math.min(MOST_ROWS, most)).map(({ picture }) => picture));
  const rows = subject.map(({ picture }) => picture).filter((picture) => kept.has(picture));

  const strips = stripPictures(all, costs);
  const changed = changedPictures(all, costs, most);
  const embedded = embeddedPictures(all, costs, most, strips, changed);
  const first = Object.fromEntries(
    costs.flatMap(({ model }, i) => {
      const [best] = (all[i] ?? []).toSorted(byTelling);
      return best ? [[model, best.picture]] : [];
    }),
  );
  const pictures = [
    ...new Set(
      [
        rows,
        ...Object.values(embedded),
        Object.values(first),
        ...Object.values(strips),
        ...Object.values(changed).flatMap(({ mended, broken }) => [mended, broken]),
      ].flat(),
    ),
  ];
  return { total: common.size, rows, embedded, first, strips, changed, pictures };
}

/** `count` items at equal distances, the first and the last among them; all where there are no more than that. */
export function evenlySpaced<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  if (count < 2) return items.slice(0, count);
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))] as Item);
}

/**
 * By model but the first: the pictures that change their answer at fewer steps than under the first model, and those at
 * more; of equal ones, those that the steadier of the two gives the followed class's highest mean probability.
 */
function changedPictures(
  all: readonly (readonly PictureSummary[])[],
  costs: readonly ImageCost[],
  most: number,
): Record<string, ChangedPictures> {
  const [reference = []] = all;
  const before = new Map(reference.map((summary) => [summary.picture, summary]));
  const each = Math.max(1, Math.min(MOST_CHANGED, Math.floor(most / (2 * Math.max(1, all.length - 1)))));
  return Object.fromEntries(
    costs.slice(1).map(({ model }, i) => {
      const moved = (all[i + 1] ?? []).flatMap(({ picture, changes, mean }) => {
        const own = before.get(picture);
        return own ? [{ picture, by: changes - own.changes, after: mean, before: own.mean }] : [];
      });
      const mended = moved.filter(({ by }) => by < 0).sort((a, b) => a.by - b.by || b.after - a.after);
      const broken = moved.filter(({ by }) => by > 0).sort((a, b) => b.by - a.by || b.before - a.before);
      const ids = (list: readonly { readonly picture: string }[]): string[] =>
        list.slice(0, each).map(({ picture }) => picture);
      const counts = { mended: mended.length, broken: broken.length };
      return [model, { mended: ids(mended), broken: ids(broken), counts }];
    }),
  );
}

/** By model: the most telling pictures with a film strip of maps, each model's in turn, as far as the budget goes. */
function stripPictures(
  all: readonly (readonly PictureSummary[])[],
  costs: readonly ImageCost[],
): Record<string, readonly string[]> {
  const wanted = all.map((list) =>
    list
      .filter(({ strip }) => strip > 0)
      .toSorted(byTelling)
      .slice(0, MOST_STRIPS),
  );
  const kept = costs.map((): string[] => []);
  let bytes = 0;
  for (let rank = 0; rank < MOST_STRIPS; rank++) {
    wanted.forEach((list, model) => {
      const summary = list[rank];
      if (!summary || bytes + summary.strip > STRIP_BUDGET) return;
      bytes += summary.strip;
      kept[model]?.push(summary.picture);
    });
  }
  return Object.fromEntries(costs.map(({ model }, i) => [model, kept[i] ?? []]));
}

/** By model: pictures for the film strips (most telling first) and the gallery (widest range), one of each in turn. */
function embeddedPictures(
  all: readonly (readonly PictureSummary[])[],
  costs: readonly ImageCost[],
  most: number,
  strips: Readonly<Record<string, readonly string[]>>,
  changed: Readonly<Record<string, ChangedPictures>>,
): Record<string, readonly string[]> {
  const moved = inTurn(Object.values(changed).flatMap(({ mended, broken }) => [mended, broken]));
  const canvases = [...new Map(costs.map((cost) => [cost.canvas, cost])).values()];
  const bytesOfOneEach = canvases.reduce((sum, { pixels }) => sum + 400 + BYTES_PER_PIXEL * pixels, 0);
  const count = Math.max(1, Math.min(MOST_IMAGES + moved.length, most, Math.floor(IMAGE_BUDGET / bytesOfOneEach)));
  const wanted = all.map((list, model) => {
    const telling = list.toSorted(byTelling).map(({ picture }) => picture);
    const gallery = list.toSorted((a, b) => b.range - a.range).slice(0, GALLERY);
    const own = strips[costs[model]?.model ?? ''] ?? [];
    // What other models change is shown on the first model's windows.
    return inTurn([telling, gallery.map(({ picture }) => picture), own, ...(model === 0 ? [moved] : [])]);
  });
  return Object.fromEntries(
    costs.map(({ model, canvas }) => {
      const sharers = wanted.filter((_, i) => costs[i]?.canvas === canvas);
      return [model, inTurn(sharers).slice(0, count)];
    }),
  );
}

/** The first of each list, then the second of each, …, every item once. */
function inTurn(lists: readonly (readonly string[])[]): string[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const mixed = Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1)));
  return [...new Set(mixed.flat())];
}

function inAll(lists: readonly (readonly string[])[]): Set<string> {
  const [first = [], ...others] = lists.map((list) => new Set(list));
  return new Set([...first].filter((item) => others.every((other) => other.has(item))));
}
