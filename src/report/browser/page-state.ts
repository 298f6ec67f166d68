// What is selected in the page: every control writes it, every view reads it.
import type { PageCrop, PageData, PageTrack } from '../page-data.js';
import { signed } from '../format.js';
import { tellingStep } from '../steps.js';
import { embedded } from './embedded.js';

export const data = embedded('data') as PageData;
export const images = embedded('images') as readonly string[];

export type State = {
  /** Model under study. */
  model: number;
  picture: number;
  /** The two views that are compared. */
  from: number;
  to: number;
  /** Models of the two heatmaps or maps. */
  left: number;
  right: number;
  /** Whose order the heatmaps' rows have. */
  order: 'left' | 'own';
};

export type Change = 'model' | 'picture' | 'heat';

const other = data.models.findIndex((_, model) => model !== 0);
export const state: State = {
  model: 0,
  picture: data.first[0] ?? 0,
  from: 0,
  to: 1,
  left: 0,
  right: Math.max(0, other),
  order: 'left',
};

const listeners: ((change: Change) => void)[] = [];

/** Calls `listener` after each change. */
export function onChange(listener: (change: Change) => void): void {
  listeners.push(listener);
}

export function changed(change: Change): void {
  for (const listener of listeners) listener(change);
}

export function trackOf(model: number, picture: number): PageTrack | null {
  return data.tracks[model]?.[picture] ?? null;
}

export function cropOf(model: number, picture: number): PageCrop | null {
  return data.crops[model]?.[picture] ?? null;
}

export function pictureName(picture: number): string {
  return data.pictures[picture]?.name ?? '';
}

export function modelName(model: number): string {
  return data.models[model]?.name ?? '';
}

export function className(model: number, index: number | null): string | null {
  return index === null ? null : (data.classes[model]?.[index] ?? `class ${index}`);
}

/** Pairs of neighbouring views of a picture. */
export function pairsOf(track: PageTrack): readonly (readonly [number, number])[] {
  if (data.layout.kind !== 'path') return track.pairs;
  return track.p.slice(1).map((_, view): [number, number] => [view, view + 1]);
}

/** The pair of neighbouring views of a picture that shows most. */
export function tellingPair(model: number, picture: number): readonly [number, number] {
  const track = trackOf(model, picture);
  if (!track) return [0, 0];
  const pairs = pairsOf(track);
  const { pair } = tellingStep({ pairs, top: track.top, p: track.p, focus: track.focus });
  return pairs[pair] ?? [0, 0];
}

/** A view's place in words: "+3" on a path, "+3, −2" elsewhere. */
export function placeOf(track: PageTrack, view: number): string {
  const { layout } = data;
  if (layout.kind === 'path') return layout.places[view] ?? '';
  if (layout.kind === 'pairs') return track.places?.[view] ?? '';
  const [x = 0, y = 0] = layout.cells[view] ?? [];
  return `${signed(layout.xs[x] ?? 0)}, ${signed(layout.ys[y] ?? 0)}`;
}

/** Selects a picture; by default with its most telling pair. */
export function selectPicture(picture: number, pair = tellingPair(state.model, picture)): void {
  state.picture = picture;
  [state.from, state.to] = pair;
  changed('picture');
}

/** Makes a model the one under study; without a picture, at its most telling one. */
export function selectModel(model: number, picture: number | null = null): void {
  state.model = model;
  changed('model');
  if (picture === null) selectPicture(data.first[model] ?? 0);
}
