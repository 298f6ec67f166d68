// What a page and its figures draw, worked out once from the input: the layout of the views, a track a model and
// picture, the words of the protocol.
import { InputError } from '../core/errors.js';
import type { ModelResult } from '../core/result.js';
import { metrics, metricNamed } from '../metrics/registry.js';
import { isEstimate } from '../core/estimate.js';
import { answerTimes, type AnswerTime } from '../metrics/times.js';
import { pictureNames } from './format.js';
import type { PageInput } from './input.js';
import { layoutOf, type Layout } from './layout.js';
import { publishedFor, type Published } from './published.js';
import { changesOf, spanOf } from './steps.js';
import { trackOf, type Track } from './track.js';
import { headlineOf, wordsOf, type Headline, type Words } from './words.js';

export type Facts = {
  readonly input: PageInput;
  /** Further probes of the same run. */
  readonly parts: readonly { readonly name: string; readonly facts: Facts }[];
  /** The model under study is the first. */
  readonly models: readonly ModelResult[];
  readonly names: readonly string[];
  readonly labelled: boolean;
  readonly layout: Layout;
  readonly words: Words;
  readonly published: Published | null;
  /** Ids of the pictures that the page knows, and their short names. */
  readonly pictures: readonly string[];
  readonly pictureNames: readonly string[];
  /** By model and picture; null where the model has no answer. */
  readonly tracks: readonly (readonly (Track | null)[])[];
  /** Heatmap rows as indices into `pictures`. */
  readonly rows: readonly number[];
  /** Metrics with a panel each in the first section, at most four, most important first. */
  readonly panels: readonly string[];
  /** Whether the page is that of a comparison: it begins with what tells the models apart. */
  readonly comparing: boolean;
  /** Times of the models, where they were measured. */
  readonly times: readonly AnswerTime[];
  /** Metrics of the table, in the registry's order, that any model has or gives a reason for. */
  readonly listed: readonly string[];
};

const PANELS = ['top1Change', 'meanAbsoluteChange', 'jaggedness', 'accuracy', 'meanConfidence', 'everChanged'];

/** Classes from which on losing the top 5 says something: of eight, nearly all are in it. */
const TOP5_TELLS = 20;

/** @throws InputError where the result has no model */
export function factsOf(input: PageInput): Facts {
  const { result, shown } = input;
  const models = result.models;
  const [reference] = models;
  if (reference === undefined)
    throw new InputError('Expected at least one model in the result but received none. Measure one first.');
  const labelled = result.pictures.labelled > 0;
  const found = models.map(
    ({ name }) =>
      new Map((input.observations[name] ?? []).map((observation) => [observation.picture, trackOf(observation)])),
  );
  const pictures = shown.pictures.filter((picture) => found.some((tracks) => tracks.get(picture)));
  const tracks = found.map((byPicture) => pictures.map((picture) => byPicture.get(picture) ?? null));
  const layout = layoutOf(tracks.flat().filter((track) => track !== null));
  const position = new Map(pictures.map((picture, i) => [picture, i]));
  const rows = shown.rows.flatMap((picture) => position.get(picture) ?? []);
  const classes = Math.min(...input.run.models.map(({ output }) => output.classes));
  const available = (metric: string): boolean =>
    (metric !== 'jaggedness' || classes >= TOP5_TELLS) && models.some(({ estimates }) => isEstimate(estimates[metric]));
  return {
    input,
    parts: (input.parts ?? []).map((part) => ({ name: part.name, facts: factsOf(part.input) })),
    models,
    names: models.map(({ name }) => name),
    labelled,
    layout,
    words: wordsOf(result.protocol, layout, labelled),
    published: publishedFor(result.protocol, classes),
    pictures,
    pictureNames: pictureNames(pictures),
    tracks,
    rows: layout.kind === 'path' ? rows : [],
    panels: result.pictures.count < 2 ? [] : PANELS.filter(available).slice(0, 4),
    comparing:
      (input.run.comparison !== undefined || models.some(({ remedy }) => remedy !== undefined)) &&
      result.attribution === undefined &&
      models.length > 1,
    times: input.run.comparison?.times ? answerTimes(input.run.comparison.times, reference.name) : [],
    listed: metrics.map(({ name }) => name).filter((name) => models.some(({ estimates }) => estimates[name])),
  };
}

/** The facts of a run and of its further parts, each once. */
export function allFacts(facts: Facts): readonly Facts[] {
  return [facts, ...facts.parts.map((part) => part.facts)];
}

/** A metric's title; its name where the registry doesn't know it. */
export function titleOf(metric: string): string {
  return metrics.some(({ name }) => name === metric) ? metricNamed(metric).title : metric;
}

/** "lower is better" or "higher is better"; of confidence neither. */
export function directionOf(metric: string): string {
  if (metric === 'meanConfidence') return 'how sure it is';
  return metricNamed(metric).lowerIsBetter ? 'lower is better' : 'higher is better';
}

/** Positions of `rows` in the order of one model's mean probability, highest first; ties in the order of the rows. */
export function sortedRows(rows: readonly number[], tracks: readonly (Track | null)[]): number[] {
  const mean = (picture: number): number => spanOf(tracks[picture]?.p ?? []).mean;
  return rows.toSorted((a, b) => mean(b) - mean(a));
}

/** Name of a class of a model, "class 12" where the model names none. */
export function className(facts: Facts, model: number, index: number): string {
  return facts.input.classes[facts.names[model] ?? '']?.[index] ?? `class ${index}`;
}

/** Number of positions that every picture is seen at; null where they differ from picture to picture. */
export function viewCount({ layout }: Facts): number | null {
  return layout.kind === 'path' ? layout.places.length : layout.kind === 'grid' ? layout.cells.length : null;
}

/** The headline of one model. */
export function headlineFor(facts: Facts, model: number): Headline {
  const result = facts.models[model];
  const [track, ...others] = (facts.tracks[model] ?? []).filter((found) => found !== null);
  const single =
    track && others.length === 0 && facts.input.result.pictures.count === 1
      ? { changes: changesOf(track), steps: track.pairs.length }
      : null;
  return headlineOf(result ?? { name: '', estimates: {} }, facts.words, viewCount(facts), single);
}
