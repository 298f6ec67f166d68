// The protocol in plain words, and the sentences of the page. Every one is made from results.
import { isEstimate, type Comparison, type MaybeEstimate } from '../core/estimate.js';
import type { Json, Protocol } from '../core/protocol.js';
import type { Estimates } from '../core/result.js';
import { count, counted, grouped, interval, percent, plainPercent } from './format.js';
import { listed, pValue } from '../metrics/words.js';
import type { Layout } from './layout.js';
import { probeWords } from './probe-words.js';
import { pooledWords } from './sweep-words.js';
import type { Coordinates } from '../core/view.js';

/** A difference is settled where its p after Holm's correction is below this. */
const SETTLED = 0.05;

/** How this run's steps and answers are called. */
export type Words = {
  /** One step between neighbouring views, and several: "one-pixel shift(s)", "step(s)". */
  readonly step: string;
  readonly steps: string;
  /** Heading of the section on one picture: "What one pixel does". */
  readonly heading: string;
  /** Title of the page: "One pixel". */
  readonly title: string;
  /** What the second of two neighbouring views is to the first: "one pixel further". */
  readonly further: string;
  /** The reference view: "at the centre". */
  readonly centre: string;
  /** The class that is followed: "the true class" or "the answer at the centre". */
  readonly focus: string;
  readonly labelled: boolean;
  /** Follows the steps where they need it: ", six pixels apart,"; else empty. */
  readonly apart: string;
  /** All views that a picture's worst answer is taken from: "under both views"; null where a layout's positions say it. */
  readonly everywhere: string | null;
  /** "pooled over the seven sizes" where the estimates are of several steps of a sweep, else null. */
  readonly pooled: string | null;
};

/** The probe's options by name, empty where they aren't a record. */
export function optionsOf({ probe }: Protocol): Readonly<Record<string, Json>> {
  return recordOf(probe.options);
}

/** The options of the shift that is shown picture by picture: of a sweep, those of its middle step; null without shifts. */
export function shiftOptions(protocol: Protocol): Readonly<Record<string, Json>> | null {
  if (!protocol.probe.name.startsWith('shift')) return null;
  const options = optionsOf(protocol);
  if (!Array.isArray(options['steps'])) return options;
  const steps = options['steps'] as readonly Json[];
  return recordOf(recordOf(steps[Math.floor(steps.length / 2)] ?? null)['shift'] ?? null);
}

function recordOf(value: Json): Readonly<Record<string, Json>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)
    : {};
}

/** Coordinates of a sweep's steps; none of other protocols. */
function sweepSteps(protocol: Protocol): Coordinates[] {
  const { steps } = optionsOf(protocol);
  return Array.isArray(steps) ? steps.map((step: Json) => recordOf(recordOf(step)['at'] ?? null) as Coordinates) : [];
}

function everywhereOf(path: Json | undefined): string | null {
  if (path === 'random-pair') return 'under all three views (the central one and the two that are compared)';
  return path === 'random' ? 'under both views' : null;
}

/** Pixels between neighbours of a grid; null where they differ, from model to model or along the grid. */
export function spacingOf(layout: Layout): number | null {
  if (layout.kind !== 'grid' || layout.proportional) return null;
  const gaps = [layout.xs, layout.ys].flatMap((places) => places.slice(1).map((place, i) => place - (places[i] ?? 0)));
  const [first = null, ...others] = gaps;
  return others.every((gap) => gap === first) ? first : null;
}

