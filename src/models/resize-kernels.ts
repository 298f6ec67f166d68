// Names of resize kernels as other projects write them: Pillow's numbers, Pillow's, torchvision's and timm's names.
import { unknownName } from '../core/errors.js';
import type { KernelName } from '../core/model.js';

/** PIL.Image.Resampling: the numbers that `resample` holds in preprocessor_config.json. */
const PILLOW: readonly KernelName[] = ['nearest', 'lanczos3', 'bilinear', 'bicubic', 'box', 'hamming'];

const NAMES: Readonly<Record<string, KernelName>> = {
  nearest: 'nearest',
  'nearest-exact': 'nearest',
  lanczos: 'lanczos3',
  lanczos3: 'lanczos3',
  bilinear: 'bilinear',
  bicubic: 'bicubic',
  box: 'box',
  hamming: 'hamming',
};

/**
 * @param value 0…5 (Pillow) or a name, with or without its class ("PILImageResampling.BICUBIC")
 * @throws InputError that lists the valid values
 */
export function kernelNamed(value: unknown, where: string): KernelName {
  const known = typeof value === 'number' ? PILLOW[value] : NAMES[String(value).toLowerCase().replace(/^.*\./, '')];
  if (known) return known;
  throw unknownName(`resize kernel in ${where}`, String(value), ['0', '1', '2', '3', '4', '5', ...Object.keys(NAMES)]);
}
