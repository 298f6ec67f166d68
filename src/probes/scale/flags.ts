// The texts of the command line's flags --scale and --scale-surround.
import { expected, unknownName } from '../../core/errors.js';
import { rounded, SCALE_SURROUNDS, type ScaleInput } from './options.js';

const EXAMPLES =
  '"0.25..2x8" (8 geometric steps), "0.5,1,2", or "object:0.25..1x6" for the box as a share of the input';
const NUMBER = String.raw`(\d+(?:\.\d+)?|\.\d+)`;
const RANGE = new RegExp(`^${NUMBER}\\.\\.${NUMBER}x(\\d+)$`);
const SINGLE = new RegExp(`^${NUMBER}$`);

/**
 * The sizes of `--scale`: "0.25..2x8", "0.5,1,2", each also after "object:".
 *
 * @param surround the text of `--scale-surround`
 * @throws {InputError} naming the flag
 */
export function parseScaleFlag(text: string, surround?: string): ScaleInput {
  const plain = text.replaceAll(/\s/g, '');
  const [, object, rest = ''] = /^(object:)?(.*)$/.exec(plain) ?? [];
  const known = SCALE_SURROUNDS.find((name) => name === surround);
  if (surround !== undefined && known === undefined)
    throw unknownName('value of --scale-surround', surround, SCALE_SURROUNDS);
  return {
    of: object === undefined ? 'picture' : 'object',
    sizes: sizesOf(rest, text),
    ...(known === undefined ? {} : { surround: known }),
  };
}

function sizesOf(rest: string, text: string): number[] {
  const range = RANGE.exec(rest);
  if (range === null) {
    const parts = rest.split(',').map((part) => SINGLE.exec(part));
    if (parts.length < 2 || parts.includes(null)) throw expected('--scale', EXAMPLES, text);
    return parts.map((part) => positive(Number(part?.[1]), text));
  }
  const [from, to, count] = [Number(range[1]), Number(range[2]), Number(range[3])];
  if (!(positive(from, text) < to)) throw expected('--scale', 'the smaller size first, such as "0.25..2x8"', text);
  if (count < 2 || count > 64) throw expected('--scale', '2 to 64 steps after the "x"', text);
  return Array.from({ length: count }, (_, i) => rounded(from * (to / from) ** (i / (count - 1))));
}

function positive(value: number, text: string): number {
  if (value >= 0.01 && value <= 16) return value;
  throw expected('--scale', 'sizes from 0.01 to 16', text);
}
