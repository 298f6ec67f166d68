// Film strips of feature maps, as the page and its figure draw them: Azulay & Weiss (JMLR 2019), rows layers, columns views.
import type { MapStrip } from '../core/layers.js';
import type { Observation } from '../core/observation.js';
import type { Facts } from './facts.js';
import { placeText, type Layout } from './layout.js';
import type { Track } from './track.js';

/** One picture's strip. */
export type PageStrip = {
  /** Index into the page's pictures. */
  readonly picture: number;
  /** Each column's place in words, and its index among the picture's shown views; null where it isn't one of them. */
  readonly columns: readonly { readonly place: string; readonly view: number | null }[];
  readonly layers: MapStrip['layers'];
};

/** Sheets come from a file of a run: only plain images are let into the page. */
const IMAGE = /^data:image\/(png|webp);base64,[A-Za-z0-9+/=]+$/;

/** Bytes that a strip's images take; 0 without a strip. */
export function stripBytes({ trace }: Observation): number {
  const maps = trace?.strip?.layers.flatMap((layer) => layer.maps) ?? [];
  return maps.reduce((sum, { sheet }) => sum + sheet.length, 0);
}

/** By model: the strips that the page shows, most telling picture first. */
export function stripsOf(facts: Facts): PageStrip[][] {
  const { input, names, pictures, tracks, layout } = facts;
  return names.map((name, model) =>
    (input.shown.strips[name] ?? []).flatMap((id) => {
      const picture = pictures.indexOf(id);
      const observation = input.observations[name]?.find((one) => one.picture === id);
      const strip = observation?.trace?.strip;
      if (picture < 0 || !observation || !strip) return [];
      const layers = strip.layers
        .map((layer) => ({ ...layer, maps: layer.maps.filter(({ sheet }) => IMAGE.test(sheet)).map(shortened) }))
        .filter(({ maps }) => maps.length > 0);
      if (layers.length === 0) return [];
      return [{ picture, columns: columnsOf(strip, observation, tracks[model]?.[picture] ?? null, layout), layers }];
    }),
  );
}

function shortened<M extends MapStrip['layers'][number]['maps'][number]>(map: M): M {
  const short = (value: number): number => Number(value.toPrecision(5));
  return { ...map, sums: map.sums.map(short), deviation: short(map.deviation) };
}

function columnsOf(strip: MapStrip, { views }: Observation, track: Track | null, layout: Layout): PageStrip['columns'] {
  return strip.views.map((index) => {
    const view = track?.views.indexOf(index) ?? -1;
    const place = layout.kind === 'path' ? layout.places[view] : undefined;
    return { place: place ?? placeText(views[index]?.at ?? {}), view: view < 0 ? null : view };
  });
}
