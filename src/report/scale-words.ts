// What a run over sizes says, in words: its sizes, and what half the size costs.
import type { Protocol } from '../core/protocol.js';
import { isEstimate } from '../core/estimate.js';
import type { ModelResult, Series } from '../core/result.js';
import { pointsWithInterval } from '../metrics/words.js';
import type { Facts } from './facts.js';
import { estimateText, interval, narrow, percent } from './format.js';
import { optionsOf } from './words.js';

export type Sizes = {
  /** The coordinate: "scale" or "object". */
  readonly key: string;
  /** All that were measured, ascending. */
  readonly values: readonly number[];
  /** Those along the path, whose neighbours are compared. */
  readonly path: readonly number[];
  readonly reference: number;
  /** Title of the axis. */
  readonly axis: string;
  /** What stands round a small object. */
  readonly surround: string;
};

const SURROUNDS: Readonly<Record<string, string>> = {
  mean: 'the colour that is zero after normalisation',
  black: 'black',
  edge: 'its edge pixels, continued',
  reflect: 'its mirror image',
  inpaint: 'what is blurred out of it',
  real: 'what the picture has there, the mean colour beyond its edge',
  crop: 'what the picture has there',
};

/** The sizes of a run of the scale probe; null of another. */
export function sizesOf({ input }: Facts): Sizes | null {
  return sizesOfProtocol(input.result.protocol);
}

/** The same from the protocol alone. */
export function sizesOfProtocol(protocol: Protocol): Sizes | null {
  if (protocol.probe.name !== 'scale') return null;
  const { of, sizes, reference, half, surround } = optionsOf(protocol);
  const path = Array.isArray(sizes) ? sizes.map(Number) : [];
  const object = of === 'object';
  return {
    key: object ? 'object' : 'scale',
    values: (typeof half === 'number' ? [...path, half] : path).toSorted((a, b) => a - b),
    path,
    reference: Number(reference),
    axis: object ? 'the box’s longer side by the input’s' : 'size of the object (1 = the plain view)',
    surround: typeof surround === 'string' ? (SURROUNDS[surround] ?? surround) : '',
  };
}

/** The series of half the reference's size; undefined where it wasn't measured. */
export function halfOf(model: ModelResult, { key, reference }: Sizes): Series | undefined {
  return model.series.find(({ at }) => Math.abs(Number(at[key]) / (reference / 2) - 1) < 1e-3);
}

/** "At half the size maxpool loses 55.0 points of its 82.5 % accuracy …". */
export function halfSentence(model: ModelResult, sizes: Sizes): string {
  const half = halfOf(model, sizes);
  if (half === undefined)
    return `Half of size ${sizes.reference} is not among the sizes, so what it costs isn’t known.`;
  const [full, accuracy] = [model.estimates['accuracy'], half.estimates['accuracy']];
  const [difference, lost] = [half.against?.['accuracy'], half.against?.['accuracyLost']];
  if (!isEstimate(full) || !isEstimate(accuracy) || !isEstimate(difference))
    return `Without labels there is no accuracy to lose at half the size.`;
  const gain = difference.value > 0;
  const change = {
    value: Math.abs(difference.value),
    low: gain ? difference.low : -difference.high,
    high: gain ? difference.high : -difference.low,
  };
  const points = narrow(pointsWithInterval(change)).replaceAll('+', '');
  const share = isEstimate(lost) && !gain ? `, ${percent(lost.value, 0)} of it [${interval(lost, 0)}]` : '';
  return `At half the size ${model.name} ${gain ? 'gains' : 'loses'} ${points} of accuracy${share}: ${percent(full.value)} become ${percent(accuracy.value)}.`;
}

/** How often the answer changes from one size to the next. */
export function flipSentence(model: ModelResult): string {
  const flips = model.estimates['top1Change'];
  return isEstimate(flips)
    ? `From one size to the next the answer changes in ${estimateText(flips)} of all steps.`
    : '';
}
