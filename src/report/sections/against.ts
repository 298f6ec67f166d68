// Change and accuracy against a number of each model (`--x`).
import { numberTitle } from '../charts/against.js';
import { titleOf } from '../facts.js';
import { capital } from '../format.js';
import { correlationText } from '../../metrics/compare-words.js';
import { compact } from '../../metrics/words.js';
import { dataTable, markup, table } from '../html.js';
import { slot, type SectionMaker } from './section.js';

export const against: SectionMaker = ({ input }, drawings) => {
  const found = input.result.against;
  if (found === undefined) return null;
  const title = numberTitle(found.name);
  const sentences = found.correlations.map(
    ({ metric, correlation }) => `${titleOf(metric)}: ${correlationText(correlation)}.`,
  );
  const content = markup`<h2>Change and accuracy against ${title}</h2>
    <p class="lead">
      ${sentences.join(' ')} A correlation over models says how these models lie; they differ in more than this number.
    </p>
    <div class="panels two">
      ${found.correlations.map(
        ({ metric }) =>
          markup`<figure class="panel">
            <figcaption>${titleOf(metric)}<span class="soft">against ${title}</span></figcaption>
            ${slot(drawings, `against-${metric}`)}
          </figure>`,
      )}
    </div>
    ${dataTable(
      title,
      table(
        null,
        ['Model', capital(title)],
        found.values.map(({ model, value }) => [model, compact(value)]),
      ),
    )}`;
  return { id: 'against', nav: capital(title), content };
};
