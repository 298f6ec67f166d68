// Maps over positions as still drawings: each model's accuracy and probability of the true class over all pictures, and a
// few pictures' own. (The page's first probe has maps besides that its script fills.)
import type { Facts } from '../facts.js';
import type { GridLayout } from '../layout.js';
import type { Chart, Drawing, Row } from './chart.js';
import { slugsOf } from './chart.js';
import { hasPositionMeans, mapSpec, positionRows } from './position-map.js';
import { pictureMapRows } from './rows.js';
import { fractionDomain } from './axes.js';

/** Models and pictures with maps of their own, at most. */
const MODELS = 4;
const PICTURES = 6;

/** One still map. */
export type StillMap = {
  readonly id: string;
  readonly model: number;
  /** Index into the facts' pictures; null = all. */
  readonly picture: number | null;
  readonly what: string;
  readonly domain: readonly [number, number];
  readonly cells: readonly Row[];
};

/** The maps of a run over a grid of shifts; none of other runs. */
export function stillMaps(facts: Facts): readonly StillMap[] {
  const { layout, input } = facts;
  if (layout.kind !== 'grid' || input.result.protocol.probe.name !== 'shift' || !hasPositionMeans(facts)) return [];
  return [...meanMaps(facts, layout), ...pictureMaps(facts, layout)];
}

function idOf({ input }: Facts, ...parts: readonly string[]): string {
  return ['shift-map', input.result.protocol.hash.slice(0, 8), ...parts].join('-');
}

function meanMaps(facts: Facts, layout: GridLayout): StillMap[] {
  const models = facts.names.slice(0, MODELS).map((_, model) => positionRows(facts, model, layout));
  const slugs = slugsOf(facts.names);
  const kinds = facts.labelled
    ? ([['accuracy', 'accuracy'], ['value', 'probability of the true class']] as const) // prettier-ignore
    : ([['agreement', 'same answer as at the centre']] as const);
  return kinds.flatMap(([field, what]) => {
    const values = models.flatMap((rows) => rows.map((row) => Number(row[field])));
    // One ramp for all models, so that they can be compared.
    const { domain } = fractionDomain(Math.min(...values), Math.max(...values), 5, 0.1);
    return models.map((rows, model): StillMap => {
      const cells = rows.map((row) => ({ ...row, value: row[field] }));
      return { id: idOf(facts, field, slugs[model] ?? ''), model, picture: null, what, domain, cells };
    });
  });
}

function pictureMaps(facts: Facts, layout: GridLayout): StillMap[] {
  const wanted = facts.input.shown.embedded[facts.names[0] ?? ''] ?? [];
  return wanted.slice(0, PICTURES).flatMap((id): StillMap[] => {
    const picture = facts.pictures.indexOf(id);
    const track = facts.tracks[0]?.[picture];
    if (!track) return [];
    const what = `probability of ${facts.words.focus}`;
    const cells = pictureMapRows(layout, track);
    return [{ id: idOf(facts, 'picture', String(picture)), model: 0, picture, what, domain: [0, 1], cells }];
  });
}

function drawingOf(facts: Facts, map: StillMap, layout: GridLayout): Drawing {
  const seen = map.cells.filter(({ x, value }) => Number(x) >= 0 && value !== null).map(({ value }) => Number(value));
  const whose = map.picture === null ? 'all pictures' : (facts.pictureNames[map.picture] ?? '');
  return {
    id: map.id,
    spec: mapSpec(layout, map.domain, map.picture !== null, map.picture === null ? 240 : 180),
    data: { cells: map.cells },
    label: `${map.what} of ${facts.names[map.model] ?? ''} over positions, ${whose}: from ${Math.min(...seen).toFixed(2)} to ${Math.max(...seen).toFixed(2)}`,
  };
}

export const shiftMaps: Chart = {
  name: 'shift-map',
  drawings: (facts) => {
    const { layout } = facts;
    return layout.kind === 'grid' ? stillMaps(facts).map((map) => drawingOf(facts, map, layout)) : [];
  },
  figures: (facts) => {
    const { layout } = facts;
    if (layout.kind !== 'grid') return [];
    const maps = stillMaps(facts).filter(({ picture, what }) => picture === null && what === 'accuracy');
    return maps.map(({ id, model, domain, cells }) => {
      const [low, high] = domain.map((bound) => Math.round(100 * bound));
      return {
        id,
        spec: mapSpec(layout, domain, false),
        data: { cells },
        title: facts.names[model] ?? '',
        subtitle: `accuracy, ${low} (pale) to ${high}\u202f% (dark)`,
        width: layout.xs.length * Math.ceil(380 / layout.xs.length),
      };
    });
  },
};
