// Turned pictures: curves against the angle, and one picture at several of them.
import { isEstimate } from '../../core/estimate.js';
import { rotatePanels, type CurvePanel } from '../charts/rotate.js';
import { className, type Facts } from '../facts.js';
import { estimateText, percent, plain } from '../format.js';
import { dataTable, markup, table, type Html } from '../html.js';
import { modelMark } from '../model-mark.js';
import { isShowable, viewOf, viewsOf } from '../static-views.js';
import { optionsOf } from '../words.js';
import { slot, whole, type Drawings, type SectionMaker } from './section.js';

/** Views of the picture that is shown, at most. */
const SHOWN = 9;

export const rotate: SectionMaker = (facts, drawings) => {
  const panels = rotatePanels(facts);
  if (panels.length === 0) return null;
  const content = markup`<h2>What turning does</h2>
    <p class="second">${whole(finding(facts), facts.names)}</p>
    <p class="lead">${method(facts)}</p>
    ${curvePanels(panels, drawings)} ${sheet(facts)} ${dataTable('angles', angles(panels))}`;
  return { id: 'rotate', nav: 'Rotation', content };
};

/** Panels of curves, one below the other. */
export function curvePanels(panels: readonly CurvePanel[], drawings: Drawings): Html {
  return markup`<div class="panels one">
    ${panels.map(
      ({ id, title, lines }) =>
        markup`<figure class="panel">
          <figcaption>${title}<span class="soft">${String(lines.subtitle)}</span></figcaption>
          ${slot(drawings, id)}
        </figure>`,
    )}
  </div>`;
}

/** What turning does to the model under study; the table has the others. */
function finding({ models }: Facts): string {
  const [first] = models;
  if (first === undefined) return '';
  const { top1Change, accuracy, worstAccuracy } = first.estimates;
  const steps = isEstimate(top1Change)
    ? `From one angle to the next ${first.name} changes ${estimateText(top1Change)} of its answers.`
    : '';
  if (!isEstimate(accuracy) || !isEstimate(worstAccuracy)) return steps;
  return `${steps} Upright it recognises ${percent(accuracy.value)} of the pictures, at every angle ${percent(worstAccuracy.value)}.`;
}

/** Borders in words. */
const BEYOND: Readonly<Record<string, string>> = {
  reflect: 'mirrored',
  edge: 'continued by its edge pixels',
  mean: 'the colour that is zero after normalisation',
  black: 'black',
};

function method({ input }: Facts): string {
  const { kernel, border, surround } = optionsOf(input.result.protocol);
  const inside =
    surround === 'picture' ? 'what the picture has beyond the window comes in' : 'the picture ends with the window';
  const how = typeof kernel === 'string' ? `, sampled ${kernel}` : '';
  const beyond = BEYOND[typeof border === 'string' ? border : ''] ?? 'filled';
  return `Pictures are turned about the middle of the model’s window${how}; ${inside}, and beyond its edges it is ${beyond}.`;
}

/** One picture of the model under study at evenly spaced angles, with the answers below. */
function sheet(facts: Facts): Html | null {
  const name = facts.names[0] ?? '';
  const id = facts.input.shown.first[name] ?? '';
  const image = facts.input.images[name]?.[id];
  const track = facts.tracks[0]?.[facts.pictures.indexOf(id)];
  if (!track || !isShowable(image)) return null;
  const seen = track.at.flatMap((_, view) => (image.windows[view] ? [view] : []));
  const count = Math.min(SHOWN, seen.length);
  if (count < 2) return null;
  const chosen = Array.from({ length: count }, (_, i) => seen[Math.round((i * (seen.length - 1)) / (count - 1))] ?? 0);
  const figures = chosen.map((view) => {
    const top = track.top[view] ?? null;
    const angle = `${plain(Number(track.at[view]?.['angle']))}°`;
    const answer = top === null ? 'no answer' : className(facts, 0, top);
    return markup`<figure>
      ${viewOf(image, view, `${id} turned by ${angle}`)}
      <figcaption>
        <b>${angle}</b><br /><span class="${top === track.focus ? 'is-right' : 'is-wrong'}">${answer}</span><br />${percent(track.p[view] ?? null, 0)}
      </figcaption>
    </figure>`;
  });
  return markup`<h3>One picture, turned</h3>
    ${viewsOf(image, figures)}
    <p class="foot">
      ${id}: angle, answer, probability of ${facts.words.focus} (${className(facts, 0, track.focus)}), under ${modelMark(name)}.
    </p>`;
}

/** Every point of the panels' curves. */
export function angles(panels: readonly CurvePanel[]): Html {
  const rows = panels.flatMap(({ title, lines }) =>
    lines.rows.map(({ model, step, value, low, high }) => [
      title,
      model,
      step,
      percent(value),
      low === high ? '' : `${percent(low)} to ${percent(high)}`,
    ]),
  );
  return table('Means over pictures', ['What', 'Model', 'At', 'Value', '95\u202f% interval'], rows);
}
