// Remedies: each variant of a model beside the plain one, on every path that was measured, with what its answers cost.
import { isEstimate } from '../../core/estimate.js';
import type { ModelResult } from '../../core/result.js';
import { FLATTERY, isFlattered, NOT_INSIDE, runText, sharedText } from '../../metrics/remedy-words.js';
import type { Facts } from '../facts.js';
import { capital, estimateText } from '../format.js';
import { markup, table, type Html } from '../html.js';
import { modelMark } from '../model-mark.js';
import { optionsOf, reasonOf } from '../words.js';
import type { SectionMaker } from './section.js';

/** Probes whose views have no picture round their window. */
const CLOSED = ['rotate', 'sequences', 'spatial', 'scale'];
const BORDERS =
  'The views of this probe have no picture round their window: where a remedy looks beyond it, it sees the border repeated.';

export const remedies: SectionMaker = (facts) => {
  const remedied = facts.models.filter(({ remedy }) => remedy !== undefined);
  if (remedied.length === 0) return null;
  const judged = [{ name: facts.input.result.protocol.probe.name, facts }, ...facts.parts].filter(({ facts: part }) =>
    part.models.some(({ remedy }) => remedy !== undefined),
  );
  const flattered = judged.some(({ facts: part }) => part.models.some(({ remedy }) => remedy && isFlattered(remedy)));
  const paths = judged.map((part) => pathName(part.name, part.facts));
  const rows = facts.models.map((model) => [
    modelMark(model.name),
    model.remedy === undefined ? '1' : String(model.remedy.inferences),
    estimateCell(model, 'accuracy'),
    ...judged.map(({ facts: part }) =>
      estimateCell(
        part.models.find(({ name }) => name === model.name),
        'top1Change',
      ),
    ),
  ]);
  const content = markup`<h2>What remedies do</h2>
    <p class="lead">
      A remedy leaves the weights alone: it averages the answers to several shifted windows, or chooses the window by what
      is in it, so that the same content is seen wherever the camera points. Every variant saw the very views that the
      plain model saw.
      ${flattered && paths.length === 1 && optionsOf(facts.input.result.protocol)['path'] === 'diagonal' ? markup`<b>${FLATTERY}</b>` : null}
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="Remedies">
      ${table(
        'Share of neighbouring views with another answer, by path, with 95\u202f% intervals',
        ['Model', 'Inferences an answer', 'Accuracy', ...paths],
        rows,
      )}
    </div>
    <div class="scroll" tabindex="0" role="region" aria-label="Windows of remedies">
      ${table(
        'Windows of an answer that its neighbour shares; inferences an answer where shared windows are run once',
        ['Model', ...paths],
        remedied.map(({ name }) => [modelMark(name), ...judged.map(({ facts: part }) => windowsCell(part, name))]),
      )}
    </div>
    <p class="foot">
      Neighbours that share windows agree for that alone: a set of shifts that lies on the measured path is flattered by
      it (bold), so a remedy is judged on a path across its set and on pairs at random as well. Aligned and selected windows are
      shared by design, as long as pixels stay exact: see them under JPEG and noise too (--corrupt).
      ${CLOSED.includes(facts.input.result.protocol.probe.name) ? BORDERS : null}
      ${facts.input.result.protocol.layers === undefined ? null : NOT_INSIDE}
    </p>`;
  return { id: 'remedies', nav: 'Remedies', content };
};

function pathName(part: string, facts: Facts): string {
  const { path } = optionsOf(facts.input.result.protocol);
  return capital(typeof path === 'string' ? path.replace('random-pair', 'random pairs') : part);
}

/** "1 of 2; 1.11", bold where the path flatters the set. */
function windowsCell({ models }: Facts, name: string): string | Html {
  const remedy = models.find((model) => model.name === name)?.remedy;
  if (remedy === undefined) return '–';
  const shared = sharedText(remedy);
  return markup`${isFlattered(remedy) ? markup`<b>${shared}</b>` : shared}; ${runText(remedy)}`;
}

function estimateCell(model: ModelResult | undefined, metric: string): string | Html {
  const estimate = model?.estimates[metric];
  return isEstimate(estimate) ? estimateText(estimate) : markup`<span class="soft">${reasonOf(estimate)}</span>`;
}
