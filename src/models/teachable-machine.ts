// metadata.json, as Teachable Machine writes it beside an image model: labels, the side of its input, and what its library
// does with pixels. Facts from @teachablemachine/image 0.8 (libraries/image/src: utils/canvas, utils/tf): the picture is
// scaled to cover the square and its centre cut out by a canvas, and pixels become v / 127 − 1.
import { InputError, expected } from '../core/errors.js';
import type { FoundPreprocessing } from './huggingface.js';
import { pixels } from './json-file.js';
import type { JsonFile } from './json-file.js';

/** Side of the input where the file doesn't say it. */
const SIDE = 224;

/** Whether a metadata.json is Teachable Machine's. */
function isTeachableMachine({ content }: JsonFile): boolean {
  const { packageName } = content;
  return (typeof packageName === 'string' && packageName.startsWith('@teachablemachine/')) || 'tmVersion' in content;
}

/**
 * Class names in metadata.json; null where it has none.
 *
 * @throws InputError where "labels" isn't a list of names
 */
export function metadataLabels({ name, content }: JsonFile): readonly string[] | null {
  const labels = content['labels'] ?? null;
  if (labels === null) return null;
  if (Array.isArray(labels) && labels.length > 0 && labels.every((label) => typeof label === 'string')) return labels;
  throw expected(`"labels" in ${name}`, 'a list of class names', labels);
}

/**
 * What Teachable Machine's library does with a picture; null where the file isn't its own.
 *
 * @param side the input's side where the model says it
 * @throws InputError for models of grey pictures, sound or poses
 */
export function metadataPreprocessing(file: JsonFile, side: number | null): FoundPreprocessing | null {
  if (!isTeachableMachine(file)) return null;
  const { name, content } = file;
  const { packageName = '@teachablemachine/image', grayscale, imageSize } = content;
  if (packageName !== '@teachablemachine/image') {
    throw expected(`"packageName" in ${name}`, '"@teachablemachine/image", an image model', packageName);
  }
  if (grayscale === true) {
    throw new InputError(
      `Expected a model of colour pictures but "grayscale" in ${name} is true. Models of grey pictures can't be measured.`,
    );
  }
  const size = (imageSize ?? null) === null ? (side ?? SIDE) : pixels(file, 'imageSize', imageSize);
  return {
    preprocessing: {
      source: 'metadata.json',
      resize: { to: 'shortest-edge', size, kernel: 'bilinear' },
      crop: { width: size, height: size },
      scale: 1 / 127,
      offset: -1,
      mean: [0, 0, 0],
      std: [1, 1, 1],
      channels: 'rgb',
    },
    findings: {
      'preprocessing.values': 'v / 127 − 1: what @teachablemachine/image does (its Keras export divides by 127.5)',
      'preprocessing.resize': "bilinear: the browser's canvas scales there, in a way of its own",
    },
  };
}
