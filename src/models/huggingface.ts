// preprocessor_config.json of Hugging Face transformers → `Preprocessing`. Every key that decides pixels is used,
// refused or reported; what a processor does with a key it leaves out stands in `processor-defaults.ts`.
import { InputError, expected } from '../core/errors.js';
import type { Preprocessing } from '../core/model.js';
import { isRecord, perChannel, pixels, positive } from './json-file.js';
import type { JsonFile } from './json-file.js';
import { PROCESSORS, processorName } from './processor-defaults.js';
import type { ProcessorDefaults } from './processor-defaults.js';
import { kernelNamed } from './resize-kernels.js';

/** A preprocessing and what had to be assumed for it. */
export type FoundPreprocessing = {
  readonly preprocessing: Preprocessing;
  readonly findings: Readonly<Record<string, string>>;
};

/** Keys that are used below, and keys that decide no pixel of an RGB picture. */
const USED = new Set([
  ...['do_resize', 'size', 'resample', 'crop_pct', 'do_center_crop', 'crop_size', 'do_rescale', 'rescale_factor'],
  ...['rescale_offset', 'include_top', 'do_normalize', 'image_mean', 'image_std', 'do_flip_channel_order'],
]);
const HARMLESS = new Set([
  ...['image_processor_type', 'feature_extractor_type', 'processor_class', '_valid_processor_keys', '_processor_class'],
  ...['return_tensors', 'data_format', 'input_data_format', 'do_convert_rgb', 'do_reduce_labels', 'reduce_labels'],
  ...[
    'device',
    'disable_grouping',
    'auto_map',
    'model_input_names',
    'num_channels',
    'image_seq_length',
    'default_to_square',
  ],
]);

type Reader = {
  readonly file: JsonFile;
  readonly type: string;
  readonly conventions: ProcessorDefaults;
  /** The file's value, else the processor's default, else undefined; null counts as left out. */
  readonly get: (key: string) => unknown;
  /** Whether the file itself has the key. */
  readonly has: (key: string) => boolean;
};

function readerOf(file: JsonFile): Reader {
  const { content } = file;
  const stated = content['image_processor_type'] ?? content['feature_extractor_type'] ?? '';
  if (typeof stated !== 'string') throw expected(`"image_processor_type" in ${file.name}`, 'a name', stated);
  const type = processorName(stated);
  const conventions = PROCESSORS[type] ?? {
    numberIs: content['default_to_square'] === false ? 'shortest-edge' : 'exact',
    keys: {},
  };
  return {
    file,
    type,
    conventions,
    get: (key) => content[key] ?? conventions.keys[key],
    has: (key) => (content[key] ?? null) !== null,
  };
}

function required(reader: Reader, key: string): unknown {
  const value = reader.get(key);
  if (value !== undefined) return value;
  const which =
    reader.type === ''
      ? 'no image_processor_type is given'
      : `the processor "${reader.type}" has no known default for it`;
  throw new InputError(
    `Expected the key "${key}" in ${reader.file.name} (${which}). Add it, or use --preprocess NAME|file.json.`,
  );
}

function flag(reader: Reader, key: string, otherwise: boolean): boolean {
  const value = reader.get(key) ?? otherwise;
  if (typeof value === 'boolean') return value;
  throw expected(`"${key}" in ${reader.file.name}`, 'true or false', value);
}

type Sides = { readonly shortest: number } | { readonly width: number; readonly height: number };

function sidesOf({ file, conventions, type }: Reader, value: unknown): Sides {
  if (typeof value === 'number') {
    const side = pixels(file, 'size', value);
    if (type !== '' && !(type in PROCESSORS)) {
      throw new InputError(
        `Expected {"shortest_edge": ${side}} or {"height": ${side}, "width": ${side}} for "size" in ${file.name} but received ${side}: what one number means depends on the processor, and "${type}" is not known here. Write it out.`,
      );
    }
    return conventions.numberIs === 'exact' ? { width: side, height: side } : { shortest: side };
  }
  const keys = isRecord(value) ? Object.keys(value).sort().join() : '';
  if (isRecord(value) && keys === 'shortest_edge')
    return { shortest: pixels(file, 'size.shortest_edge', value['shortest_edge']) };
  if (isRecord(value) && keys === 'height,width') {
    return { width: pixels(file, 'size.width', value['width']), height: pixels(file, 'size.height', value['height']) };
  }
  throw expected(
    `"size" in ${file.name}`,
    'a number, {"shortest_edge": …} or {"height": …, "width": …}',
    value,
    'Sizes that depend on the picture (longest_edge) give no fixed input.',
  );
}

function cropOf({ file }: Reader, value: unknown): { width: number; height: number } {
  if (typeof value === 'number') return { width: pixels(file, 'crop_size', value), height: value };
  if (isRecord(value) && 'height' in value && 'width' in value) {
    return {
      width: pixels(file, 'crop_size.width', value['width']),
      height: pixels(file, 'crop_size.height', value['height']),
    };
  }
  throw expected(`"crop_size" in ${file.name}`, 'a number or {"height": …, "width": …}', value);
}

type Geometry = Pick<Preprocessing, 'resize' | 'crop'>;

