// What a preset is: a published protocol by name, with its source and what was published under it.
import type { SequencesInput } from '../rotate/sequences.js';
import type { SpatialInput } from '../rotate/spatial.js';
import type { ShiftInput } from '../shift/options.js';
import type { Coordinates } from '../../core/view.js';

/** A value that was published under the protocol, for orientation. */
export type PublishedValue = {
  /** The network, as its authors call it. */
  readonly model: string;
  /** The metric's name here: "top1Change", "meanAbsoluteChange". */
  readonly metric: string;
  readonly value: number;
};

export type Preset = {
  readonly name: string;
  readonly title: string;
  /** What is done to a picture and what is compared, in a few sentences. */
  readonly summary: string;
  /** Authors, title, venue, year. */
  readonly source: string;
  readonly published: readonly PublishedValue[];
  /** Options as the probe takes them; those left out have the probe's defaults. */
  readonly probe:
    | { readonly name: 'shift'; readonly options: ShiftInput }
    | { readonly name: 'sequences'; readonly options: SequencesInput }
    | { readonly name: 'spatial'; readonly options: SpatialInput }
    | {
        readonly name: 'shift-sweep';
        readonly options: { readonly steps: readonly { readonly at: Coordinates; readonly shift: ShiftInput }[] };
      };
};

/** Published values of several networks, in the order of their names. */
export function publishedValues(metric: string, values: Readonly<Record<string, number>>): PublishedValue[] {
  return Object.entries(values).map(([model, value]) => ({ model, metric, value }));
}
