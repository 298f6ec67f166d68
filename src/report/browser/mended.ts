// The pictures that a model mends and breaks against the first: a window, both models' answers along the views, counts.
import { counted } from '../format.js';
import { markup, type Html } from '../html.js';
import { modelMark } from '../model-mark.js';
import { changesOf } from '../steps.js';
import type { PageTrack } from '../page-data.js';
import { crop, sharpen } from './crop.js';
import { find, findSelect, radios, show } from './elements.js';
import { className, data, modelName, pairsOf, pictureName, tellingPair, trackOf } from './page-state.js';

/** Answers along a path as cells: the followed class's, another's, or none. */
function band(track: PageTrack): Html {
  return markup`<span class="band" aria-hidden="true"
    >${track.top.map((top) => markup`<i class="${top === null ? 'none' : top === track.focus ? 'right' : 'wrong'}"></i>`)}</span
  >`;
}

function line(model: number, track: PageTrack | null): Html | null {
  if (!track) return null;
  const changes = changesOf({ top: track.top, pairs: pairsOf(track) });
  return markup`<span class="answers"
    ><span class="soft">${modelMark(modelName(model))}: ${counted(changes, 'change')}</span>${
      data.layout.kind === 'path' ? band(track) : null
    }</span
  >`;
}

function card(model: number, picture: number): Html {
  const before = trackOf(0, picture);
  const [from] = tellingPair(0, picture);
  const view = data.layout.kind === 'path' ? data.layout.reference : from;
  const focus = before === null ? null : className(0, before.focus);
  return markup`<li>
    ${crop(0, picture, view, pictureName(picture))}
    <span class="card"
      ><b>${pictureName(picture)}</b>${
        focus === null || focus === pictureName(picture) ? null : markup`<span class="soft">${focus}</span>`
      }${line(0, before)}${line(model, trackOf(model, picture))}</span
    >
  </li>`;
}

function list(title: string, model: number, pictures: readonly number[], count: number): Html {
  const shown = pictures.length < count ? `, the first ${pictures.length}` : '';
  return markup`<div>
    <h3>${title} <span class="soft">${counted(count, 'picture')}${shown}</span></h3>
    <ol class="mending">
      ${pictures.map((picture) => card(model, picture))}
    </ol>
  </div>`;
}

function showMended(model: number): void {
  const found = data.changed[model];
  if (!found) return;
  const { mended, broken, counts } = found;
  show(
    'mended-pictures',
    markup`${list('Steadier', model, mended, counts.mended)}${list('Less steady', model, broken, counts.broken)}`,
  );
  const element = find('mended-pictures');
  if (element) sharpen(element);
}

export function startMended(): void {
  if (!find('mended-pictures')) return;
  for (const input of radios('mended')) input.addEventListener('change', () => showMended(Number(input.value)));
  findSelect('mended-select')?.addEventListener('change', (event) =>
    showMended(Number((event.target as HTMLSelectElement).value)),
  );
  showMended(1);
}
