// The published protocols by name. A new one is one line here.
import { unknownName } from '../core/errors.js';
import { azulayCrop, azulayMean, azulaySweep } from './presets/azulay.js';
import type { Preset } from './presets/preset.js';
import { aliasFree, aps, zhang } from './presets/random-shifts.js';

/** All presets, in the order in which they are listed. */
export const presets: readonly Preset[] = [azulayCrop, azulayMean, azulaySweep, zhang, aps, aliasFree];

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
