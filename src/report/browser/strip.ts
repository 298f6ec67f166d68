// The film strip of a path: the curve, the frames, the answers joined to bands, and their table.
import { curveRows } from '../charts/rows.js';
import { percent } from '../format.js';
import { markup, type Html } from '../html.js';
import { crop } from './crop.js';
import { draw, type Drawn } from './draw.js';
import { arrow, clamp, find, show } from './elements.js';
import type { PageTrack } from '../page-data.js';
import { className, data, onChange, placeOf, selectPicture, state, trackOf } from './page-state.js';

let curve: Drawn | null = null;

function showStrip(): void {
  const { model, picture, from, to } = state;
  const track = trackOf(model, picture);
  if (!track) return;
  const name = (index: number | null): string => className(model, index) ?? 'no answer';
  show('strip-table', stripTable(track, name));
  if (data.layout.kind !== 'path') return;
  curve?.view.data('views', curveRows(track)).signal('from', Math.min(from, to)).signal('to', Math.max(from, to)).run();
  show('key', key(name(track.focus)));
  show(
    'frames',
    markup`${track.p.map((_, view) => {
      const on = view === from || view === to;
      const label = `${data.layout.noun} ${placeOf(track, view)}: ${name(track.top[view] ?? null)}, ${percent(track.q[view] ?? null, 0)}`;
      return markup`<button
        type="button"
        role="radio"
        aria-checked="${String(view === from)}"
        tabindex="${view === from ? 0 : -1}"
        class="${on ? 'on' : ''}"
        data-view="${view}"
        aria-label="${label}"
      >
        ${crop(model, picture, view)}<span class="shift">${placeOf(track, view)}</span>
      </button>`;
    })}`,
  );
  show(
    'runs',
    markup`${bands(track.top).map(({ top, start, length }) => {
      const tone = top === null ? 'none' : top === track.focus ? 'right' : 'wrong';
      return markup`<span class="run ${tone}" style="grid-column:${start + 1}/span ${length}"
        ><span>${name(top)}</span></span
      >`;
    })}`,
  );
  show(
    'probabilities',
    markup`${track.q.map((q, view) => {
      const tone = q === null ? 'soft' : track.top[view] === track.focus ? 'is-right' : 'is-wrong';
      return markup`<span class="${tone}">${q === null ? '–' : Math.round(100 * q)}</span>`;
    })}`,
  );
  bringIntoView();
}

/** Neighbouring views with the same answer, as one band. */
function bands(top: readonly (number | null)[]): { top: number | null; start: number; length: number }[] {
  const found: { top: number | null; start: number; length: number }[] = [];
  top.forEach((winner, view) => {
    const last = found.at(-1);
    if (last && last.top === winner) last.length++;
    else found.push({ top: winner, start: view, length: 1 });
  });
  return found;
}

function key(focus: string): Html {
  const { words } = data;
  const other = words.labelled ? 'the wrong class that wins there' : 'the class that wins there';
  return markup`<span><i class="line"></i>Probability of <b>${focus}</b>, ${words.focus}</span
    ><span><i class="dot"></i>where it wins</span><span><i class="dot hollow"></i>where it loses</span
    ><span><i class="dot wrong"></i>${other}</span>`;
}

function stripTable(track: PageTrack, name: (index: number | null) => string): Html {
  const head = [data.layout.noun, 'Top-1', 'Its probability', `Probability of ${name(track.focus)}`];
  return markup`<thead>
      <tr>
        ${head.map((text) => markup`<th scope="col">${text}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${track.p.map(
        (p, view) =>
          markup`<tr>
            <th scope="row">${placeOf(track, view)}</th>
            <td>${name(track.top[view] ?? null)}</td>
            <td>${percent(track.q[view] ?? null)}</td>
            <td>${percent(p)}</td>
          </tr>`,
      )}
    </tbody>`;
}

/** On a small screen the strip scrolls sideways: the chosen pair goes to its middle. */
function bringIntoView(): void {
  const scroller = find('strip-scroll');
  const chosen = find('frames')?.querySelector<HTMLElement>('.on');
  if (!scroller || !chosen || scroller.scrollWidth <= scroller.clientWidth) return;
  const offset = chosen.getBoundingClientRect().left - scroller.getBoundingClientRect().left;
  scroller.scrollLeft += offset - scroller.clientWidth / 2 + chosen.clientWidth;
}

function choose(view: number): void {
  const last = (trackOf(state.model, state.picture)?.p.length ?? 2) - 2;
  const from = clamp(view, 0, last);
  selectPicture(state.picture, [from, from + 1]);
  find('frames')?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
}

export function startStrip(): void {
  const element = document.querySelector<HTMLElement>('[data-chart="curve"]');
  if (element) curve = draw(element, 'curve');
  onChange((change) => {
    if (change === 'picture') showStrip();
  });
  const frames = find('frames');
  frames?.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLElement>('button');
    if (button) choose(Number(button.dataset['view']));
  });
  frames?.addEventListener('keydown', (event) => {
    const by = arrow(event.key);
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? Infinity : by ? state.from + by[0] + by[1] : null;
    if (to === null) return;
    event.preventDefault();
    choose(to);
  });
}
