// Sizes: what half the size costs, the curves against size, and one picture at every size.
import { isEstimate } from '../../core/estimate.js';
import { SCALE_PANELS } from '../charts/scale.js';
import { className, type Facts } from '../facts.js';
import { estimateText, percent, plain } from '../format.js';
import { dataTable, markup, table, trusted, type Html } from '../html.js';
import { flipSentence, halfSentence, sizesOf, type Sizes } from '../scale-words.js';
import { stacked, whole, type SectionMaker } from './section.js';

export const scale: SectionMaker = (facts, drawings) => {
  const sizes = sizesOf(facts);
  const [first] = facts.models;
  if (sizes === null || first === undefined) return null;
  const others = facts.models.slice(1);
  const smaller = sizes.key === 'scale' ? 'A picture made smaller' : 'A box made smaller than the input';
  const content = markup`<h2>How it depends on size</h2>
    <p class="lead">${whole(halfSentence(first, sizes), facts.names)} ${flipSentence(first)}</p>
    <p class="lead">
      ${smaller} stands in ${sizes.surround}. For three networks trained on ImageNet, Azulay & Weiss (JMLR 2019) found
      that more than half of the accuracy is lost when objects are half as large.
    </p>
    ${others.length === 0 ? null : markup`<p class="lead">${others.map((model) => [whole(halfSentence(model, sizes), facts.names), ' '])}</p>`}
    ${stacked(drawings, SCALE_PANELS)}
    <p class="foot">
      Bands are 95 % intervals over pictures; the model under study is blue.
      ${sizes.values.length > sizes.path.length ? 'Half the size was measured beside the others: no step leads to it.' : ''}
    </p>
    ${sheet(facts, sizes)} ${dataTable('sizes', sizeTable(facts, sizes))}`;
  return { id: 'scale', nav: 'Size', content };
};

function sizeTable({ models }: Facts, { key }: Sizes): Html {
  const rows = models.flatMap(({ name, series }) =>
    [...series]
      .sort((a, b) => Number(a.at[key]) - Number(b.at[key]))
      .map(({ at, estimates, against }) => [
        name,
        plain(Number(at[key])),
        ...['accuracy', 'trueProbability', 'top1Change'].map((metric) => {
          const estimate = estimates[metric];
          return isEstimate(estimate) ? estimateText(estimate) : '–';
        }),
        isEstimate(against?.['accuracyLost']) ? estimateText(against['accuracyLost']) : '–',
      ]),
  );
  return table(
    'Estimates against size',
    [
      'Model',
      'Size',
      'Accuracy',
      'Probability of the true class',
      'Changes to the next size',
      'Share of accuracy lost',
    ],
    rows,
  );
}

/** One picture of the model under study at every size, with the answers below. */
function sheet(facts: Facts, { key }: Sizes): Html | null {
  const name = facts.names[0] ?? '';
  const id = facts.input.shown.first[name] ?? '';
  const image = facts.input.images[name]?.[id];
  const track = facts.tracks[0]?.[facts.pictures.indexOf(id)];
  const windows = image?.windows.filter((window) => window !== null) ?? [];
  if (!image || !track || windows.length !== track.at.length || image.width !== image.size.width * windows.length)
    return null;
  const columns = trusted(`grid-template-columns:repeat(${windows.length},minmax(0,1fr))`);
  return markup`<h3>One picture at every size</h3>
    <figure class="panel" style="max-width:780px">
      <img src="${image.dataUrl}" alt="${id} at sizes ${track.at.map((at) => String(at[key])).join(', ')}" style="width:100%;display:block" />
      <div class="soft" style="display:grid;${columns};font-size:13px;text-align:center;margin-top:6px;overflow-wrap:anywhere">
        ${track.at.map((at, view) => {
          const top = track.top[view] ?? null;
          const right = top !== null && top === track.focus;
          return markup`<span
            ><b>${plain(Number(Number(at[key]).toPrecision(2)))}</b><br /><span style="${trusted(right ? '' : 'color:var(--wrong)')}">${top === null ? 'no answer' : className(facts, 0, top)}</span><br />${percent(track.p[view] ?? null, 0)}</span
          >`;
        })}
      </div>
      </figure>
    <p class="foot">${id}: size, answer, probability of ${facts.words.focus} (${className(facts, 0, track.focus)}), for ${name}.</p>`;
}
