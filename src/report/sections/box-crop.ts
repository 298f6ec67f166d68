// Box crops: whether small objects are answered less steadily, with nothing inpainted and nothing enlarged.
import { isEstimate } from '../../core/estimate.js';
import { boxMetrics, bySize } from '../charts/box-crop.js';
import { directionOf, titleOf, type Facts } from '../facts.js';
import { capital, count, estimateText, grouped, plainPercent } from '../format.js';
import { dataTable, markup, table, type Html } from '../html.js';
import { optionsOf } from '../words.js';
import { rampKey, slot, whole, type SectionMaker } from './section.js';
import { RAMP_STEPS } from '../theme.js';

const SMALL: Readonly<Record<string, string>> = {
  skip: 'Boxes whose crop is smaller than the input are left out, so that nothing is enlarged.',
  widen: 'Crops smaller than the input are as wide as the input instead, at the picture’s own pixels.',
  enlarge: 'Crops smaller than the input are enlarged to it.',
};

export const boxCrop: SectionMaker = (facts, drawings) => {
  const metrics = boxMetrics(facts);
  if (metrics.length === 0) return null;
  const { margin, small } = optionsOf(facts.input.result.protocol);
  const { skipped } = facts.input.result.pictures;
  const left =
    skipped.length === 0
      ? ''
      : ` ${capital(count(skipped.length))} ${skipped.length === 1 ? 'picture is' : 'pictures are'} left out; result.json says why.`;
  const heat = drawings.has('box-crop-heat');
  const content = markup`<h2>How it depends on the size of the box</h2>
    <p class="lead">${facts.models.map((model) => [whole(sentence(facts, model.name, metrics), facts.names), ' '])}</p>
    <p class="lead">
      Each picture is cropped to a square round its largest box with ${plainPercent(Number(margin))} of the box added on
      each side, made to fit the input, and moved by whole pixels of the input: the picture itself enters, nothing is
      inpainted. ${typeof small === 'string' ? SMALL[small] : ''}${left}
    </p>
    <div class="panels one">
      ${metrics
        .filter((metric) => drawings.has(`box-crop-${metric}`))
        .map(
          (metric) =>
            markup`<figure class="panel">
              <figcaption>${titleOf(metric)}<span class="soft">${directionOf(metric)}</span></figcaption>
              ${slot(drawings, `box-crop-${metric}`)}
            </figure>`,
        )}
    </div>
    ${
      heat
        ? markup`<h3>Every picture, smallest box first</h3>
            ${rampKey(`Probability of ${facts.words.focus}`, '0', '100 %', RAMP_STEPS)}
            <figure class="panel heat" style="max-width:620px">
              <figcaption>
                ${facts.names[0] ?? ''}<span class="soft">at the left the box’s longer side, pixels; orange: a change of answer${shown(facts)}</span>
              </figcaption>
              ${slot(drawings, 'box-crop-heat')}
            </figure>`
        : null
    }
    ${dataTable('sizes of boxes', sizeTable(facts, metrics))}`;
  return { id: 'box-crop', nav: 'Boxes', content };
};

/** How many of the pictures the heatmap shows, where not all. */
function shown(facts: Facts): string {
  const rows = bySize(facts).length;
  const all = facts.input.result.pictures.count;
  return rows < all ? `; ${grouped(rows)} of ${grouped(all)} pictures` : '';
}

function sentence({ models }: Facts, name: string, metrics: readonly string[]): string {
  const [metric = 'top1Change'] = metrics;
  const model = models.find((one) => one.name === name);
  const classes = (model?.series ?? [])
    .filter(({ at, estimates }) => at['boxFrom'] !== undefined && isEstimate(estimates[metric]))
    .sort((a, b) => Number(a.at['boxFrom']) - Number(b.at['boxFrom']));
  const [small, large] = [classes[0], classes.at(-1)];
  const [at, to] = [small?.estimates[metric], large?.estimates[metric]];
  if (!small || !large || small === large || !isEstimate(at) || !isEstimate(to))
    return `${name}: the boxes are all about the same size.`;
  const verdict =
    at.low > to.high
      ? 'smaller objects are answered less steadily'
      : at.high < to.low
        ? 'larger objects are answered less steadily'
        : 'no difference by size is settled';
  return `${titleOf(metric)} of ${name} is ${estimateText(at)} for the smallest boxes (from ${String(small.at['boxFrom'])} px) and ${estimateText(to)} for the largest (from ${String(large.at['boxFrom'])} px): ${verdict}.`;
}

function sizeTable({ models }: Facts, metrics: readonly string[]): Html {
  const rows = models.flatMap(({ name, series }) =>
    [...series]
      .sort((a, b) => Number(a.at['boxFrom']) - Number(b.at['boxFrom']))
      .map(({ at, estimates }) => [
        name,
        `${String(at['boxFrom'])}–${Math.round(Number(at['boxFrom']) * Math.SQRT2)}`,
        pictures(estimates['meanConfidence']),
        ...metrics.map((metric) => {
          const estimate = estimates[metric];
          return isEstimate(estimate) ? estimateText(estimate) : '–';
        }),
      ]),
  );
  return table(
    'Estimates against the size of the box',
    ['Model', 'Box, px', 'Pictures', ...metrics.map(titleOf)],
    rows,
  );
}

function pictures(estimate: Parameters<typeof isEstimate>[0]): string {
  return isEstimate(estimate) ? grouped(estimate.pictures) : '1';
}
