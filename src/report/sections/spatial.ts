// Rotations with translations: accuracy under a random pose, the worst of some, and the worst of all (Engstrom et al.,
// ICML 2019).
import { isEstimate, valueOf } from '../../core/estimate.js';
import type { ModelResult } from '../../core/result.js';
import type { Facts } from '../facts.js';
import { estimateText, percent } from '../format.js';
import { markup, table, type Html } from '../html.js';
import { reasonOf } from '../words.js';
import { whole, type SectionMaker } from './section.js';

export const spatial: SectionMaker = (facts) => {
  if (facts.input.result.protocol.probe.name !== 'spatial') return null;
  const content = markup`<h2>The worst pose</h2>
    <p class="second">${whole(facts.models.slice(0, 1).map(sentence).join(' '), facts.names)}</p>
    <p class="lead">
      Every picture is turned and moved; an attack chooses the pose at which the model is wrong, if there is one among
      those it may choose from.
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="Accuracy under each attack">${attacks(facts)}</div>`;
  return { id: 'spatial', nav: 'Worst pose', content };
};

function sentence({ name, estimates, series }: ModelResult): string {
  const [natural, grid] = [valueOf(estimates['accuracy']), valueOf(estimates['worstAccuracy'])];
  if (natural === null || grid === null) {
    const ever = estimates['everChanged'];
    return `Without labels, how often ${name} is right is not known${isEstimate(ever) ? `; ${percent(ever.value)} of its answers change at some pose` : ''}.`;
  }
  const others = series.flatMap(({ at, estimates: own }) => {
    const value = valueOf(own['worstAccuracy']);
    return value === null ? [] : [`${percent(value)} under ${attackName(String(at['attack']))}`];
  });
  return `${name} recognises ${percent(natural)} of the pictures as they are, ${[...others, `${percent(grid)} at every pose of the grid`].join(', ')}.`;
}

function attackName(attack: string): string {
  return attack === 'random' ? 'a random pose' : `the ${attack}`;
}

function attacks({ models }: Facts): Html {
  const text = (estimate: ModelResult['estimates'][string] | undefined): string =>
    isEstimate(estimate) ? estimateText(estimate) : reasonOf(estimate);
  const [first] = models;
  const names = first?.series.map(({ at }) => String(at['attack'])) ?? [];
  const rows = models.map(({ name, estimates, series }) => [
    name,
    text(estimates['accuracy']),
    ...names.map((attack) => text(series.find(({ at }) => at['attack'] === attack)?.estimates['worstAccuracy'])),
    text(estimates['worstAccuracy']),
  ]);
  return table('Accuracy under each attack, with 95\u202f% intervals', ['Model', 'As it is', ...names, 'grid'], rows);
}
