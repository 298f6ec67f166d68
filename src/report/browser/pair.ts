// The pair of views of the chosen picture: both windows, what they say, the blink comparator, the picker.
import { counted, percent } from '../format.js';
import { markup, trusted } from '../html.js';
import { pairSentence, pathSentence } from '../picture-words.js';
import { byTelling, changesOf, tellingStep } from '../steps.js';
import { crop, sharpen } from './crop.js';
import { find, findSelect, onClick, radios, show } from './elements.js';
import {
  className,
  data,
  modelName,
  onChange,
  pairsOf,
  pictureName,
  placeOf,
  selectPicture,
  state,
  trackOf,
} from './page-state.js';

/** By model: its pictures, most telling first. */
const ranked = data.models.map((_, model) =>
  data.pictures
    .flatMap((_, picture) => {
      const track = trackOf(model, picture);
      if (!track) return [];
      const pairs = pairsOf(track);
      const step = tellingStep({ ...track, pairs });
      return [{ picture, step, changes: changesOf({ top: track.top, pairs }) }];
    })
    .sort(byTelling),
);

function showPair(): void {
  const { model, picture, from, to } = state;
  const track = trackOf(model, picture);
  if (!track) {
    show('pair', '');
    show('pair-text', markup`<p>${modelName(model)} has no answer for ${pictureName(picture)}.</p>`);
    return;
  }
  const { words, layout } = data;
  const known = track.label !== null;
  const seen = (view: number): { answer: string | null; p: number | null } => ({
    answer: className(model, track.top[view] ?? null),
    p: track.p[view] ?? null,
  });
  const focus = className(model, track.focus) ?? '';
  show(
    'pair',
    markup`${[from, to].map((view, second) => {
      const { answer } = seen(view);
      const place = placeOf(track, view);
      const where = second && layout.kind === 'path' ? words.further : `${layout.noun} ${place}`;
      const tone = track.top[view] === track.focus ? 'is-right' : 'is-wrong';
      const said =
        answer === null
          ? markup`<b class="soft">no answer</b>`
          : markup`<b class="${tone}">${answer}</b> <span class="num">${percent(track.q[view] ?? null, 0)}</span>`;
      return markup`<figure>
        ${crop(model, picture, view, `${pictureName(picture)}, ${layout.noun} ${place}`)}
        <figcaption><span class="where">${where}</span>${said}</figcaption>
      </figure>`;
    })}`,
  );
  const pairs = pairsOf(track);
  const answered = track.top.filter((top) => top !== null);
  const counts = {
    steps: pairs.length,
    views: track.p.length,
    changes: changesOf({ top: track.top, pairs }),
    others: answered.filter((top) => top !== track.focus).length,
    missing: track.top.length - answered.length,
  };
  show(
    'pair-text',
    markup`<p>${pairSentence(seen(from), seen(to), focus, words, known)}</p>
      ${track.p.length > 2 ? markup`<p class="soft">${pathSentence(counts, known, layout.noun === 'shift' ? 'position' : layout.noun)}</p>` : null}`,
  );
  showPairPicker(pairs, track.top);
  const select = findSelect('picture-select');
  if (select) select.value = String(picture);
  const pair = find('pair');
  if (pair) sharpen(pair);
}

/** Random pairs: one button a pair, where a picture has several. */
function showPairPicker(pairs: readonly (readonly [number, number])[], top: readonly (number | null)[]): void {
  if (data.layout.kind !== 'pairs' || pairs.length < 2) {
    show('pair-picker', '');
    return;
  }
  const label = ([a, b]: readonly [number, number]): string =>
    top[a] !== null && top[b] !== null && top[a] !== top[b] ? 'changes' : 'stays';
  show(
    'pair-picker',
    markup`<fieldset class="segments">
      <legend>Pair</legend>
      ${pairs.map((pair, i) => {
        const on = pair[0] === state.from && pair[1] === state.to;
        return markup`<label
          ><input type="radio" name="pair" value="${i}" ${on ? trusted(' checked') : ''} /><span
            >${i + 1}: ${label(pair)}</span
          ></label
        >`;
      })}
    </fieldset>`,
  );
  for (const input of radios('pair')) {
    input.addEventListener('change', () => {
      selectPicture(state.picture, pairs[Number(input.value)]);
      find('pair-picker')?.querySelector<HTMLInputElement>(':checked')?.focus();
    });
  }
}

function showPicker(): void {
  show(
    'picture-select',
    markup`${(ranked[state.model] ?? []).map(
      ({ picture, changes }) =>
        markup`<option value="${picture}">${pictureName(picture)} (${counted(changes, 'change')})</option>`,
    )}`,
  );
}

function step(by: number): void {
  const list = ranked[state.model] ?? [];
  const at = list.findIndex(({ picture }) => picture === state.picture);
  const next = list[(at + by + list.length) % list.length];
  if (next) selectPicture(next.picture);
}

let blinking: ReturnType<typeof setInterval> | null = null;

/** Both views in one place in turn, as astronomers compare plates: only while asked for. */
export function blink(on: boolean): void {
  if (blinking !== null) clearInterval(blinking);
  const pair = find('pair');
  find('blink')?.setAttribute('aria-pressed', String(on));
  pair?.classList.toggle('blinking', on);
  pair?.classList.remove('odd');
  blinking = on ? setInterval(() => pair?.classList.toggle('odd'), 500) : null;
}

export function startPair(): void {
  onChange((change) => {
    if (change === 'model') showPicker();
    if (change === 'picture') showPair();
  });
  findSelect('picture-select')?.addEventListener('change', (event) =>
    selectPicture(Number((event.target as HTMLSelectElement).value)),
  );
  onClick('previous', () => step(-1));
  onClick('next', () => step(1));
  onClick('blink', () => blink(blinking === null));
}
