// A sweep: the main metrics against what the protocol varies.
import { sweepOf, sweepRows, sweptMetrics } from '../charts/sweep.js';
import { directionOf, titleOf } from '../facts.js';
import { capital, count, percent, interval } from '../format.js';
import { listed } from '../../metrics/words.js';
import { dataTable, markup, table } from '../html.js';
import { slot, type SectionMaker } from './section.js';

export const sweep: SectionMaker = (facts, drawings) => {
  const found = sweepOf(facts);
  if (!found) return null;
  const metrics = sweptMetrics(facts);
  const steps = facts.models[0]?.series.length ?? 0;
  const parts = found.parts.filter((part) => part !== '');
  const { noun, nouns, legend } = found.words;
  const lines =
    legend !== ''
      ? ` ${legend}`
      : parts.length > 1
        ? ` Lines are parted where the kind of view changes (${listed(parts)}).`
        : '';
  const rows = metrics.flatMap((metric) =>
    sweepRows(facts, found, metric).map(({ model, step, value, low, high }) => [
      titleOf(metric),
      String(model),
      capital(String(step)),
      percent(Number(value)),
      interval({ low: Number(low), high: Number(high) }),
    ]),
  );
  const content = markup`<h2>How it depends on the ${noun}</h2>
    <p class="lead">
      The whole measurement, repeated at ${count(steps)} ${nouns}. The model under study is
      drawn in blue with its 95 % intervals.${lines}
    </p>
    <div class="panels one">
      ${metrics.map(
        (metric) =>
          markup`<figure class="panel">
            <figcaption>${titleOf(metric)}<span class="soft">${directionOf(metric)}</span></figcaption>
            ${slot(drawings, `sweep-${metric}`)}
          </figure>`,
      )}
    </div>
    ${dataTable('sweep', table(`Estimates against ${noun}`, ['Metric', 'Model', capital(noun), 'Value', '95\u202f% interval'], rows))}`;
  return { id: 'sweep', nav: capital(noun), content };
};
