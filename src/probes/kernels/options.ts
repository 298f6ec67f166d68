// Options of the kernels probe, and the text of its flag.
import { z } from 'zod';
import { InputError, unknownName } from '../../core/errors.js';
import { parsed } from '../parse.js';
import { KERNELS } from './names.js';

/** Normal form: kernels in the order of `KERNELS`, each once. The model's own comes along whether it is named or not. */
export type KernelsOptions = { readonly kernels: readonly string[] };

const kernelsSchema = z.strictObject(
  {
    kernels: z
      .array(z.enum(KERNELS), 'a list of names of kernels')
      .min(1, 'one kernel or more')
      .default([...KERNELS]),
  },
  'an object such as {"kernels": ["opencv-linear"]}',
);

/** @throws {InputError} a wrong key, or an unknown kernel */
export function normaliseKernelsOptions(input: unknown): KernelsOptions {
  const { kernels } = parsed(kernelsSchema, input, 'kernels options');
  return { kernels: KERNELS.filter((kernel) => kernels.includes(kernel)) };
}

/**
 * The text of `--kernels`: names parted by commas; every kernel where none is given.
 *
 * @throws {InputError} an unknown name, naming the flag
 */
export function parseKernelsFlag(text: string | true): KernelsOptions {
  if (text === true) return normaliseKernelsOptions({});
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  if (names.includes('')) {
    throw new InputError(`Expected names of kernels parted by commas for --kernels but received "${text}".`);
  }
  for (const name of names) if (!KERNELS.includes(name)) throw unknownName('kernel for --kernels', name, KERNELS);
  return normaliseKernelsOptions({ kernels: names });
}
