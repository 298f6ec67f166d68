// The least steady pictures of the model under study, by the range of the followed class's probability.
import { curveRows } from '../charts/rows.js';
import { GALLERY } from '../gallery-size.js';
import { counted, percent } from '../format.js';
import { markup } from '../html.js';
import { changesOf, spanOf } from '../steps.js';
import { crop, sharpen } from './crop.js';
import { discard, draw, type Drawn } from './draw.js';
import { all, find, show } from './elements.js';
import { data, onChange, pairsOf, pictureName, selectPicture, state, tellingPair, trackOf } from './page-state.js';

let sparklines: Drawn[] = [];

function showGallery(): void {
  const { model } = state;
  const least = data.pictures
    .flatMap((_, picture) => {
      const track = trackOf(model, picture);
      return track ? [{ picture, track, ...spanOf(track.p) }] : [];
    })
    .sort((a, b) => b.high - b.low - (a.high - a.low))
    .slice(0, GALLERY);
  const path = data.layout.kind === 'path';
  show(
    'gallery',
    markup`${least.map(({ picture, track, low, high }) => {
      const changes = changesOf({ top: track.top, pairs: pairsOf(track) });
      const [from, to] = tellingPair(model, picture);
      const reference = data.layout.kind === 'path' ? data.layout.reference : from;
      const views = path ? [reference] : [from, to];
      return markup`<li>
        <button
          type="button"
          data-picture="${picture}"
          aria-pressed="${String(picture === state.picture)}"
          class="${path ? '' : 'two'}"
        >
          ${views.map((view) => crop(model, picture, view))}<span class="card"
            ><b>${pictureName(picture)}</b
            ><span class="soft">${Math.round(100 * low)}–${percent(high, 0)}, ${counted(changes, 'change')}</span
            >${path ? markup`<span class="spark" data-picture="${picture}"></span>` : null}</span
          >
        </button>
      </li>`;
    })}`,
  );
  for (const chart of sparklines) discard(chart);
  sparklines = all('.spark').map((element) => {
    const chart = draw(element, 'sparkline');
    const track = trackOf(model, Number(element.dataset['picture']));
    if (track) chart.view.data('views', curveRows(track)).run();
    return chart;
  });
  const gallery = find('gallery');
  if (gallery) sharpen(gallery);
}

function markChosen(): void {
  for (const button of all('#gallery button')) {
    button.setAttribute('aria-pressed', String(Number(button.dataset['picture']) === state.picture));
  }
}

export function startGallery(): void {
  const gallery = find('gallery');
  if (!gallery) return;
  onChange((change) => {
    if (change === 'model') showGallery();
    if (change === 'picture') markChosen();
  });
  gallery.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLElement>('button');
    if (!button) return;
    selectPicture(Number(button.dataset['picture']));
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    find('picture')?.scrollIntoView({ behavior: still ? 'auto' : 'smooth' });
    find('picture-select')?.focus({ preventScroll: true });
  });
}
