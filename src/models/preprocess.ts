// `--preprocess`: what to do with pixels where a model's files don't say it, by name or as a JSON file.
import { InputError, unknownName } from '../core/errors.js';
import type { Preprocessing } from '../core/model.js';
import { huggingFacePreprocessing } from './huggingface.js';
import type { FoundPreprocessing } from './huggingface.js';
import { readJsonFile } from './json-file.js';
import { CLIP_MEAN, CLIP_STD, IMAGENET_MEAN, IMAGENET_STD } from './processor-defaults.js';

type Size = { readonly width: number; readonly height: number };

type Named = {
  /** What it does, in one line, for the help text. m = the model's input side. */
  readonly summary: string;
  /** Input side where the model's own sides are open; null = asked for. */
  readonly side: number | null;
  readonly make: (size: Size) => Omit<Preprocessing, 'source'>;
};

const BYTES_TO_UNIT = { scale: 1 / 255, offset: 0, channels: 'rgb' } as const;

function longest({ width, height }: Size): number {
  return Math.max(width, height);
}

/** The named preprocessings. */
export const PREPROCESSINGS: Readonly<Record<string, Named>> = {
  imagenet: {
    summary: 'shorter side to round(256·m/224), bilinear; centre crop m; v/255, ImageNet mean and std (torchvision)',
    side: 224,
    make: (size) => ({
      ...BYTES_TO_UNIT,
      resize: { to: 'shortest-edge', size: Math.round((256 * longest(size)) / 224), kernel: 'bilinear' },
      crop: size,
      mean: IMAGENET_MEAN,
      std: IMAGENET_STD,
    }),
  },
  inception: {
    summary: 'shorter side to round(m/0.875), bilinear; centre crop m; values −1…1 (TensorFlow)',
    side: 299,
    make: (size) => ({
      ...BYTES_TO_UNIT,
      resize: { to: 'shortest-edge', size: Math.round(longest(size) / 0.875), kernel: 'bilinear' },
      crop: size,
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    }),
  },
  clip: {
    summary: "shorter side to m, bicubic; centre crop m; v/255, CLIP's mean and std",
    side: 224,
    make: (size) => ({
      ...BYTES_TO_UNIT,
      resize: { to: 'shortest-edge', size: longest(size), kernel: 'bicubic' },
      crop: size,
      mean: CLIP_MEAN,
      std: CLIP_STD,
    }),
  },
  none: {
    summary: 'both sides to m, bilinear; values 0…255 as they are',
    side: null,
    make: (size) => ({
      resize: { to: 'exact', ...size, kernel: 'bilinear' },
      crop: null,
      scale: 1,
      offset: 0,
      mean: [0, 0, 0],
      std: [1, 1, 1],
      channels: 'rgb',
    }),
  },
};

/**
 * The preprocessing that `--preprocess` asks for.
 *
 * @param asked a name from `PREPROCESSINGS`, or the path of a JSON file in the form of preprocessor_config.json
 * @param size the model's input size; null where it is open
 * @throws InputError for unknown names, missing files and sizes that are neither in the model nor in the preprocessing
 */
export async function askedPreprocessing(asked: string, size: Size | null): Promise<FoundPreprocessing> {
  const named = PREPROCESSINGS[asked];
  if (named) {
    const used = size ?? (named.side === null ? null : { width: named.side, height: named.side });
    if (used === null) {
      throw new InputError(
        `The model's input has no fixed size, and --preprocess ${asked} doesn't say one. Use --preprocess file.json with "size" or "crop_size".`,
      );
    }
    const findings: Record<string, string> = size
      ? {}
      : { 'input.size': `open in the model; ${used.width} is usual for --preprocess ${asked}` };
    return { preprocessing: { source: `--preprocess ${asked}`, ...named.make(used) }, findings };
  }
  const looksLikePath = asked.endsWith('.json') || /[\\/]/.test(asked);
  if (!looksLikePath) throw unknownName('preprocessing', asked, [...Object.keys(PREPROCESSINGS), 'file.json']);
  const file = await readJsonFile(asked);
  if (file === null) {
    throw new InputError(
      `Expected a JSON file for --preprocess but ${asked} doesn't exist. Names: ${Object.keys(PREPROCESSINGS).join(', ')}.`,
    );
  }
  return huggingFacePreprocessing(file, `--preprocess ${asked}`);
}
