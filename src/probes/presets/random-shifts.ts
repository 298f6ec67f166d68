// Published protocols that compare random or all shifts: Zhang 2019, Chaman & Dokmanić 2021, Michaeli et al. 2023.
import type { ShiftInput } from '../shift/options.js';
import type { Preset } from './preset.js';

const MICHAELI =
  'H. Michaeli, T. Michaeli and D. Soudry: Alias-free convnets: fractional shift invariance via polynomial activations. CVPR 2023';

export const zhang: Preset = {
  name: 'zhang',
  title: 'Consistency of two random windows',
  summary:
    'The shorter side is resized to 256/224 of the input (rounded); two windows have corner offsets uniform in 0 … 31 px (0 … canvas − input − 1 for other inputs), 5 passes. Consistency is the share of pairs with the same answer.',
  source: 'R. Zhang: Making convolutional networks shift-invariant again. ICML 2019',
  published: [],
  probe: {
    name: 'shift',
    options: { surround: 'crop', canvas: { ratio: [256, 224] }, path: 'random-pair', range: 'canvas', repeat: 5 },
  },
};

export const aps: Preset = {
  name: 'aps',
  title: 'Consistency of two random cyclic shifts',
  summary:
    'The centre window is rolled twice, by offsets uniform in −32 … 31 px each way (modulo the side of small inputs). A circularly padded network with adaptive polyphase sampling is exactly consistent.',
  source: 'A. Chaman and I. Dokmanić: Truly shift-invariant convolutional neural networks. CVPR 2021',
  published: [],
  probe: { name: 'shift', options: { surround: 'cyclic', path: 'random-pair', range: [-32, 31] } },
};

export const aliasFree: Preset = {
  name: 'alias-free',
  title: 'The worst of all cyclic shifts',
  summary:
    'The centre window is rolled by every offset of 1 … 31 px each way, 961 views beside the unshifted one; worstAccuracy counts pictures that are right under all of them. Its shifts by fractions of a pixel are alias-free-fractional.',
  source: MICHAELI,
  published: [],
  probe: { name: 'shift', options: { surround: 'cyclic', path: 'grid', range: [1, 31] } },
};

/** Fourier rolls by every pair of offsets from `low` to `high`. */
function fractions(step: number, low: number, high: number, phase?: number): ShiftInput {
  const range = [low, high] as const;
  return { surround: 'cyclic', interpolation: 'fourier', path: 'grid', step, range, ...(phase ? { phase } : {}) };
}

export const aliasFreeFractional: Preset = {
  name: 'alias-free-fractional',
  title: 'The worst of cyclic shifts by fractions of a pixel',
  summary:
    'The centre window is shifted by Fourier phase on a torus: by every pair of 0.5, 1.5 … 30.5 px (961 views), of 1/3 and 2/3 px (4), and of 1/4, 2/4 and 3/4 px (9), each beside the unshifted view. worstAccuracy of the first is the half-pixel grid of the paper, that of the others together its fractional grid of up to fourths.',
  source: MICHAELI,
  published: [],
  probe: {
    name: 'shift-sweep',
    options: {
      steps: [
        { at: { grid: 'half pixels' }, shift: fractions(1, 0, 31, 0.5) },
        { at: { grid: 'thirds' }, shift: fractions(1 / 3, 1 / 3, 2 / 3) },
        { at: { grid: 'fourths' }, shift: fractions(1 / 4, 1 / 4, 3 / 4) },
      ],
    },
  },
};
