// Maps over positions: that of the chosen picture, where a cell is compared with the reference, and the maps of means.
import { pictureMapRows } from '../charts/rows.js';
import { percent } from '../format.js';
import { markup, type Html } from '../html.js';
import { crop } from './crop.js';
import { datumOf, draw, hover, type Drawn } from './draw.js';
import { arrow, clamp, find, findSelect, show } from './elements.js';
import { changed, className, data, onChange, placeOf, selectPicture, state, trackOf } from './page-state.js';

function startPictureMap(): void {
  const element = find('picture-map');
  const { layout } = data;
  if (!element || layout.kind !== 'grid') return;
  const chart = draw(element, 'picture-map');
  onChange((change) => {
    const track = trackOf(state.model, state.picture);
    if (change !== 'picture' || !track) return;
    show('map-focus', className(state.model, track.focus) ?? '');
    chart.view.data('cells', pictureMapRows(layout, track)).signal('from', state.from).signal('to', state.to).run();
  });
  const choose = (view: number): void => selectPicture(state.picture, [layout.reference, view]);
  hover(chart.view, (datum) => ('view' in datum ? viewWords(Number(datum['view'])) : null));
  chart.view.addEventListener('click', (_, item) => {
    const datum = datumOf(item);
    if (datum && 'view' in datum) choose(Number(datum['view']));
  });
  element.addEventListener('keydown', (event) => {
    const by = arrow(event.key);
    if (!by) return;
    event.preventDefault();
    const [x = 0, y = 0] = layout.cells[state.to] ?? [];
    const wanted = [clamp(x + by[0], 0, layout.xs.length - 1), clamp(y + by[1], 0, layout.ys.length - 1)];
    const view = layout.cells.findIndex(([cx, cy]) => cx === wanted[0] && cy === wanted[1]);
    if (view >= 0) choose(view);
  });
}

function viewWords(view: number): Html | null {
  const track = trackOf(state.model, state.picture);
  if (!track) return null;
  const top = track.top[view] ?? null;
  const tone = top === track.focus ? 'is-right' : 'is-wrong';
  return markup`${crop(state.model, state.picture, view)}<span
      >${placeOf(track, view)}: ${percent(track.p[view] ?? null, 0)}<br /><span class="${tone}"
        >says ${className(state.model, top) ?? 'nothing'}</span
      ></span
    >`;
}

function startMeans(side: 'left' | 'right'): Drawn | null {
  const element = find(`map-${side}`);
  if (!element || !data.positions) return null;
  const chart = draw(element, 'position-map');
  hover(chart.view, (datum) =>
    typeof datum['place'] === 'string'
      ? markup`<span
          ><b>${datum['place']}</b
          ><br />${percent(Number(datum['value']))}${typeof datum['accuracy'] === 'number' ? markup`<br /><span class="soft">accuracy ${percent(datum['accuracy'])}</span>` : null}</span
        >`
      : null,
  );
  findSelect(`map-${side}-model`)?.addEventListener('change', (event) => {
    state[side] = Number((event.target as HTMLSelectElement).value);
    changed('heat');
  });
  return chart;
}

export function startMaps(): void {
  startPictureMap();
  const sides = (['left', 'right'] as const).map((side) => ({ side, chart: startMeans(side) }));
  onChange((change) => {
    if (change !== 'heat') return;
    for (const { side, chart } of sides) {
      chart?.view.data('cells', [...(data.positions?.[state[side]] ?? [])]).run();
      const select = findSelect(`map-${side}-model`);
      if (select) select.value = String(state[side]);
    }
  });
}
