// The texts of the command line's flags --shift, --path, --object, --translate and --fill.
import type { InputError } from '../../core/errors.js';
import { expected, unknownName } from '../../core/errors.js';
import { FILLS, type ObjectOptions, type ShiftInput } from './options.js';

/**
 * The step of `--shift`: "1px", "3px", "0.5px".
 *
 * @returns pixels, 0.001 or more
 * @throws {InputError} no unit, another unit, no number, a number that isn't above 0
 */
export function parseStep(text: string): number {
  const match = /^([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)?)\s*([^\d\s.,+-]*)$/.exec(text.trim());
  const wrong = (what: string, todo: string): InputError => expected('--shift', what, text, todo);
  if (match === null) throw wrong('a number of pixels such as "1px"', 'Write "1px".');
  const [, number = '', unit = ''] = match;
  if (!/\d/.test(number)) throw wrong('a number before the unit, such as "1px"', 'Write "1px".');
  if (unit === '') throw wrong('a number with its unit', `Write "${number}px".`);
  if (unit.toLowerCase() !== 'px') throw wrong('the unit px', `Write "${number}px".`);
  const value = Number(number.replace(',', '.'));
  if (!(value > 0)) throw wrong('a step above 0px', 'Paths run both ways from the centre; write "1px".');
  if (value < 0.001) throw wrong('a step of 0.001px or more', 'Smaller ones drown in rounding; write "0.1px".');
  if (!Number.isFinite(value)) throw wrong('a step that fits a picture', 'Write "1px".');
  return value;
}

/**
 * A path of `--path`: a name, or one with how far it goes from the centre, pixels each way: "random-pair:8".
 *
 * @param step of the shift, pixels
 * @throws {InputError} a distance that the path can't have; names are checked with the other options
 */
export function parsePath(text: string, step: number): ShiftInput {
  const [, path, number] = /^([^:]*):(.*)$/s.exec(text.trim()) ?? [];
  if (path === undefined) return { path: text.trim() } as ShiftInput;
  const far = /^(\d+)(?:px)?$/.test(number ?? '') ? Number.parseInt(number ?? '', 10) : 0;
  if (far === 0)
    throw expected('--path', 'whole pixels from the centre behind the colon, such as "random-pair:8"', text);
  if (path === 'random') {
    throw expected('--path', 'random alone, which goes one step', text, 'Write "random", or "random-pair:8".');
  }
  if (path === 'random-pair' || path === 'grid' || path === 'map') return { path, range: [-far, far] };
  const reach = far / step;
  if (Number.isInteger(reach)) return { path, reach } as ShiftInput;
  throw expected('--path', `a multiple of the step of ${step} px behind the colon`, text);
}

/**
 * The object of `--object`: pixels ("140", "140px") or a share of the model's input ("0.625", "1.0"), of the whole
 * picture; or of its centre square or largest box with "square:" or "box:" before it.
 *
 * @throws {InputError} anything else
 */
export function parseObject(text: string): ObjectOptions {
  const wrong = expected(
    '--object',
    'pixels ("140") or a share of the model\'s input ("0.625"), with "square:" or "box:" before it where not the whole picture is meant',
    text,
  );
  const match = /^(?:(picture|square|box):)?(?:(\d+)(?:px)?|(\d*\.\d+))$/.exec(text.trim());
  if (match === null) throw wrong;
  const [, part = 'picture', whole, fraction] = match;
  const of = part === 'square' ? 'centre-square' : part === 'box' ? 'box' : 'picture';
  if (whole !== undefined) {
    if (Number(whole) < 4)
      throw expected('--object', 'at least 4 pixels, or a share with a decimal point such as "1.0"', text);
    return { of, size: { pixels: Number(whole) } };
  }
  const share = Number(fraction);
  if (share <= 0 || share > 1) throw wrong;
  return { of, size: { share } };
}

/** Positions a side of the map of `--translate`, at most. */
const POSITIONS = 9;

/**
 * The shift that `--translate` asks for: the object moved over a filled canvas, as a map of positions. "16" is −16 … 16
 * pixels along both sides at up to 9 × 9 positions, evenly spread with both ends and 0; "-8..8x4" every 4 pixels.
 *
 * @param fill the flag `--fill`: what stands round the object (default: inpaint)
 * @param object the flag `--object` (default: the whole picture at 0.625 of the input)
 * @throws {InputError} naming the flag
 */
export function parseTranslateFlag(text: string, fill?: string, object?: string): ShiftInput {
  const number = String.raw`([+-]?\d+)(?:px)?`;
  const match = new RegExp(`^(?:${number}\\.\\.)?${number}(?:x(\\d+)(?:px)?)?$`).exec(text.trim());
  const wrong = (todo: string): InputError =>
    expected(
      '--translate',
      'whole pixels each way such as "16", or a range with its step such as "-8..8x4"',
      text,
      todo,
    );
  if (match === null) throw wrong('Write "16".');
  const [, from, to = '', step] = match;
  const high = Number(to);
  const low = from === undefined ? -high : Number(from);
  if (low >= high) throw wrong(from === undefined ? 'Write a number above 0.' : 'Write the lower number first.');
  if (step !== undefined && Number(step) === 0) throw wrong('Write a step of 1 pixel or more after the "x".');
  if (step !== undefined && Number(step) > high - low) throw wrong(`Write a step of at most ${high - low} pixels.`);
  return {
    surround: parseFill(fill),
    ...(object === undefined ? {} : { object: parseObject(object) }),
    ...(step === undefined
      ? { path: 'map', range: [low, high], positions: POSITIONS }
      : { path: 'grid', range: [low, high], step: Number(step) }),
  };
}

/** The surround of `--fill`. @throws {InputError} an unknown name; lists the valid ones */
function parseFill(name = 'inpaint'): (typeof FILLS)[number] {
  const found = FILLS.find((fill) => fill === `fill-${name}`);
  if (found !== undefined) return found;
  throw unknownName(
    'fill (--fill)',
    name,
    FILLS.map((fill) => fill.slice('fill-'.length)),
  );
}
