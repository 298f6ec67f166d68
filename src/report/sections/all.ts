// All pictures at once: the sorted heatmap of a path.
import { stepText } from '../charts/sweep.js';
import { grouped } from '../format.js';
import { markup } from '../html.js';
import { RAMP_STEPS } from '../theme.js';
import { modelOptions, rampKey, segments, type SectionMaker } from './section.js';

export const all: SectionMaker = (facts) => {
  const { layout, rows, names, words, input } = facts;
  if (layout.kind !== 'path' || rows.length < 2) return null;
  const several = names.length > 1;
  const blank = facts.tracks.flat().some((track) => track?.p.includes(null))
    ? ' Blank cells with a cross have no answer.'
    : '';
  const which = stepText(facts);
  const { total } = input.shown;
  const chosen =
    rows.length < total
      ? ` Shown are ${grouped(rows.length)} of ${grouped(total)} pictures, evenly spaced in the order of ${names[0]}; the numbers above are of all.`
      : '';
  const sides = several ? ['left', 'right'] : ['left'];
  const content = markup`<h2>All pictures at once</h2>
    <p class="lead">
      A row is a picture, a column a ${layout.noun}, the colour the probability of ${words.focus}; the pictures the
      model is surest of come first. A network that did not care where the object is would show plain horizontal bands.
      Each mark <i class="flip"></i>is one change of answer.${blank}${which === '' ? '' : ` Shown: ${which}.`}${chosen}
    </p>
    <div class="heatbar">
      ${rampKey(`Probability of ${words.focus}`, '0', '100\u202f%', RAMP_STEPS)}
      ${
        several
          ? segments(
              'order',
              'Rows sorted by mean probability',
              [
                { value: 'left', text: 'of the left model' },
                { value: 'own', text: 'of each model' },
              ],
              'left',
            )
          : null
      }
    </div>
    <div class="heats ${several ? '' : 'single'}">
      ${sides.map(
        (side) =>
          markup`<figure>
            <figcaption>
              <label class="sr" for="heat-${side}-model">Model of the ${side} heatmap</label
              ><select id="heat-${side}-model">
                ${modelOptions(names)}</select
              ><span class="soft" id="heat-${side}-note"></span>
            </figcaption>
            <div
              id="heat-${side}"
              class="heat"
              tabindex="0"
              role="application"
              aria-label="Heatmap, ${side} model. Arrow keys move the selection: up and down between pictures, left and right between views."
              aria-describedby="heat-status"
            ></div>
          </figure>`,
      )}
    </div>
    <p class="foot" id="heat-status" role="status">Click a cell, or focus a heatmap and use the arrow keys.</p>
    <details class="data" id="heat-data">
      <summary>Data table${several ? ' (left model)' : ''}</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Data table: heatmap">
        <table id="heat-table" class="dense"></table>
      </div>
    </details>`;
  return { id: 'all', nav: 'All pictures', content };
};
