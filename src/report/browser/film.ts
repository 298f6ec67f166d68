// The film strip of feature maps: one map a layer, a column a view, its global sum as a number and a curve.
import { filmLimit, filmPoints, mapOf, sumText, type StripMap } from '../film-rows.js';
import { percent } from '../format.js';
import { markup, trusted, type Html } from '../html.js';
import { shortNames } from '../layer-words.js';
import type { PageStrip } from '../strips.js';
import { crop, sharpen } from './crop.js';
import { find, findSelect, radios, show } from './elements.js';
import { data, modelName, onChange, pictureName, state } from './page-state.js';

/** Height of the curves' own units. */
const UNITS = 100;
let chosen: PageStrip | null = null;

function strips(): readonly PageStrip[] {
  return data.strips[state.model] ?? [];
}

function kind(): string {
  return radios('film-map').find(({ checked }) => checked)?.value ?? 'least steady';
}

function showFilm(): void {
  const select = findSelect('film-picture');
  find('film-block')?.classList.toggle('empty', chosen === null);
  if (!chosen || !select) return;
  const strip = chosen;
  const facts = data.layers[state.model] ?? [];
  const limit = filmLimit(strip, kind(), data.threshold);
  select.value = String(strip.picture);
  const { columns, picture } = strip;
  const seen = columns.some(({ view }) => view !== null);
  const rows = strip.layers.map((layer) => {
    const map = mapOf(layer, kind());
    const name = facts[layer.layer] ?? `layer ${layer.layer + 1}`;
    return { layer, map, name };
  });
  const short = shortNames(
    rows.map(({ name }) => name),
    34,
  );
  show(
    'film',
    markup`<div class="filmhead"></div>
      ${columns.map(({ place }) => markup`<div class="filmplace">${place}</div>`)}
      ${
        seen
          ? markup`<div class="filmhead"><b>picture</b><span class="soft">${pictureName(picture)}</span></div>
              ${columns.map(({ view }) => markup`<div class="cell">${view === null ? null : crop(state.model, picture, view)}</div>`)}`
          : null
      }
      ${rows.map(
        ({ layer, map, name }, row) =>
          markup`<div class="filmhead tall">
              <b title="${name}">${short[row] ?? name}</b>
              <span class="soft">map ${map.channel + 1}, up to ${percent(map.deviation, 0)} off its mean</span>
            </div>
            ${columns.map((_, i) => markup`<div class="cell">${frame(row, i, layer, columns.length)}</div>`)}
            <div class="filmcurve" aria-hidden="true">${curve(map, limit)}</div>
            <div class="filmhead low"><span class="soft">sum</span></div>
            ${map.sums.map((sum) => markup`<div class="filmsum num">${sumText(sum)}</div>`)}`,
      )}`,
  );
  const film = find('film');
  if (film) {
    film.style.setProperty('--n', String(columns.length));
    rows.forEach(({ map }, row) => film.style.setProperty(`--sheet-${row}`, `url("${map.sheet}")`));
    sharpen(film);
  }
  show(
    'film-note',
    `Curves share one scale, from ${percent(-limit, 0).replace('-', '−')} to +${percent(limit, 0)} of each map’s mean; what lies beyond stands at its edge.`,
  );
  show(
    'film-table',
    markup`<caption>
        ${modelName(state.model)}, ${pictureName(picture)}: global sum of the ${kind()} map of each layer
      </caption>
      <thead>
        <tr>
          <th scope="col">Layer</th>
          <th scope="col">Map</th>
          <th scope="col">Largest deviation</th>
          ${columns.map(({ place }) => markup`<th scope="col">${place}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ map, name }) =>
            markup`<tr>
              <th scope="row">${name}</th>
              <td>${map.channel + 1}</td>
              <td>${percent(map.deviation)}</td>
              ${map.sums.map((sum) => markup`<td>${sumText(sum)}</td>`)}
            </tr>`,
        )}
      </tbody>`,
  );
}

/** One view of a row's map: the sheet, moved so that its column shows. */
function frame(
  row: number,
  view: number,
  { width, height }: { readonly width: number; readonly height: number },
  views: number,
): Html {
  const style = `--m:${width};--mh:${height};--cw:${width * views};--ch:${height};--x:${width * view};--y:0;--picture:var(--sheet-${row})`;
  return markup`<span class="crop" style="${style}" aria-hidden="true" data-side="${width}"><i></i></span>`;
}

/** The sums relative to their mean, a point in the middle of each column, over the band of the threshold. */
function curve(map: StripMap, limit: number): Html {
  const points = filmPoints(map, limit);
  const down = (offset: number): number => (UNITS / 2) * (1 - offset / limit);
  const places = points.map((offset, i) => `${(UNITS * (i + 0.5)).toFixed(1)} ${down(offset).toFixed(1)}`);
  const band = Math.min(limit, data.threshold);
  const width = UNITS * points.length;
  return trusted(
    `<svg viewBox="0 0 ${width} ${UNITS}" preserveAspectRatio="none"><rect class="band" x="0" width="${width}" y="${down(band)}" height="${down(-band) - down(band)}"/><path class="mean" d="M0 ${UNITS / 2}H${width}"/><path class="sums" d="M${places.join('L')}"/><path class="points" d="${places.map((place) => `M${place}h0`).join('')}"/></svg>`,
  );
}

function showPictures(): void {
  show(
    'film-picture',
    markup`${strips().map(({ picture }) => markup`<option value="${picture}">${pictureName(picture)}</option>`)}`,
  );
}

export function startFilm(): void {
  if (!find('film')) return;
  onChange((change) => {
    if (change === 'model') {
      showPictures();
      chosen = strips()[0] ?? null;
      showFilm();
    }
    if (change === 'picture') {
      const same = strips().find(({ picture }) => picture === state.picture);
      if (!same || same === chosen) return;
      chosen = same;
      showFilm();
    }
  });
  findSelect('film-picture')?.addEventListener('change', (event) => {
    const picture = Number((event.target as HTMLSelectElement).value);
    chosen = strips().find((strip) => strip.picture === picture) ?? chosen;
    showFilm();
  });
  for (const input of radios('film-map')) input.addEventListener('change', showFilm);
}
