// What a section of the page is, and slots that the page's script draws charts in.
import type { Facts } from '../facts.js';
import { commandLines } from '../format.js';
import { markup, trusted, type Html } from '../html.js';
import { modelMark } from '../model-mark.js';
import type { Drawing } from '../charts/chart.js';

export type Section = {
  /** Its anchor. */
  readonly id: string;
  /** Its name in the navigation; null for the first, which needs none. */
  readonly nav: string | null;
  readonly content: Html;
};

/** Makes a section, or null where the run has no data for it. */
export type SectionMaker = (facts: Facts, drawings: Drawings) => Section | null;

/** Drawings by id. */
export type Drawings = ReadonlyMap<string, Drawing>;

/** A slot for a drawing with static data. */
export function slot(drawings: Drawings, id: string, kind: '' | 'wide' | 'narrow' = ''): Html | null {
  const drawing = drawings.get(id);
  return drawing
    ? markup`<div class="chart ${kind}" data-chart="${id}" role="img" aria-label="${drawing.label}"></div>`
    : null;
}

/** Wide and narrow form of a panel's chart: rows named by the first panel, or above each bar. */
export function slots(drawings: Drawings, id: string): Html {
  return markup`${slot(drawings, id, 'wide')}${slot(drawings, `${id}-narrow`, 'narrow')}`;
}

/** Drawings under each other, each with its title; those without a drawing are left out. */
export function stacked(
  drawings: Drawings,
  panels: readonly { readonly id: string; readonly title: string; readonly note: string }[],
): Html {
  return markup`<div class="panels one">
    ${panels
      .filter(({ id }) => drawings.has(id))
      .map(
        ({ id, title, note }) =>
          markup`<figure class="panel">
            <figcaption>${title}<span class="soft">${note}</span></figcaption>
            ${slot(drawings, id)}
          </figure>`,
      )}
  </div>`;
}

/** Marks model names in a sentence, so that they don't break at their hyphens. */
export function whole(sentence: string, names: readonly string[]): Html {
  const longestFirst = [...names].sort((a, b) => b.length - a.length);
  const pieces = longestFirst.reduce<readonly (string | Html)[]>(
    (parts, name) =>
      parts.flatMap((part) =>
        typeof part !== 'string'
          ? [part]
          : part.split(name).flatMap((text, i) => (i === 0 ? [text] : [modelMark(name), text])),
      ),
    [sentence],
  );
  return markup`${pieces}`;
}

/** A number with a small per-cent sign. */
export function bigNumber(text: string): Html {
  const match = /^(.*?)\u202f?%$/.exec(text);
  return match ? markup`${match[1]}<span class="unit">%</span>` : markup`${text}`;
}

/** The ramp's colours from low to high. */
export function rampKey(caption: string, low: string, high: string, steps: number): Html {
  const swatches = Array.from({ length: steps }, (_, i) => trusted(`<i style="background:var(--p${i})"></i>`));
  return markup`<div class="ramp">
    <span>${caption}</span
    ><span class="scale"
      ><span>${low}</span><span class="swatches" aria-hidden="true">${swatches}</span><span>${high}</span></span
    >
  </div>`;
}

/** A choice between few options as joined buttons. */
export function segments(
  name: string,
  legend: string | Html,
  options: readonly { readonly value: string; readonly text: string }[],
  chosen: string,
  className = '',
): Html {
  return markup`<fieldset class="segments ${className}">
    <legend>${legend}</legend>
    ${options.map(
      ({ value, text }) =>
        markup`<label
          ><input type="radio" name="${name}" value="${value}" ${value === chosen ? trusted(' checked') : ''} /><span
            >${text}</span
          ></label
        >`,
    )}
  </fieldset>`;
}

/** Options of a model menu. */
export function modelOptions(names: readonly string[]): Html {
  return markup`${names.map((name, i) => markup`<option value="${i}">${name}</option>`)}`;
}

/** How a run is repeated: its terms beside the command, which a button copies; `more` stands below the command. */
export function repeatBlock(terms: readonly (readonly [string, string | Html])[], command: string, more: Html): Html {
  return markup`<div class="beside protocol">
    <div>
      <dl>
        ${terms.map(
          ([term, text]) =>
            markup`<div>
              <dt>${term}</dt>
              <dd>${text}</dd>
            </div>`,
        )}
      </dl>
    </div>
    <div>
      <div class="headrow">
        <h3>Repeat it</h3>
        <button type="button" id="copy">Copy</button>
      </div>
      <pre
        class="command"
        tabindex="0"
        role="region"
        aria-label="Command"
      ><code id="command">${commandLines(command)}</code></pre>
      ${more}
    </div>
  </div>`;
}
