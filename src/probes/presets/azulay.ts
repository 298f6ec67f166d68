// The protocols of Azulay & Weiss (JMLR 2019), Figures 2 and 3 and their published script.
import type { ShiftInput } from '../shift/options.js';
import { publishedValues, type Preset } from './preset.js';

const SOURCE =
  'A. Azulay and Y. Weiss: Why do deep convolutional networks generalize so poorly to small image transformations? JMLR 20(184), 2019';

/** Windows at corners (c, c), c = 0 … 8, of a random crop resized to 10 px more than the input. */
function crop(share: number): ShiftInput {
  return {
    surround: 'random-crop',
    share,
    aspect: [3 / 4, 4 / 3],
    margin: 10,
    path: 'diagonal',
    reach: 4,
    order: 'descending',
  };
}

/** The centre square at side floor(input / s), 9 places from floor((input − side − 1) / 2) − 4 on. */
function embedded(s: number, surround: 'fill-mean' | 'fill-inpaint' = 'fill-mean'): ShiftInput {
  const object = { of: 'centre-square', size: { share: 1 / s } } as const;
  return { surround, object, anchor: 'before-centre', path: 'diagonal', reach: 4, order: 'ascending' };
}

export const azulayCrop: Preset = {
  name: 'azulay-crop',
  title: 'Windows of a random crop, one pixel apart',
  summary:
    'A random crop of 0.7 of the area, aspect 3/4 to 4/3, is resized to 10 px more than the input a side; windows at (c, c), c = 0 … 8, make 8 pairs. New content enters at the edges.',
  source: SOURCE,
  published: [
    ...publishedValues('top1Change', { VGG16: 0.062, ResNet50: 0.061, DenseNet121: 0.068 }),
    ...publishedValues('meanAbsoluteChange', { VGG16: 0.038, ResNet50: 0.04, DenseNet121: 0.045 }),
  ],
  probe: { name: 'shift', options: crop(0.7) },
};

export const azulayMean: Preset = {
  name: 'azulay-mean',
  title: 'A small picture moved over the mean colour',
  summary:
    "The centre square is resized to 1/1.6 of the input and placed at 9 places one pixel apart along the diagonal; the rest is the colour that is zero after the model's normalisation. Nothing enters or leaves.",
  source: SOURCE,
  published: [
    ...publishedValues('top1Change', { VGG16: 0.18, ResNet50: 0.2, DenseNet121: 0.19 }),
    ...publishedValues('meanAbsoluteChange', { VGG16: 0.06, ResNet50: 0.086, DenseNet121: 0.079 }),
  ],
  probe: { name: 'shift', options: embedded(1.6) },
};

export const azulayInpaint: Preset = {
  name: 'azulay-inpaint',
  title: 'A small picture moved over its inpainted surround',
  summary:
    'The centre square is resized to 1/1.6 of the input and placed at 9 places one pixel apart along the diagonal; the rest is filled by blurring the picture into it, again and again, until it is smooth. Nothing enters or leaves, and no edge stands round the picture.',
  source: SOURCE,
  published: [],
  probe: { name: 'shift', options: embedded(1.6, 'fill-inpaint') },
};

export const azulaySweep: Preset = {
  name: 'azulay-sweep',
  title: 'Both of them against the size of the object',
  summary:
    'Random crops of 0.1, 0.4, 0.7 and 1.0 of the area, then the centre square at 1/1.3, 1/1.6 and 1/1.9 of the input on the mean colour: change, mean absolute change and accuracy as curves.',
  source: SOURCE,
  published: [],
  probe: {
    name: 'shift-sweep',
    options: {
      steps: [
        ...[0.1, 0.4, 0.7, 1].map((share) => ({ at: { share, surround: 'crop' }, shift: crop(share) })),
        ...[1.3, 1.6, 1.9].map((share) => ({ at: { share, surround: 'mean' }, shift: embedded(share) })),
      ],
    },
  },
};
