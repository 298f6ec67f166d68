// Films of small geometric changes: flip probability and top-5 distance of each (Hendrycks & Dietterich, ICLR 2019).
import { isEstimate, type MaybeEstimate } from '../../core/estimate.js';
import { sequencePanels } from '../charts/rotate.js';
import type { Facts } from '../facts.js';
import { estimateText } from '../format.js';
import { dataTable, markup, table, type Html } from '../html.js';
import { placesText } from '../transformation-words.js';
import { reasonOf } from '../words.js';
import { angles, curvePanels } from './rotate.js';
import type { SectionMaker } from './section.js';

export const sequences: SectionMaker = (facts, drawings) => {
  const panels = sequencePanels(facts);
  if (panels.length === 0) return null;
  const content = markup`<h2>Frame by frame</h2>
    <p class="lead">
      Each sequence changes the picture by little from frame to frame. The flip probability is the share of such steps that
      change the answer; the top-5 distance is by how many places the five likeliest classes move, from 0 to 15.
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="Flip probability and top-5 distance">${numbers(facts)}</div>
    ${curvePanels(panels, drawings)} ${dataTable('frames', angles(panels))}`;
  return { id: 'sequences', nav: 'Sequences', content };
};

function numbers({ models }: Facts): Html {
  const text = (
    estimate: MaybeEstimate | undefined,
    write: (known: Extract<MaybeEstimate, { readonly n: number }>) => string,
  ) => (isEstimate(estimate) ? write(estimate) : reasonOf(estimate));
  const rows = models.flatMap(({ name, series, estimates }) =>
    [
      ...series.map(({ at, estimates: own }) => ({ title: String(at['sequence']), own })),
      { title: 'all', own: estimates },
    ].map(({ title, own }) => [
      name,
      title,
      text(own['top1Change'], estimateText),
      text(own['top5Distance'], placesText),
      text(own['worstAccuracy'], estimateText),
    ]),
  );
  return table(
    'Flip probability and top-5 distance with 95\u202f% intervals',
    ['Model', 'Sequence', 'Flip probability', 'Top-5 distance', 'Right in every frame'],
    rows,
  );
}
