// Where invariance is lost: non-shiftability against depth beside the structure, the steps that lose it, the film strip of
// feature maps, the local equivariance error. Azulay & Weiss (JMLR 2019); Gruver et al. (ICLR 2023).
import { grouped, percent } from '../format.js';
import { dataTable, markup, table, type Html } from '../html.js';
import { layerParts } from '../layer-parts.js';
import { LAYER_ESTIMATES } from '../layer-tables.js';
import type { Facts } from '../facts.js';
import { modelMark } from '../model-mark.js';
import { shiftOptions } from '../words.js';
import { segments, slots, type Drawings, type SectionMaker } from './section.js';

export const layers: SectionMaker = (facts, drawings) => {
  const { models, names } = facts;
  if (!models.some((model) => model.layers)) return null;
  const parts = layerParts(names[0] ?? '', models[0]?.layers ?? null);
  const name = markup`<span class="model-name">${modelMark(names[0] ?? '')}</span>`;
  const content = markup`<h2>Where invariance is lost</h2>
    <p class="lead">${lead(facts)}</p>
    <p class="second finding" id="layers-finding" aria-live="polite">${parts['layers-finding']}</p>
    <div id="layers-body" class="${models[0]?.layers ? '' : 'empty'}">
      <figure class="panel depth">
        <figcaption>
          Non-shiftable maps of ${name}<span class="soft">${depthCaption(facts)}</span
          ><span class="soft narrow">Right of each name: ÷ subsampling factor · receptive field</span>
        </figcaption>
        ${slots(drawings, 'depth')}
      </figure>
      <p class="foot">
        <span id="layers-notes">${parts['layers-notes']}</span> The figure orders the layers within a model; it does not
        rank models: one that ends as high may change its answer far less often.
      </p>
      <div id="layers-details">
        ${dataTable('layers', markup`<div id="layers-table">${parts['layers-table']}</div>${meanings()}`)}
      </div>
      ${lossesBlock(drawings, parts['layers-losses'])} ${filmBlock(facts)} ${localBlock(facts, drawings, parts['layers-local'], parts['layers-local-table'])}
    </div>`;
  return { id: 'layers', nav: 'Layers', content };
};

/** What is counted, and why subsampling is where to look. */
function lead({ input: { result } }: Facts): Html {
  const { protocol } = result;
  const shifts = shiftOptions(protocol) !== null;
  const [over, moves] = shifts
    ? ['over the shifts', 'while the object moves']
    : ['over the views', 'from view to view'];
  const threshold = protocol.layers?.threshold ?? 0;
  const maps = protocol.layers?.maps ?? null;
  const which = maps === null ? 'all maps of a layer' : `${grouped(maps)} maps of each layer, drawn at random`;
  return markup`A feature map is shiftable if its sum over all places stays put ${moves}. A layer’s
    <b>non-shiftability</b> is the share of its maps whose sum leaves its mean ${over} by more than
    ${percent(threshold, 0)} (${which}).
    ${shifts ? 'Convolution is equivariant: move what goes in and the maps move along, their sums unchanged. Subsampling is not: which places are kept depends on where the object lies (Azulay & Weiss, JMLR 2019).' : null}`;
}

function depthCaption({ models, names }: Facts): string {
  const band = 'from the picture at the top to the answer at the bottom, with 95\u202f% bands';
  const several = models.filter(({ layers: seen }) => seen).length > 1 && names.length > 1;
  return several
    ? `${band}; grey: the other models, layers without negative values at equal steps of their own depth`
    : band;
}

function meanings(): Html {
  return table(
    'What the columns are',
    ['Column', 'Meaning'],
    [
      ['Factor', 'pixels of the picture from one place of a map to the next'],
      ['Field', 'receptive field: pixels of the picture that one place sees'],
      ...LAYER_ESTIMATES.map(({ title, meaning }) => [title, meaning]),
      ['Quiet maps', 'maps close to zero, which don’t count: their mean number a picture'],
      ['Signed', 'whether maps have negative values'],
      ['In the curve', 'whether the layer was asked for; others are there to be compared across a subsampling step'],
    ],
  );
}

function lossesBlock(drawings: Drawings, losses: Html): Html | null {
  const chart = drawings.has('losses');
  return markup`<div id="losses-block">
    <h3>Which step loses it</h3>
    <p class="caption">
      Every step that subsamples: share of non-shiftable maps in the layer before it (hollow), after it (filled) and at
      the end of the stage that it begins (tick): what a stride folds over shows in sums only behind the non-linearities
      that follow. Rises are in percentage points with 95 % intervals, bold where those miss zero.
    </p>
    ${chart ? markup`<figure class="panel losses">${slots(drawings, 'losses')}</figure>` : null}
    ${dataTable('subsampling steps', markup`<div id="layers-losses">${losses}</div>`)}
  </div>`;
}

/** The strip itself is drawn by the page's script. */
function filmBlock({ input, names }: Facts): Html | null {
  if (names.every((name) => (input.shown.strips[name] ?? []).length === 0)) return null;
  const threshold = input.result.protocol.layers?.threshold ?? 0;
  const kinds = [
    { value: 'least steady', text: 'least steady' },
    { value: 'middle', text: 'middle' },
    { value: 'steadiest', text: 'steadiest' },
  ];
  return markup`<div id="film-block">
    <h3>What the maps see</h3>
    <p class="caption">
      One map a layer, view by view: black is its lowest value over the views, white its highest. The curve is the map’s
      sum relative to its mean, the number the sum; the band is ±${percent(threshold, 0)}, and a map that leaves it at
      any view is not shiftable.
    </p>
    <div class="controls film-controls">
      <label class="soft" for="film-picture">Picture</label><select id="film-picture"></select>
      ${segments('film-map', 'Map of each layer', kinds, 'least steady')}
    </div>
    <div
      class="scroll film-scroll"
      tabindex="0"
      role="region"
      aria-label="Film strip of feature maps, scrolls sideways on small screens"
    >
      <div id="film" class="film"></div>
    </div>
    <p class="foot" id="film-note"></p>
    ${dataTable('sums of maps', markup`<table id="film-table"></table>`)}
  </div>`;
}

function localBlock({ models }: Facts, drawings: Drawings, words: Html, steps: Html): Html | null {
  const asked = models.some(
    ({ layers: seen }) => seen && !('unavailable' in seen.local && seen.local.unavailable === 'not asked for'),
  );
  if (!asked) return null;
  return markup`<h3>What makes it so</h3>
    <p class="caption">
      The local equivariance error of the output: how fast it changes when the picture is moved by a fraction of a pixel
      and the maps are moved back, step by step, with its three causes told apart (Gruver et al., ICLR 2023).
      <span id="layers-local">${words}</span>
    </p>
    <div id="local-figure">
      <figure class="panel local">${slots(drawings, 'local')}</figure>
      ${dataTable('local equivariance error', markup`<div id="layers-local-table">${steps}</div>`)}
    </div>`;
}
