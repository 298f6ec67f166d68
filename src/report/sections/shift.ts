// Shifts: how small a one changes the answer, and maps over positions.
import { smallestFlipSentence, pixels } from '../../metrics/smallest-flip-words.js';
import { smallestFlipId } from '../charts/smallest-flip.js';
import { stillMaps, type StillMap } from '../charts/shift-maps.js';
import type { Facts } from '../facts.js';
import { capital, interval, narrow, percent } from '../format.js';
import { dataTable, markup, table, type Html } from '../html.js';
import { modelMark } from '../model-mark.js';
import { RAMP_STEPS } from '../theme.js';
import { optionsOf } from '../words.js';
import { rampKey, slot, whole, type Drawings, type SectionMaker } from './section.js';

/** Models that are put in words; the table has all. */
const MODELS = 4;

export const shift: SectionMaker = (facts, drawings) => {
  if (facts.input.result.protocol.probe.name !== 'shift') return null;
  const sentences = facts.models.flatMap((model) => smallestFlipSentence(model) ?? []);
  const maps = stillMaps(facts);
  if (sentences.length === 0 && maps.length === 0) return null;
  const id = smallestFlipId(facts);
  const content = markup`<h2>How small a shift flips the answer</h2>
    <p class="second">${whole(narrow(sentences[0] ?? ''), facts.names)}</p>
    ${sentences.length > 1 ? markup`<p class="lead">${whole(narrow(sentences.slice(1, MODELS).join(' ')), facts.names)}</p>` : null}
    ${drawings.has(id) ? curve(drawings, id) : null} ${mapsOf(facts, maps, drawings)}
    ${sentences.length > 0 ? dataTable('smallest shifts', quantiles(facts)) : null}`;
  return { id: 'shift', nav: 'Smallest shift', content };
};

function curve(drawings: Drawings, id: string): Html {
  return markup`<div class="panels one">
      <figure class="panel">
        <figcaption>
          Pictures that flip within a distance<span class="soft">lower is better; the worst position of the pictures, by how far it lies</span>
        </figcaption>
        ${slot(drawings, id)}
      </figure>
    </div>
    <p class="foot">
      Of each picture, the nearest view with another answer than the unshifted one, among the views of this run; a curve
      can only rise where views lie. Bands are 95\u202f% intervals (Wilson).
    </p>`;
}

function mapsOf(facts: Facts, maps: readonly StillMap[], drawings: Drawings): Html | null {
  if (maps.length === 0) return null;
  const means = maps.filter(({ picture }) => picture === null);
  const own = maps.filter(({ picture }) => picture !== null);
  const kinds = [...new Set(means.map(({ what }) => what))];
  return markup`<h3>Where the object stands${surroundOf(facts)}</h3>
    ${kinds.map((what) => {
      const some = means.filter((map) => map.what === what);
      const [low, high] = some[0]?.domain ?? [0, 1];
      return markup`<div class="heatbar">${rampKey(`${capital(what)}, all pictures`, percent(low, 0), percent(high, 0), RAMP_STEPS)}</div>
        <div class="panels three">
          ${some.map((map) => figure(drawings, map, modelMark(facts.names[map.model] ?? '')))}
        </div>`;
    })}
    ${
      own.length === 0
        ? null
        : markup`<div class="heatbar">${rampKey(`${capital(own[0]?.what ?? '')}, single pictures under ${facts.names[0] ?? ''}`, '0\u202f%', '100\u202f%', RAMP_STEPS)}</div>
            <p class="foot">A dot marks a position with a wrong answer.</p>
            <div class="panels three">
              ${own.map((map) => figure(drawings, map, facts.pictureNames[map.picture ?? -1] ?? ''))}
            </div>`
    }`;
}

function figure(drawings: Drawings, { id }: StillMap, caption: Html | string): Html {
  return markup`<figure class="panel">
    <figcaption>${caption}</figcaption>
    ${slot(drawings, id)}
  </figure>`;
}

const FILLS: Readonly<Record<string, string>> = {
  'fill-mean': 'the mean colour',
  'fill-black': 'black',
  'fill-edge': 'its edge pixels, continued',
  'fill-reflect': 'its mirror image',
  'fill-inpaint': 'what is blurred out of it',
  'fill-telea': 'what is continued from it (Telea, 2004)',
};

/** ", on the mean colour": only where the surround is filled. */
function surroundOf({ input }: Facts): string {
  const { surround } = optionsOf(input.result.protocol);
  const fill = typeof surround === 'string' ? FILLS[surround] : undefined;
  return fill === undefined ? '' : `, round it ${fill}`;
}

function quantiles({ models }: Facts): Html {
  const known = models.flatMap(({ name, smallestFlip }) => (smallestFlip ? [{ name, smallestFlip }] : []));
  const shares = known[0]?.smallestFlip.largest.quantiles.map(({ share }) => share) ?? [];
  const rows = known.flatMap(({ name, smallestFlip }) =>
    (['largest', 'euclidean'] as const).map((measure) => {
      const { quantiles: found, reach, at } = smallestFlip[measure];
      const last = at.at(-1)?.within;
      return [
        name,
        measure === 'largest' ? 'larger of right and down' : 'length',
        ...found.map(({ distance }) => (distance === null ? `> ${pixels(reach)}` : pixels(distance))),
        last === undefined ? '0\u202f%' : `${percent(last.value)} [${interval(last)}]`,
      ];
    }),
  );
  return table(
    'Distance within which so many pictures flip',
    ['Model', 'Distance', ...shares.map((share) => percent(share, 0)), 'Flip at any distance'],
    rows,
  );
}