function geometryOf(reader: Reader): Geometry {
  const { conventions, file } = reader;
  const doCrop = flag(reader, 'do_center_crop', reader.has('crop_size'));
  const crop = doCrop ? cropOf(reader, required(reader, 'crop_size')) : null;
  if (!flag(reader, 'do_resize', true)) return { resize: null, crop };
  const kernel = kernelNamed(required(reader, 'resample'), `"resample" in ${file.name}`);
  const sides = sidesOf(reader, required(reader, 'size'));
  const unknownType = !(reader.type in PROCESSORS);
  const shareIs = conventions.cropShare ?? (unknownType && reader.has('crop_pct') ? 'timm' : null);
  if (shareIs !== null) {
    const share = positive(file, 'crop_pct', required(reader, 'crop_pct'));
    return sharedGeometry(sides, share, shareIs, kernel, crop);
  }
  if ('shortest' in sides) {
    return {
      resize: { to: 'shortest-edge', size: Math.floor(sides.shortest * (conventions.enlarge ?? 1)), kernel },
      crop,
    };
  }
  return { resize: { to: 'exact', ...sides, kernel }, crop };
}

/** Resize to size / crop_pct (rounded down), then the crop. */
function sharedGeometry(
  sides: Sides,
  share: number,
  how: 'convnext' | 'scale' | 'timm',
  kernel: NonNullable<Preprocessing['resize']>['kernel'],
  crop: Preprocessing['crop'],
): Geometry {
  const square = 'shortest' in sides ? sides.shortest : sides.width === sides.height ? sides.width : null;
  if (square === null) {
    const { width, height } = sides as { width: number; height: number };
    return {
      resize: { to: 'exact', width: Math.floor(width / share), height: Math.floor(height / share), kernel },
      crop,
    };
  }
  const whole = { width: square, height: square };
  if (how === 'convnext' && square >= 384) return { resize: { to: 'exact', ...whole, kernel }, crop };
  return {
    resize: { to: 'shortest-edge', size: Math.floor(square / share), kernel },
    crop: how === 'scale' ? crop : (crop ?? whole),
  };
}

type Values = Pick<Preprocessing, 'scale' | 'offset' | 'mean' | 'std' | 'channels'>;

function valuesOf(reader: Reader): Values {
  const { file } = reader;
  const rescale = flag(reader, 'do_rescale', true);
  const scale = rescale ? positive(file, 'rescale_factor', reader.get('rescale_factor') ?? 1 / 255) : 1;
  const offset = rescale && flag(reader, 'rescale_offset', false) ? -127.5 * scale : 0;
  const normalise = flag(reader, 'do_normalize', reader.type in PROCESSORS || reader.has('image_mean'));
  const again = flag(reader, 'include_top', false);
  const std = normalise || again ? perChannel(file, 'image_std', required(reader, 'image_std')) : ([1, 1, 1] as const);
  if (std.some((value) => value <= 0)) throw expected(`"image_std" in ${file.name}`, 'numbers above 0', std);
  const power = (normalise ? 1 : 0) + (again ? 1 : 0);
  return {
    scale,
    offset,
    mean: normalise ? perChannel(file, 'image_mean', required(reader, 'image_mean')) : [0, 0, 0],
    std: [std[0] ** power, std[1] ** power, std[2] ** power],
    channels: flag(reader, 'do_flip_channel_order', false) ? 'bgr' : 'rgb',
  };
}

function findingsOf(reader: Reader, { scale, offset }: Values): Record<string, string> {
  const { content } = reader.file;
  const findings: Record<string, string> = {};
  const filled = [...USED].filter((key) => !reader.has(key) && key in reader.conventions.keys);
  if (filled.length > 0)
    findings['preprocessing.defaults'] = `${filled.join(', ')}: left out, defaults of ${reader.type}ImageProcessor`;
  const ignored = Object.keys(content).filter(
    (key) => !USED.has(key) && !HARMLESS.has(key) && content[key] !== false && content[key] !== null,
  );
  if (reader.has('crop_pct') && reader.type in PROCESSORS && !reader.conventions.cropShare) ignored.push('crop_pct');
  if (ignored.length > 0) findings['preprocessing.ignored'] = `${ignored.join(', ')}: keys that are not applied`;
  if (reader.has('crop_size') && reader.get('do_center_crop') === undefined) {
    findings['preprocessing.crop'] = 'do_center_crop is left out; taken as true because crop_size is given';
  }
  if (offset !== 0 && Math.abs(scale * 127.5 - 1) > 1e-6) {
    findings['preprocessing.offset'] =
      'rescale_offset as (v − 127.5) · rescale_factor; newer versions of transformers subtract 1';
  }
  return findings;
}

/**
 * Reads a preprocessor_config.json.
 *
 * @param source what the preprocessing says of its origin
 * @throws InputError that names the key that is missing, wrong or without a fixed meaning
 */
export function huggingFacePreprocessing(file: JsonFile, source: string): FoundPreprocessing {
  const reader = readerOf(file);
  const values = valuesOf(reader);
  return { preprocessing: { source, ...geometryOf(reader), ...values }, findings: findingsOf(reader, values) };
}
