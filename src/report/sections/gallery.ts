// The least steady pictures of the model under study.
import { markup } from '../html.js';
import { modelMark } from '../model-mark.js';
import type { SectionMaker } from './section.js';

export const gallery: SectionMaker = ({ pictures, layout, words, names }) => {
  if (pictures.length < 2) return null;
  const model = markup`<span class="model-name">${modelMark(names[0] ?? '')}</span>`;
  const curve =
    layout.kind === 'path'
      ? markup` Each curve runs from ${layout.places[0]} to ${layout.places.at(-1)} and from 0 to 100 %; orange dots are
        ${words.labelled ? 'wrong' : 'other'} answers.`
      : layout.kind === 'pairs'
        ? ' Both views of the pair with the largest change are shown.'
        : ' The two neighbouring positions with the largest change are shown.';
  const content = markup`<h2>The least steady pictures</h2>
    <p class="lead">For ${model}: the widest swing of the probability of ${words.focus} first.${curve}</p>
    <ol id="gallery" class="gallery"></ol>`;
  return { id: 'unstable', nav: 'Least steady', content };
};
