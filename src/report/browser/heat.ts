// The sorted heatmaps: two models side by side, linked to the film strip by clicks and arrow keys.
import { heatCells } from '../charts/rows.js';
import { counted, percent } from '../format.js';
import { markup, type Html } from '../html.js';
import { changesOf } from '../steps.js';
import { crop } from './crop.js';
import { datumOf, draw, hover, type Drawn } from './draw.js';
import { arrow, clamp, find, findSelect, radios, show } from './elements.js';
import {
  changed,
  className,
  data,
  modelName,
  onChange,
  pairsOf,
  pictureName,
  placeOf,
  selectModel,
  selectPicture,
  state,
  trackOf,
} from './page-state.js';

type Side = 'left' | 'right';

const charts = new Map<Side, Drawn>();

function orderOf(side: Side): readonly number[] {
  return data.orders[state.order === 'left' ? state.left : state[side]] ?? [];
}

function showHeat(): void {
  for (const [side, { view }] of charts) {
    const model = state[side];
    const order = orderOf(side);
    view.data('cells', heatCells(order, data.tracks[model] ?? [])).run();
    const tracks = order.flatMap((picture) => trackOf(model, picture) ?? []);
    const changes = tracks.reduce((sum, track) => sum + changesOf({ top: track.top, pairs: pairsOf(track) }), 0);
    const steps = tracks.reduce((sum, track) => sum + track.p.length - 1, 0);
    show(
      `heat-${side}-note`,
      markup`<i class="flip"></i>${counted(changes, 'change')} of answer in ${counted(steps, 'step')}`,
    );
    const select = findSelect(`heat-${side}-model`);
    if (select) select.value = String(model);
  }
}

function mark(): void {
  for (const { view } of charts.values()) {
    view.signal('picture', state.picture).signal('from', Math.min(state.from, state.to)).run();
  }
}

function cellWords(side: Side, datum: Record<string, unknown>): Html | null {
  if (!('flip' in datum)) return null;
  const [model, picture, view] = [state[side], Number(datum['picture']), Number(datum['view'])];
  const track = trackOf(model, picture);
  if (!track) return null;
  const top = track.top[view] ?? null;
  const says =
    top === null
      ? markup`<span class="soft">no answer</span>`
      : markup`<span class="${top === track.focus ? 'is-right' : 'is-wrong'}">says ${className(model, top)}</span>`;
  return markup`${crop(model, picture, view)}<span
      ><b>${pictureName(picture)}</b><br />${data.layout.noun} ${placeOf(track, view)}:
      ${percent(track.p[view] ?? null, 0)}<br />${says}</span
    >`;
}

function choose(side: Side, picture: number, view: number): void {
  const model = state[side];
  const track = trackOf(model, picture);
  if (!track) return;
  if (state.model !== model) selectModel(model, picture);
  const from = clamp(view, 0, track.p.length - 2);
  selectPicture(picture, [from, from + 1]);
  const says = className(model, track.top[view] ?? null) ?? 'no answer';
  show(
    'heat-status',
    markup`Selected: <b>${pictureName(picture)}</b> at ${data.layout.noun} ${placeOf(track, view)}, ${modelName(model)}:
      “${says}”, ${data.words.focus} ${percent(track.p[view] ?? null, 0)}. <a href="#picture">See its film strip</a>`,
  );
}

function startSide(side: Side): void {
  const element = find(`heat-${side}`);
  if (!element) return;
  const chart = draw(element, 'heatmap');
  charts.set(side, chart);
  hover(chart.view, (datum) => cellWords(side, datum));
  chart.view.addEventListener('click', (_, item) => {
    const datum = datumOf(item);
    if (datum && 'flip' in datum) choose(side, Number(datum['picture']), Number(datum['view']));
  });
  element.addEventListener('keydown', (event) => {
    const by = arrow(event.key);
    if (!by) return;
    event.preventDefault();
    const order = orderOf(side);
    const row = clamp(order.indexOf(state.picture) + by[1], 0, order.length - 1);
    choose(side, order[row] ?? state.picture, clamp(state.from + by[0], 0, Infinity));
  });
  findSelect(`heat-${side}-model`)?.addEventListener('change', (event) => {
    state[side] = Number((event.target as HTMLSelectElement).value);
    changed('heat');
  });
}

/** The table of all cells is written when somebody opens it. */
function showTable(): void {
  const model = state.left;
  const places = data.layout.kind === 'path' ? data.layout.places : [];
  show(
    'heat-table',
    markup`<caption>
        ${modelName(model)}: probability of ${data.words.focus} in %, a row a picture
      </caption>
      <thead>
        <tr>
          <th scope="col">Picture</th>
          ${places.map((place) => markup`<th scope="col">${place}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${(data.orders[model] ?? []).map(
          (picture) =>
            markup`<tr>
              <th scope="row">${pictureName(picture)}</th>
              ${(trackOf(model, picture)?.p ?? []).map((p) => markup`<td>${p === null ? '–' : Math.round(100 * p)}</td>`)}
            </tr>`,
        )}
      </tbody>`,
  );
}

export function startHeat(): void {
  startSide('left');
  startSide('right');
  if (charts.size === 0) return;
  for (const input of radios('order')) {
    input.addEventListener('change', () => {
      state.order = input.value === 'own' ? 'own' : 'left';
      changed('heat');
    });
  }
  const details = find('heat-data');
  details?.addEventListener('toggle', showTable);
  onChange((change) => {
    if (change === 'picture') mark();
    if (change !== 'heat') return;
    showHeat();
    mark();
    if (details instanceof HTMLDetailsElement && details.open) showTable();
  });
}
