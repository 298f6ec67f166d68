// From finished runs to what a page is made from: chooses the pictures, reads their observations, draws their canvases.
import sharp from 'sharp';
import { unpackedGroup, type Observation } from '../core/observation.js';
import type { Model } from '../core/model.js';
import type { PictureEntry } from '../core/picture.js';
import { canonicalJson, type Protocol } from '../core/protocol.js';
import { randomFor } from '../core/random.js';
import type { Result, RunRecord } from '../core/result.js';
import type { View } from '../core/view.js';
import { modulo } from '../image/canvas.js';
import { findProbe } from '../probes/registry.js';
import { choosePictures, evenlySpaced, summarise, type PictureSummary } from '../report/choose.js';
import type { EmbeddedPicture, PageInput } from '../report/input.js';
import { shownViews } from '../report/track.js';
import { frameOf, type Decoded } from './measure.js';
import { joinedObservations, modelsOf } from './join.js';
import { readPicture } from './read-picture.js';

/** Quality of the embedded canvases: what one sees is where the window lies, not the last grain. */
const WEBP_QUALITY = 50;
/** Canvases up to this side are drawn enlarged, pixel by pixel: they are kept without loss. */
const LOSSLESS_SIDE = 96;

/**
 * Gathers a page's input.
 *
 * @param entries the pictures, where their files can still be read; the page names those that can't
 */
export async function pageInput(
  folders: readonly string[],
  records: readonly RunRecord[],
  result: Result,
  entries: readonly PictureEntry[],
): Promise<PageInput> {
  const models = modelsOf(records);
  const [run] = records as [RunRecord, ...RunRecord[]];
  const byId = new Map(entries.map((entry) => [entry.id, entry]));

  const summaries: Record<string, PictureSummary[]> = {};
  let sample: Observation | null = null;
  for (const model of models) {
    const list: PictureSummary[] = [];
    for await (const observation of joinedObservations(folders, records, model.name)) {
      sample ??= observation;
      const summary = summarise(observation);
      if (summary !== null) list.push(summary);
    }
    summaries[model.name] = list.sort((a, b) => (a.picture < b.picture ? -1 : 1));
  }
  const costs = [];
  for (const model of models) costs.push(await imageCost(model, run.protocol, sample, byId));
  const shown = choosePictures(summaries, costs);

  const wanted = new Set(shown.pictures);
  const observations: Record<string, Observation[]> = {};
  const images: Record<string, Record<string, EmbeddedPicture>> = {};
  const drawn = new Map<string, EmbeddedPicture>();
  for (const [i, model] of models.entries()) {
    const kept: Observation[] = [];
    for await (const observation of joinedObservations(folders, records, model.name))
      if (wanted.has(observation.picture)) kept.push(observation);
    observations[model.name] = kept.sort((a, b) => (a.picture < b.picture ? -1 : 1));

    const pictures: Record<string, EmbeddedPicture> = {};
    for (const id of shown.embedded[model.name] ?? []) {
      const observation = kept.find(({ picture }) => picture === id);
      const entry = byId.get(id);
      if (observation === undefined || entry === undefined) continue;
      const key = `${costs[i]?.canvas ?? ''} ${id}`;
      const image = drawn.get(key) ?? (await embedded(entry, model, run.protocol, observation));
      if (image === null) continue;
      drawn.set(key, image);
      pictures[id] = image;
    }
    images[model.name] = pictures;
  }
  return {
    result,
    run,
    classes: Object.fromEntries(models.map(({ name, classes }) => [name, classes])),
    observations,
    shown,
    images,
  };
}

/** What one picture of this model takes in a page; models with equal frames are shown the same canvases. */
async function imageCost(
  model: Model,
  protocol: Protocol,
  sample: Observation | null,
  entries: ReadonlyMap<string, PictureEntry>,
) {
  const canvas = canonicalJson(frameOf(model));
  const entry = sample === null ? undefined : entries.get(sample.picture);
  const part =
    sample === null || entry === undefined ? null : usedPart(await viewsOf(entry, model, protocol), sample, model);
  return {
    model: model.name,
    canvas,
    pixels: part === null ? model.input.width * model.input.height : part.width * part.height,
  };
}

/** All views of one picture, as the run had them, null for means of others; null where the file can't be read any more. */
async function viewsOf(entry: PictureEntry, model: Model, protocol: Protocol): Promise<(View | null)[] | null> {
  let picture: Decoded;
  try {
    [picture] = (await readPicture(entry, protocol, [frameOf(model)])) as [Decoded];
  } catch {
    return null;
  }
  const views: (View | null)[] = [];
  const generator = findProbe(protocol.probe.name).views(picture, frameOf(model), protocol.probe.options, (...keys) =>
    randomFor(protocol.seed, ...keys),
  );
  for (let step = generator.next([]); !step.done; step = generator.next([])) {
    views.push(...step.value.map((view) => ('mean' in view ? null : view)));
  }
  return views;
}

