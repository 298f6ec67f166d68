// The texts of the command line's flags --shift and --object.
import type { InputError } from '../../core/errors.js';
import { expected } from '../../core/errors.js';
import type { ObjectOptions } from './options.js';

/**
 * The step of `--shift`: "1px", "3px".
 *
 * @returns whole pixels, 1 or more
 * @throws {InputError} no unit, another unit, no number, a number that isn't whole or isn't above 0
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
  if (!(value > 0)) throw wrong('a step of 1px or more', 'Paths run both ways from the centre; write "1px".');
  if (!Number.isSafeInteger(value))
    throw wrong('whole pixels', 'Shifts by fractions of a pixel don\'t exist yet; write "1px".');
  return value;
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