export function wordsOf(protocol: Protocol, layout: Layout, labelled: boolean): Words {
  const own = probeWords[protocol.probe.name];
  const centre = own?.centre ?? 'at the centre';
  const shift = shiftOptions(protocol);
  const steps = sweepSteps(protocol);
  const common = {
    centre,
    labelled,
    focus: labelled ? 'the true class' : `the answer ${centre}`,
    apart: '',
    everywhere: steps.length > 1 ? 'at every position of the path' : everywhereOf(shift?.['path']),
    pooled: pooledWords(steps),
  };
  if (shift === null) {
    return {
      ...common,
      step: 'step',
      steps: 'steps',
      heading: 'What one step does',
      title: 'Step by step',
      further: 'one step further',
      ...own,
    };
  }
  const { step, surround, path } = shift;
  if (layout.kind === 'pairs' && !(path === 'random' || path === 'grid' || path === 'map')) {
    return {
      ...common,
      step: 'random shift',
      steps: 'random shifts',
      heading: 'What a shift does',
      title: 'Random shifts',
      further: 'the same, shifted',
    };
  }
  const pixels = path === 'map' ? spacingOf(layout) : typeof step === 'number' ? step : 1;
  if (pixels === null) {
    return {
      ...common,
      step: 'step between neighbouring positions',
      steps: 'steps between neighbouring positions',
      heading: 'What position does',
      title: 'Positions',
      further: 'elsewhere',
    };
  }
  const unit = pixels <= 1 ? 'pixel' : 'pixels';
  const cyclic = surround === 'cyclic' ? 'cyclic ' : '';
  const far = path === 'map' && pixels > 1;
  const name = far ? 'step between neighbouring positions' : `${cyclic}${count(pixels)}-pixel shift`;
  const names = far ? 'steps between neighbouring positions' : `${name}s`;
  const size = `${count(pixels)} ${unit}`;
  return {
    ...common,
    step: name,
    steps: names,
    apart: far ? `, ${size} apart,` : '',
    heading: `What ${size} ${pixels <= 1 ? 'does' : 'do'}`,
    title: `${size.charAt(0).toUpperCase()}${size.slice(1)}`,
    further: layout.kind === 'path' ? `${size} further` : 'elsewhere',
  };
}

/** The answer of the page for one model. */
export type Headline = {
  /** "18.3 %", or "–" where there is none. */
  readonly number: string;
  readonly sentence: string;
  readonly note: string;
  readonly second: string;
};

/** The steps of the only picture of a run: one picture has a count, but no estimate over pictures. */
export type SinglePicture = { readonly changes: number; readonly steps: number };

/**
 * What is said of a model first.
 *
 * @param views positions of the path or grid; null where they differ from picture to picture
 */
export function headlineOf(
  model: { readonly name: string; readonly estimates: Estimates },
  words: Words,
  views: number | null,
  single: SinglePicture | null = null,
): Headline {
  const { top1Change } = model.estimates;
  if (!isEstimate(top1Change)) {
    if (single !== null && single.steps > 0) {
      return {
        number: `${single.changes}\u202f/\u202f${single.steps}`,
        sentence: `${words.steps} change the answer of ${model.name} on this picture.`,
        note: `P(top-1 change) over pictures is not known: ${reasonOf(top1Change)}.`,
        second: '',
      };
    }
    return {
      number: '–',
      sentence: `How often ${words.steps} change the answer of ${model.name} is not known.`,
      note: `P(top-1 change): ${reasonOf(top1Change)}.`,
      second: second(model.estimates, words, views),
    };
  }
  const { value, n, pictures } = top1Change;
  return {
    number: plainPercent(value),
    sentence: `of ${words.steps}${words.apart} change the answer of ${model.name}${words.pooled === null ? '' : `, ${words.pooled}`}.`,
    note: [
      `95\u202f% interval ${interval(top1Change)}`,
      `${grouped(value * n)} of ${counted(n, words.step, words.steps)}`,
      counted(pictures, 'picture'),
    ].join(' · '),
    second: second(model.estimates, words, views),
  };
}

function second(estimates: Estimates, words: Words, views: number | null): string {
  const { accuracy, worstAccuracy, top1ChangeAmongCorrect, everChanged, top1Change } = estimates;
  const sentences: string[] = [];
  const all =
    words.everywhere ?? (views === null ? 'at every position' : `at every one of the ${grouped(views)} positions`);
  if (isEstimate(accuracy)) {
    const worst = isEstimate(worstAccuracy)
      ? `; ${all} ${worstAccuracy.value === 0 ? 'not one' : `${worstAccuracy.value < accuracy.value ? 'only ' : ''}${percent(worstAccuracy.value, 0)}`}`
      : '';
    sentences.push(
      `${capitalised(words.centre)}${words.pooled === null ? '' : `, ${words.pooled},`} it recognises ${percent(accuracy.value, 0)} of the pictures${worst}.`,
    );
  } else if (isEstimate(everChanged)) {
    sentences.push(
      `${percent(everChanged.value, 0)} of the pictures get more than one answer${words.pooled !== null ? ` at one step, ${words.pooled}` : words.everywhere === null ? '' : ` ${words.everywhere}`}.`,
    );
  }
  if (isEstimate(top1ChangeAmongCorrect) && isEstimate(top1Change) && top1Change.value > 0) {
    sentences.push(
      `Among the pictures it gets right ${words.centre}, ${plainPercent(top1ChangeAmongCorrect.value)} of ${words.steps} change the answer.`,
    );
  }
  if (!words.labelled) sentences.push('The pictures have no labels, so whether an answer is right is not known.');
  return sentences.join(' ');
}