type UsedPart = {
  readonly canvas: View['canvas'];
  readonly wrap: boolean;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Top-left corner of each view's window on the canvas; null for views that the part doesn't show. */
  readonly windows: readonly ({ readonly x: number; readonly y: number } | null)[];
  readonly size: { readonly width: number; readonly height: number };
};

/** Most pixels along a side of a window on a sheet of views that have canvases of their own. */
const SHEET_WINDOW = 128;
/** Most windows on a sheet: of longer films evenly spaced ones. */
const SHEET_VIEWS = 40;

/**
 * What the shown views are cut from: the part of the reference view's canvas that they use; or, where they have canvases
 * of their own (sizes, kernels, frames), a sheet with their windows side by side.
 */
function usedPart(views: readonly (View | null)[] | null, observation: Observation, model: Model): UsedPart | null {
  const shown = shownViews(observation.groups.map(unpackedGroup));
  const reference = views?.[shown.views[shown.reference] ?? 0];
  if (views === null || reference == null) return null;
  const { canvas, wrap } = reference;
  const size = { width: model.input.width, height: model.input.height };
  const inPart = new Set(shown.views);
  const drawn = shown.views.flatMap((index) => views[index] ?? []);
  if (drawn.some((view) => view.canvas !== canvas)) return sheetOf(views, inPart, size);
  const windows = (left: number, top: number): UsedPart['windows'] =>
    views.map((view, i) => (inPart.has(i) && view?.canvas === canvas ? { x: view.x - left, y: view.y - top } : null));
  if (wrap) {
    const { width, height } = canvas;
    return { canvas, wrap, left: 0, top: 0, width, height, windows: windows(0, 0), size };
  }
  const left = Math.min(...drawn.map(({ x }) => x));
  const top = Math.min(...drawn.map(({ y }) => y));
  const width = Math.max(...drawn.map(({ x }) => x)) + size.width - left;
  const height = Math.max(...drawn.map(({ y }) => y)) + size.height - top;
  return { canvas, wrap, left, top, width, height, windows: windows(left, top), size };
}

/** The shown views' windows side by side, reduced by whole steps where they are large. */
function sheetOf(
  views: readonly (View | null)[],
  shown: ReadonlySet<number>,
  size: { readonly width: number; readonly height: number },
): UsedPart {
  const step = Math.ceil(Math.max(size.width, size.height) / SHEET_WINDOW);
  const width = Math.floor(size.width / step);
  const height = Math.floor(size.height / step);
  const all = views.flatMap((view, i) => (view !== null && shown.has(i) ? [{ view, i }] : []));
  const drawn = evenlySpaced(all, SHEET_VIEWS);
  const across = width * drawn.length;
  const data = new Float32Array(3 * across * height);
  drawn.forEach(({ view }, place) => {
    const { canvas } = view;
    for (let y = 0; y < height * step; y++) {
      for (let x = 0; x < width * step; x++) {
        const row = modulo(view.y + y, canvas.height);
        const from = 3 * (row * canvas.width + modulo(view.x + x, canvas.width));
        const to = 3 * (Math.floor(y / step) * across + place * width + Math.floor(x / step));
        for (let c = 0; c < 3; c++)
          data[to + c] = (data[to + c] as number) + (canvas.data[from + c] as number) / step ** 2;
      }
    }
  });
  const placeOf = new Map(drawn.map(({ i }, place) => [i, place]));
  return {
    canvas: { width: across, height, data },
    wrap: false,
    left: 0,
    top: 0,
    width: across,
    height,
    windows: views.map((_, i) => {
      const place = placeOf.get(i);
      return place === undefined ? null : { x: place * width, y: 0 };
    }),
    size: { width, height },
  };
}

async function embedded(
  entry: PictureEntry,
  model: Model,
  protocol: Protocol,
  observation: Observation,
): Promise<EmbeddedPicture | null> {
  const part = usedPart(await viewsOf(entry, model, protocol), observation, model);
  if (part === null) return null;
  const { canvas, left, top, width, height, wrap, windows, size } = part;
  const pixels = Uint8Array.from(canvas.data, (value) => Math.min(255, Math.max(0, Math.round(value))));
  const webp = await sharp(pixels, { raw: { width: canvas.width, height: canvas.height, channels: 3 } })
    .extract({ left, top, width, height })
    .webp(Math.max(size.width, size.height) <= LOSSLESS_SIDE ? { lossless: true } : { quality: WEBP_QUALITY })
    .toBuffer();
  return { dataUrl: `data:image/webp;base64,${webp.toString('base64')}`, width, height, wrap, windows, size };
}
