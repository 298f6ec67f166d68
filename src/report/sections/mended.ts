// The pictures that one model mends and those it breaks, against the reference; the page's script draws them.
import { markup } from '../html.js';
import { modelMark } from '../model-mark.js';
import { segments, type SectionMaker } from './section.js';

/** Beyond this many other models they are chosen from a menu. */
const MOST_BUTTONS = 6;

export const mended: SectionMaker = ({ input, names, words, layout }) => {
  const [reference = '', ...others] = names;
  const { changed } = input.shown;
  const any = others.some((name) => {
    const counts = changed[name]?.counts;
    return counts !== undefined && counts.mended + counts.broken > 0;
  });
  if (!any) return null;
  const options = others.map((text, i) => ({ value: String(i + 1), text }));
  const choice =
    others.length > MOST_BUTTONS
      ? markup`<p class="controls">
          <label class="soft" for="mended-select">Model</label>
          <select id="mended-select">
            ${options.map(({ value, text }) => markup`<option value="${value}">${text}</option>`)}
          </select>
        </p>`
      : segments('mended', 'Model', options, '1', 'models');
  const strip =
    layout.kind === 'path'
      ? ` A band is a ${layout.noun} each from ${layout.places[0] ?? ''} to ${layout.places.at(-1) ?? ''}: blue where ${words.focus} wins, orange where another does.`
      : '';
  const content = markup`<h2>Mended and broken</h2>
    <p class="lead">
      Pictures that change their answer at fewer steps than under <span class="mn">${modelMark(reference)}</span>, and
      those at more.${strip}
    </p>
    ${others.length > 1 ? choice : null}
    <div id="mended-pictures" class="mendings" data-first="1"></div>`;
  return { id: 'mended', nav: 'Mended', content };
};
