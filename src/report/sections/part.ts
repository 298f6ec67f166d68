// A further probe of the same run: its estimates in a table, then what that probe alone has to show.
import { isEstimate } from '../../core/estimate.js';
import { titleOf, type Facts } from '../facts.js';
import { capital, count, estimateText, narrow } from '../format.js';
import { comparisonWords } from '../../metrics/compare-words.js';
import { comparisonNote, comparisonTable } from '../comparison-table.js';
import { lossSentences } from '../../metrics/layers/words.js';
import { dataTable, markup, table, trusted, type Html } from '../html.js';
import { optionsOf, reasonOf } from '../words.js';
import { whole, type Section } from './section.js';

/** @param own what the probe's own sections show; their headings stand below the part's */
export function partSection(name: string, facts: Facts, own: readonly Section[]): Section {
  const { protocol, pictures } = facts.input.result;
  const [first] = own;
  // A further path has the sections of the first one: which path it is stands above them.
  const path = optionsOf(protocol)['path'];
  const heading = path === name ? `On the ${name.replace('-', ' ')} path` : first ? null : capital(name);
  const content = markup`${heading === null ? null : markup`<h2>${heading}</h2>`}
    ${own.map(({ content: part }) => (heading === null ? part : below(part)))}
    ${facts.comparing ? compared(facts) : estimates(facts)}
    ${facts.input.result.attribution ? null : inside(facts)}
    ${dataTable(name, all(facts))}
    <p class="foot">
      Protocol ${protocol.name}, hash <code>${protocol.hash.slice(0, 12)}</code>, ${count(pictures.count)} pictures.
    </p>`;
  return { id: `part-${name}`, nav: capital(name), content };
}

/** The models of a comparison under this probe. */
function compared(facts: Facts): Html {
  const { findings, warnings } = comparisonWords(facts.input.result);
  return markup`<h3>The models under this probe</h3>
    <ul class="findings">
      ${[...findings, ...warnings].map((sentence) => markup`<li>${whole(narrow(sentence), facts.names)}</li>`)}
    </ul>
    ${comparisonNote(facts)}
    <div class="scroll" tabindex="0" role="region" aria-label="Comparison">${comparisonTable(facts, false)}</div>`;
}

/** A section's content with its heading one level down. */
function below({ html }: Html): Html {
  return trusted(html.replace(/<(\/?)h2\b/g, '<$1h3'));
}

/** What was seen inside the networks, in words: curves and tables are those of the first part. */
function inside({ models }: Facts): Html | null {
  const found = models.flatMap(({ name, layers }) =>
    layers === undefined ? [] : lossSentences(layers).map((sentence) => `${name}: ${sentence}`),
  );
  return found.length === 0
    ? null
    : markup`<h3>Inside</h3>
        ${found.map((sentence) => markup`<p>${narrow(sentence)}</p>`)}
        <p class="foot">Every layer’s numbers under this probe stand in result.json.</p>`;
}

function cells(facts: Facts, metrics: readonly string[]): (string | Html)[][] {
  return facts.models.map(({ name, estimates: found }) => [
    name,
    ...metrics.map((metric) => {
      const estimate = found[metric];
      return isEstimate(estimate) ? estimateText(estimate) : markup`<span class="soft">${reasonOf(estimate)}</span>`;
    }),
  ]);
}

/** The main metrics, open to the eye. */
function estimates(facts: Facts): Html {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Estimates">
    ${table('Estimates with 95\u202f% intervals', ['Model', ...facts.panels.map(titleOf)], cells(facts, facts.panels))}
  </div>`;
}

function all(facts: Facts): Html {
  return table('All estimates', ['Model', ...facts.listed.map(titleOf)], cells(facts, facts.listed));
}
