// Values of weights, unpacked: what lies in the shards as bytes, half precision or quantised.
import { InputError } from '../core/errors.js';
import type { TfjsModel, TfjsWeight } from './model.js';

/** The number that 16 bits of half precision stand for (IEEE 754 binary16). */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * A weight's values.
 *
 * @returns float32 of float32 weights, int32 of whole numbers, bytes of booleans
 * @throws InputError for texts and complex numbers, which no classifier's layer has
 */
export function weightValues(
  { data, path }: Pick<TfjsModel, 'data' | 'path'>,
  { name, dtype, quantization, at, bytes }: TfjsWeight,
): Float32Array | Int32Array | Uint8Array {
  // A copy: places in the file needn't be multiples of the element's size.
  const { buffer } = data.slice(at, at + bytes);
  if (quantization !== undefined) {
    const stored = quantization.dtype === 'uint8' ? new Uint8Array(buffer) : new Uint16Array(buffer);
    if (quantization.dtype === 'float16') return Float32Array.from(stored, half);
    const { scale, min } = quantization;
    return dtype === 'int32'
      ? Int32Array.from(stored, (value) => Math.round(value * scale + min))
      : Float32Array.from(stored, (value) => value * scale + min);
  }
  if (dtype === 'float32') return new Float32Array(buffer);
  if (dtype === 'int32') return new Int32Array(buffer);
  if (dtype === 'bool') return new Uint8Array(buffer);
  throw new InputError(`Expected numbers in the weight "${name}" of ${path} but they are of type ${dtype}.`);
}
