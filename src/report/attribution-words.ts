// Words of an attribution's section: its displacements and metrics.
import type { AttributionResult } from '../core/attribution.js';
import { layerMetrics } from '../metrics/layers/registry.js';
import { titleOf, type Facts } from './facts.js';
import { optionsOf } from './words.js';

/** Parts of the run by the displacement that they stand for, as a line's name. */
export const DISPLACEMENTS: Readonly<Record<string, string>> = {
  shift: 'neighbouring positions',
  'random-pair': 'random pairs',
};

/** The attribution under one displacement. */
export type Attributed = { readonly name: string; readonly facts: Facts; readonly result: AttributionResult };

/** All displacements that the run measured; none where it is no attribution. */
export function attributed(facts: Facts): Attributed[] {
  return [{ name: 'shift', facts }, ...facts.parts].flatMap(({ name, facts: part }) => {
    const { attribution } = part.input.result;
    return attribution === undefined ? [] : [{ name, facts: part, result: attribution }];
  });
}

/** A metric's title, of layers too. */
export function attributedTitle(metric: string): string {
  return layerMetrics.find(({ name }) => name === metric)?.title ?? titleOf(metric);
}

/** "Neighbouring positions, 1 px apart on a diagonal path", "Random pairs of positions, up to 8 px from the centre". */
export function displacementWords({ name, facts }: Attributed): string {
  const { path, step, range, surround } = optionsOf(facts.input.result.protocol);
  const where = surround === 'cyclic' ? ', the picture wrapped round' : '';
  const apart = typeof step === 'number' ? step : 1;
  if (path === 'random-pair') {
    const far = Array.isArray(range) ? `, up to ${String(range[1])} px from the centre` : '';
    return `Random pairs of positions${far}${where}`;
  }
  const kind = typeof path === 'string' ? path : (DISPLACEMENTS[name] ?? name);
  return `Neighbouring positions, ${apart} px apart on a ${kind} path${where}`;
}
