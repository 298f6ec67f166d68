// Words beside the charts that follow the class chosen in the page: written when it is built, and again by its script.
import type { ClassResult, DatasetResult } from '../../core/dataset.js';
import { percent } from '../../metrics/words.js';
import { narrow } from '../format.js';
import { markup, type Html } from '../html.js';
import { rampKey } from '../sections/section.js';
import { RAMP_STEPS } from '../theme.js';
import { densityTop } from './charts.js';
import { nounsOf, shareText, testText } from './words.js';

/** Key of both maps. */
export function densityKey(shown: ClassResult): Html {
  return rampKey('Density, times uniform', '0', `${densityTop(shown).toFixed(1)} ×`, RAMP_STEPS);
}

/** What the chosen class's numbers are. */
export function shownWords(shown: ClassResult, result: DatasetResult): Html {
  const { boxes, centres, extents } = nounsOf(result);
  const { position, sizeAware, extent, cropped } = shown;
  const reason = 'unavailable' in position.test ? ` Not tested: ${position.test.unavailable}.` : '';
  const p =
    'unavailable' in position.test
      ? ''
      : ` p: position ${testText(position.test)}, size allowed for ${testText(sizeAware.test)}, ${extents} ${testText(extent.test)}; after the crop ${testText(cropped.position.test)} and ${testText(cropped.extent.test)}.`;
  const text = `${shown.boxes.toLocaleString('en-US')} ${boxes}; ${shareText(position.middle)} of their ${centres} in the middle ninth (framed), uniform would be ${percent(1 / 9)}; after a random crop ${shareText(cropped.position.middle)} of those still visible.${p}${reason}`;
  return markup`<b>${shown.name}</b>: ${narrow(text)}`;
}
