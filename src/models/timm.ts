// timm's config.json (`pretrained_cfg`) → `Preprocessing`. Source: timm's data config (timm/data/config.py,
// transforms_factory.py): resize the shorter side to floor(side / crop_pct), then a centre crop.
import { expected } from '../core/errors.js';
import type { FoundPreprocessing } from './huggingface.js';
import { isRecord, perChannel, positive } from './json-file.js';
import type { JsonFile } from './json-file.js';
import { kernelNamed } from './resize-kernels.js';

/** The part of a config.json that says how timm prepares pictures, or null where it isn't timm's. */
export function timmSettings(file: JsonFile): JsonFile | null {
  const settings = file.content['pretrained_cfg'];
  return isRecord(settings) && 'input_size' in settings
    ? { name: `pretrained_cfg of ${file.name}`, content: settings }
    : null;
}

/**
 * @param settings what `timmSettings` found
 * @param side the model's own input side where it is fixed: picks between `input_size` and `test_input_size`
 */
export function timmPreprocessing(settings: JsonFile, side: number | null): FoundPreprocessing {
  const { content, name } = settings;
  const sizes = (key: string): readonly [number, number] | null => {
    const value = content[key] ?? null;
    if (value === null) return null;
    const [channels, height, width] = Array.isArray(value) ? (value as unknown[]) : [];
    if (channels === 3 && Number.isInteger(height) && Number.isInteger(width))
      return [height as number, width as number];
    throw expected(`"${key}" in ${name}`, 'a list [3, height, width]', value);
  };
  const trained = sizes('input_size');
  if (trained === null) throw expected(`"input_size" in ${name}`, 'a list [3, height, width]', null);
  const tested = sizes('test_input_size');
  const useTested = tested !== null && side !== null && tested[1] === side && trained[1] !== side;
  const [height, width] = useTested ? tested : trained;
  const share = positive(
    settings,
    'crop_pct',
    (useTested ? content['test_crop_pct'] : null) ?? content['crop_pct'] ?? 0.875,
  );
  const mode = content['crop_mode'] ?? 'center';
  if (mode !== 'center' && mode !== 'squash') {
    throw expected(
      `"crop_mode" in ${name}`,
      '"center" or "squash"',
      mode,
      'Use --preprocess file.json to say what to do.',
    );
  }
  const kernel = kernelNamed(content['interpolation'] ?? 'bilinear', `"interpolation" in ${name}`);
  const enlarged = { width: Math.floor(width / share), height: Math.floor(height / share) };
  const shortest = mode === 'center' && width === height;
  return {
    preprocessing: {
      source: 'config.json (timm)',
      resize: shortest ? { to: 'shortest-edge', size: enlarged.width, kernel } : { to: 'exact', ...enlarged, kernel },
      crop: { width, height },
      scale: 1 / 255,
      offset: 0,
      mean: perChannel(settings, 'mean', content['mean']),
      std: perChannel(settings, 'std', content['std']),
      channels: 'rgb',
    },
    findings: useTested ? { 'preprocessing.size': `test_input_size, as the model's input is ${width}×${height}` } : {},
  };
}
