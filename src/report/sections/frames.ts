// Films: how often the answer flips from one frame to the next, with confidence traces and strips of frames. Azulay & Weiss
// (JMLR 2019), section 2; flip probability of ImageNet-P (Hendrycks & Dietterich, ICLR 2019).
import { isEstimate, type MaybeEstimate } from '../../core/estimate.js';
import { traceIds } from '../charts/frames.js';
import { className, type Facts } from '../facts.js';
import { flipsOf, frameOf, shownFilms, stripFrames, type ShownFilm } from '../film-facts.js';
import { counted, estimateText, grouped, percent, ratioText } from '../format.js';
import { dataTable, markup, table, type Html } from '../html.js';
import { modelMark } from '../model-mark.js';
import { isShowable, viewOf, viewsOf } from '../static-views.js';
import type { Track } from '../track.js';
import { slot, type SectionMaker } from './section.js';

export const frames: SectionMaker = (facts, drawings) => {
  const films = shownFilms(facts);
  if (films.length === 0) return null;
  const ids = traceIds(facts);
  const { count: all } = facts.input.result.pictures;
  const chosen =
    films.length < all ? ` Shown: ${counted(films.length, 'film')} of ${grouped(all)}, most flips first.` : '';
  const others = facts.names.length > 1 ? ' Grey lines are the other models.' : '';
  const content = markup`<h2>Frame by frame</h2>
    <p class="lead">
      From one frame to the next next to nothing changes. The flip probability is the share of such steps that change the
      answer: ${facts.models.map((model, i) => markup`${i > 0 ? ', ' : ''}${modelMark(model.name)} ${flipProbability(model.estimates['top1Change'])}`)}.${chosen}${distances(facts)}
    </p>
    <p class="second">
      Curves: probability of ${facts.words.focus} under ${modelMark(facts.names[0] ?? '')}; an upright line is a flip, an orange dot
      the other class that wins.${others}
    </p>
    ${films.map(
      (film, i) =>
        markup`<figure class="panel">
          <figcaption>${film.name}<span class="soft">${captionOf(facts, film)}</span></figcaption>
          ${slot(drawings, ids[i] ?? '')} ${strip(facts, film)}
        </figure>`,
    )}
    ${dataTable('films', markup`${films.map((film) => filmTable(facts, film))}`)}`;
  return { id: 'films', nav: 'Frames', content };
};

/** ImageNet-P's second measure, where it was taken. */
function distances({ models }: Facts): Html | null {
  const known = models.flatMap(({ name, estimates: { top5Distance } }) =>
    isEstimate(top5Distance) ? [markup`${modelMark(name)} ${ratioText(top5Distance)}`] : [],
  );
  return known.length === 0
    ? null
    : markup` Top-5 distance, how far the five likeliest classes are reordered:
      ${known.map((text, i) => markup`${i > 0 ? ', ' : ''}${text}`)}.`;
}

function flipProbability(estimate: MaybeEstimate | undefined): string {
  return isEstimate(estimate) ? estimateText(estimate) : estimate?.value === undefined ? '–' : percent(estimate.value);
}

function captionOf(facts: Facts, { tracks: [track] }: ShownFilm): string {
  if (!track) return '';
  const what = className(facts, 0, track.focus);
  return `${counted(track.p.length, 'frame')}, ${counted(flipsOf(track).length, 'flip')}; followed: ${what}`;
}

/** Frames of the film with their answers. */
function strip(facts: Facts, { picture, name, tracks: [track] }: ShownFilm): Html | null {
  const image = facts.input.images[facts.names[0] ?? '']?.[facts.pictures[picture] ?? ''];
  if (!track || !isShowable(image)) return null;
  const shown = stripFrames(track, (view) => Boolean(image.windows[view]));
  return viewsOf(
    image,
    shown.map(
      (position) =>
        markup`<figure>
          ${viewOf(image, track.views[position] ?? 0, `${name}, frame ${frameOf(track, position)}`)}
          <figcaption><span class="soft">frame ${frameOf(track, position)}</span>${said(facts, track, position)}</figcaption>
        </figure>`,
    ),
  );
}

function said(facts: Facts, track: Track, position: number): Html {
  const top = track.top[position] ?? null;
  if (top === null) return markup`<b class="soft">no answer</b>`;
  return markup`<b class="${top === track.focus ? 'is-right' : 'is-wrong'}">${className(facts, 0, top)}</b>
    <span class="num">${percent(track.q[position] ?? null, 0)}</span>`;
}

function filmTable(facts: Facts, { name, tracks }: ShownFilm): Html {
  const [track] = tracks;
  const answer = (model: number, position: number): string => {
    const top = tracks[model]?.top[position] ?? null;
    return top === null
      ? 'no answer'
      : `${className(facts, model, top)} ${percent(tracks[model]?.q[position] ?? null, 0)}`;
  };
  return table(
    name,
    ['Frame', ...facts.names],
    (track?.views ?? []).map((_, position) => [
      String(frameOf(track as Track, position)),
      ...facts.names.map((__, model) => answer(model, position)),
    ]),
  );
}