/** Which model is steadiest, and by how much. */
export function verdictOf(
  names: readonly string[],
  comparisons: readonly Comparison[],
  estimates: readonly Estimates[],
): string {
  const ranked = names
    .map((name, i) => ({ name, change: estimates[i]?.['top1Change'] }))
    .filter((model): model is { name: string; change: { value: number } & MaybeEstimate } => isEstimate(model.change))
    .sort((a, b) => a.change.value - b.change.value);
  const [steadiest, next] = ranked;
  if (!steadiest || !next) return 'There is nothing to compare: fewer than two models have a P(top-1 change).';
  const ties = ranked.filter(({ change }) => change.value === steadiest.change.value).map(({ name }) => name);
  if (ties.length > 1)
    return `${listed(ties)} change their answers equally often: ${plainPercent(steadiest.change.value)} of steps.`;
  const gap = (name: string): { size: string; doubt: string } | null => {
    const found = comparisons.find(
      ({ metric, a, b }) =>
        metric === 'top1Change' && [a, b].includes(name) && [a, b].includes(steadiest.name) && a !== b,
    );
    if (!found || !isEstimate(found.difference)) return null;
    const { difference, pHolm } = found;
    return { size: Math.abs(100 * difference.value).toFixed(1), doubt: doubtOf(pHolm) };
  };
  const others = ranked.slice(1).flatMap(({ name }) => {
    const found = gap(name);
    return found === null ? [] : [`${found.size} points less often than ${name}${found.doubt}`];
  });
  if (others.length === 0)
    return `${steadiest.name} changes its answer least often; whether that is settled is not known.`;
  const shown = others.length > 3 ? [others[0] as string, others.at(-1) as string] : others;
  const rest = others.length > 3 ? `; the other ${count(others.length - 2)} lie between` : '';
  return `${steadiest.name} changes its answer ${listed(shown)}${rest}.`;
}

/** What must be said of a difference beside its size: " (not settled: p = 0.20)"; nothing where it is settled. */
function doubtOf(pHolm: number | null): string {
  if (pHolm === null) return ' (not tested)';
  return pHolm < SETTLED ? '' : ` (not settled: ${pValue(pHolm)})`;
}

/** Which orders of models in P(top-1 change) the sample doesn't settle. */
export function settledOf(comparisons: readonly Comparison[], pictures: number): string {
  const tested = comparisons.filter(({ metric, pHolm }) => metric === 'top1Change' && pHolm !== null);
  const open = tested.filter(({ pHolm }) => pHolm !== null && pHolm >= SETTLED);
  if (tested.length === 0) return 'Their differences in P(top-1 change) could not be tested.';
  if (open.length === 0) {
    return `With ${counted(pictures, 'picture')} ${tested.length === 1 ? 'their difference' : 'all differences'} in P(top-1 change) ${tested.length === 1 ? 'is' : 'are'} settled.`;
  }
  if (open.length > 3) {
    return `With ${counted(pictures, 'picture')} the order in P(top-1 change) is not settled for ${count(open.length)} of ${count(tested.length)} pairs.`;
  }
  const orders = listed(open.map(({ a, b }) => `the order of ${a} and ${b}`));
  return `With ${counted(pictures, 'picture')}, ${orders} in P(top-1 change) ${open.length === 1 ? 'is' : 'are'} not settled.`;
}

export function reasonOf(estimate: MaybeEstimate | undefined): string {
  return estimate === undefined ? 'not measured' : isEstimate(estimate) ? '' : estimate.unavailable;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
