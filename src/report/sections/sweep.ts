// A sweep: the main metrics against what the protocol varies.
import { labelWidth, sweepOf, sweepRows, sweptMetrics } from '../charts/sweep.js';
import { directionOf, titleOf } from '../facts.js';
import { capital, percent, interval, plain } from '../format.js';
import { listed } from '../../metrics/words.js';
import { dataTable, markup, table } from '../html.js';
import { slot, type SectionMaker } from './section.js';

export const sweep: SectionMaker = (facts, drawings) => {
  const found = sweepOf(facts);
  if (!found) return null;
  const metrics = sweptMetrics(facts);
  const parts = found.parts.filter((part) => part !== '');
  const lines = parts.length > 1 ? ` Lines are parted where the kind of view changes (${listed(parts)}).` : '';
  const rows = metrics.flatMap((metric) =>
    sweepRows(facts, found, metric).map(({ model, part, at, value, low, high }) => [
      titleOf(metric),
      String(model),
      part === '' ? plain(Number(at)) : `${String(part)} ${plain(Number(at))}`,
      percent(Number(value)),
      interval({ low: Number(low), high: Number(high) }),
    ]),
  );
  const content = markup`<h2>How it depends on the ${found.key}</h2>
    <p class="lead">
      The whole measurement, repeated at ${found.values.length} values of the ${found.key}. The model under study is
      drawn in blue with its 95 % intervals.${lines}
    </p>
    <div class="panels ${labelWidth(facts.names) > 110 ? 'two' : 'three'}">
      ${metrics.map(
        (metric) =>
          markup`<figure class="panel">
            <figcaption>${titleOf(metric)}<span class="soft">${directionOf(metric)}</span></figcaption>
            ${slot(drawings, `sweep-${metric}`)}
          </figure>`,
      )}
    </div>
    ${dataTable('sweep', table(`Estimates against ${found.key}`, ['Metric', 'Model', capital(found.key), 'Value', '95\u202f% interval'], rows))}`;
  return { id: 'sweep', nav: capital(found.key), content };
};
