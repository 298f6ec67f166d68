// Published protocols that turn, move and resize: Engstrom et al. 2019, Hendrycks & Dietterich 2019.
import type { Preset } from './preset.js';

export const spatialGrid: Preset = {
  name: 'spatial-grid',
  title: 'The worst of rotations with translations',
  summary:
    'The model’s centre crop is turned by 31 angles from −30 to 30 degrees and moved by 5 × 5 offsets of up to 24 px for an input of 224 (24/224 of others), bilinear, black outside: 775 views. Besides, from the same ranges, one pose at random and the worst of ten. worstAccuracy of each group is the accuracy under that attack.',
  source:
    'L. Engstrom, B. Tran, D. Tsipras, L. Schmidt and A. Madry: Exploring the landscape of spatial robustness. ICML 2019',
  published: [],
  probe: {
    name: 'spatial',
    options: {
      kernel: 'bilinear',
      border: 'black',
      surround: 'window',
      degrees: 30,
      rotations: 31,
      reach: { ratio: [24, 224] },
      translations: 5,
      draws: 10,
    },
  },
};

export const imagenetP: Preset = {
  name: 'imagenet-p',
  title: 'Films of small geometric changes',
  summary:
    'Three sequences of the picture with its shorter side at 256/224 of the input: moved right from −20 to 20 px (41 frames), scaled by 0.40 to 1.15 and turned by −15 to 15 degrees about its middle (31 frames each), bilinear, black outside. Flip probability (top1Change of each sequence) and top-5 distance of consecutive frames.',
  source:
    'D. Hendrycks and T. Dietterich: Benchmarking neural network robustness to common corruptions and perturbations. ICLR 2019',
  published: [],
  probe: {
    name: 'sequences',
    options: {
      canvas: { ratio: [256, 224] },
      kernel: 'bilinear',
      border: 'black',
      surround: 'picture',
      sequences: [
        { name: 'translate', vary: 'dx', from: -20, to: 20, steps: 41 },
        { name: 'scale', vary: 'scale', from: 0.4, to: 1.15, steps: 31 },
        { name: 'rotate', vary: 'angle', from: -15, to: 15, steps: 31 },
      ],
    },
  },
};
