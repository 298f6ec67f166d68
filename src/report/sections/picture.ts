// One picture: two views that look alike, and the film strip (path) or the map of positions (grid) they come from.
import { stepText } from '../charts/sweep.js';
import { count } from '../format.js';
import { shiftOptions } from '../words.js';
import { markup, type Html } from '../html.js';
import { modelMark } from '../model-mark.js';
import type { Facts } from '../facts.js';
import { changesOf } from '../steps.js';
import { rampKey, slot, type SectionMaker } from './section.js';
import { RAMP_STEPS } from '../theme.js';

export const picture: SectionMaker = (facts, drawings) => {
  const { layout, words, pictures } = facts;
  if (pictures.length === 0) return null;
  const content = markup`<h2>${words.heading}</h2>
    <p class="lead">
      ${lead(facts)} ${sameness(facts)}${facts.tracks.flat().some((track) => track !== null && changesOf(track) > 0) ? markup`; to <span class="model-name">${modelMark(facts.names[0] ?? '')}</span> they need not be` : null}.
    </p>
    <div class="pairrow">
      <div id="pair" class="pair"></div>
      <div class="pairside">
        <div id="pair-text" aria-live="polite"></div>
        <div class="controls">
          <button type="button" id="blink" aria-pressed="false">Blink the two</button>
          <span class="picker"
            ><button type="button" id="previous" aria-label="Previous picture">←</button
            ><label class="sr" for="picture-select">Picture, most telling first</label
            ><select id="picture-select"></select
            ><button type="button" id="next" aria-label="Next picture">→</button></span
          >
        </div>
        <div id="pair-picker" class="controls"></div>
      </div>
    </div>
    ${layout.kind === 'path' ? strip(layout.places.length, layout.noun) : layout.kind === 'grid' ? map() : null}
    <details class="data">
      <summary>Data table</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Data table: views of the picture">
        <table id="strip-table"></table>
      </div>
    </details>`;
  return { id: 'picture', nav: 'One picture', content };

  function map(): Html {
    return markup`<div class="beside">
      <div>
        <h3>Every position of this picture</h3>
        <p>
          Colour is the probability of <b id="map-focus"></b>; an orange dot marks a position where another class wins.
          Click a cell, or focus the map and use the arrow keys, to compare it with the reference position.
        </p>
        ${rampKey('Probability', '0', '100\u202f%', RAMP_STEPS)}
      </div>
      <div
        id="picture-map"
        class="map"
        tabindex="0"
        role="application"
        aria-label="Map of positions. Arrow keys move the compared position."
      ></div>
    </div>`;
  }

  function strip(views: number, noun: string): Html {
    return markup`<div class="key" id="key"></div>
      <div
        class="scroll strip-scroll"
        id="strip-scroll"
        tabindex="0"
        role="region"
        aria-label="Film strip, scrolls sideways on small screens"
      >
        <div class="strip" style="--n:${views}">
          <div class="rowhead axis" aria-hidden="true"><span>100 %</span><span>50 %</span><span>0</span></div>
          ${slot(drawings, 'curve')}
          <div class="rowhead low">${noun}</div>
          <div id="frames" class="cols" role="radiogroup" aria-label="Left view of the pair"></div>
          <div class="rowhead label">top-1</div>
          <div id="runs" class="cols"></div>
          <div class="rowhead">its %</div>
          <div id="probabilities" class="cols num"></div>
        </div>
      </div>`;
  }
};

/** What two neighbouring views have in common, whatever a model says of them. */
function sameness({ input, layout }: Facts): string {
  if (input.result.protocol.probe.name === 'scale') return 'To the eye they show the same thing';
  if (layout.kind === 'path') return 'To the eye they are the same';
  const surround = shiftOptions(input.result.protocol)?.['surround'];
  return surround === 'crop' || surround === 'random-crop'
    ? 'Apart from what enters and leaves at the edges they are the same'
    : 'What they show is the same';
}

/** Where the two views come from. */
function lead(facts: Facts): string {
  const { input, layout, words } = facts;
  const shift = shiftOptions(input.result.protocol);
  const step = stepText(facts);
  const which = step === '' ? '' : ` (${step})`;
  if (shift === null) return `Both views show the same picture${which}, the second ${words.further}.`;
  const { surround, step: size } = shift;
  const pixels = typeof size === 'number' ? size : 1;
  const distance = `${count(pixels)} ${pixels <= 1 ? 'pixel' : 'pixels'}`;
  if (layout.kind !== 'path') {
    return surround === 'cyclic'
      ? `Both views are the same window${which}, rolled with wrap-around.`
      : `Both views show the same picture${which} at two ${layout.kind === 'grid' ? 'neighbouring ' : ''}positions.`;
  }
  const along = layout.axis.replace(/^shift /, '').replace(/, pixels$/, '');
  if (surround === 'cyclic') {
    return `The second view is the first one rolled by ${distance} ${along}${which}; what leaves on one side comes back on the other.`;
  }
  if (surround === 'crop' || surround === 'random-crop') {
    return `Both windows are cut from the same picture${which}, the second ${distance} further ${along}.`;
  }
  return `Both views hold the same object before the same ground${which}; in the second it lies ${distance} further ${along}.`;
}
