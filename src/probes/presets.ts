// The published protocols by name. A new one is one line here.
import { unknownName } from '../core/errors.js';
import { azulayCrop, azulayInpaint, azulayMean, azulaySweep } from './presets/azulay.js';
import type { Preset } from './presets/preset.js';
import { aliasFree, aliasFreeFractional, aps, zhang } from './presets/random-shifts.js';
import { imagenetP, spatialGrid } from './presets/transformations.js';

/** All presets, in the order in which they are listed. */
export const presets: readonly Preset[] = [
  azulayCrop,
  azulayMean,
  azulayInpaint,
  azulaySweep,
  zhang,
  aps,
  aliasFree,
  aliasFreeFractional,
  spatialGrid,
  imagenetP,
];

/** The preset of that name. @throws {InputError} there is none; lists the nearest and all */
export function findPreset(name: string): Preset {
  const preset = presets.find((candidate) => candidate.name === name);
  if (preset === undefined)
    throw unknownName(
      'protocol',
      name,
      presets.map((candidate) => candidate.name),
    );
  return preset;
}
