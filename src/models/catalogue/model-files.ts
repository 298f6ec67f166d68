// What stands beside a pulled model.onnx: Hugging Face's config.json and preprocessor_config.json, and a README that
// says where all of it comes from.
import type { Preprocessing } from '../../core/model.js';
import { IMAGENET_CLASSES } from '../imagenet-classes.js';
import type { Family } from './families.js';

/** What the files are written from. */
type DescribedModel = {
  readonly name: string;
  readonly url: string;
  readonly sha256: string;
  /** Null for a model that isn't in the catalogue. */
  readonly family: Family | null;
  readonly top1: number | null;
};

/** Pillow's number of each kernel, as `resample` wants it. */
const RESAMPLE = { nearest: 0, lanczos3: 1, bilinear: 2, bicubic: 3, box: 4, hamming: 5 } as const;

/** What transformers' preprocessor_config.json says of a preprocessing; every kernel and order of channels has its key. */
export function preprocessorConfig({
  resize,
  crop,
  ...values
}: Omit<Preprocessing, 'source'>): Record<string, unknown> {
  const size =
    resize?.to === 'exact' ? { height: resize.height, width: resize.width } : { shortest_edge: resize?.size };
  return {
    do_resize: resize !== null,
    ...(resize === null ? {} : { size, resample: RESAMPLE[resize.kernel] }),
    do_center_crop: crop !== null,
    ...(crop === null ? {} : { crop_size: { height: crop.height, width: crop.width } }),
    do_rescale: values.scale !== 1,
    ...(values.scale === 1 ? {} : { rescale_factor: values.scale }),
    do_normalize: true,
    image_mean: values.mean,
    image_std: values.std,
    do_flip_channel_order: values.channels === 'bgr',
  };
}

function classConfig(): Record<string, unknown> {
  const names = IMAGENET_CLASSES.map(({ name }, index) => [index, name.replaceAll('_', ' ')] as const);
  return { id2label: Object.fromEntries(names) };
}

function preprocessingLines(family: Family | null): string[] {
  if (family === null) {
    return ['Preprocessing and classes: not known; give `--preprocess` when probing, or put the JSON files beside.'];
  }
  const { preprocessing, source } = family;
  if ('unknown' in preprocessing) {
    return [
      `Preprocessing: unknown: ${preprocessing.unknown}. Give \`--preprocess\` when probing.`,
      `Looked for in: ${source}.`,
    ];
  }
  const order =
    preprocessing.channels === 'bgr'
      ? ['Blue comes first: `image_mean` and `image_std` are in the order blue, green, red.']
      : [];
  return ['Preprocessing: preprocessor_config.json.', `Source: ${source}.`, ...order];
}

function readme({ name, url, sha256, family, top1 }: DescribedModel): string {
  return [
    `# ${name}`,
    '',
    `Pulled by \`invariance models pull ${name}\`, which writes the files beside model.onnx anew each time.`,
    '',
    `- From: ${url}`,
    `- SHA-256: ${sha256}`,
    ...(family === null
      ? []
      : [`- Task: ${family.task}`, `- Licence (stated by the model zoo's page): ${family.licence}`]),
    ...(top1 === null ? [] : [`- Published top-1 accuracy: ${(top1 * 100).toFixed(2)} %`]),
    '',
    ...preprocessingLines(family),
    '',
  ].join('\n');
}

/** The files' texts by name; null for a file that must not be there. */
export function modelFileTexts(model: DescribedModel): Readonly<Record<string, string | null>> {
  const { family } = model;
  const json = (content: Record<string, unknown>): string => `${JSON.stringify(content, null, 2)}\n`;
  const texts = { 'README.md': readme(model) };
  if (family === null) return texts;
  const { preprocessing, task } = family;
  // Only a measured accuracy shows that the classes are in ImageNet's usual order.
  if ('unknown' in preprocessing) return { ...texts, 'config.json': null, 'preprocessor_config.json': null };
  return {
    ...texts,
    ...(task === 'ImageNet-1k' ? { 'config.json': json(classConfig()) } : {}),
    'preprocessor_config.json': json(preprocessorConfig(preprocessing)),
  };
}
