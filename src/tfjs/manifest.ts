// The weights manifest of model.json: which weights lie in which shards, packed how.
// Form: tfjs-core, io/types (WeightsManifestConfig).
import { z } from 'zod';
import { InputError, shown } from '../core/errors.js';
import type { TfjsQuantisation, TfjsType } from './model.js';

/** A weight before it is known where it lies. */
export type ManifestWeight = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: TfjsType;
  readonly quantization?: TfjsQuantisation;
};

export type ManifestGroup = { readonly paths: readonly string[]; readonly weights: readonly ManifestWeight[] };

const TYPES = ['float32', 'int32', 'bool', 'string', 'complex64'] as const;

const quantisation = z.union(
  [
    z.object({ dtype: z.enum(['uint8', 'uint16']), scale: z.number(), min: z.number() }),
    z.object({ dtype: z.literal('float16') }),
  ],
  { error: 'uint8 or uint16 with scale and min, or float16' },
);

const weight = z
  .object({
    name: z.string({ error: 'a name' }),
    shape: z.array(z.int({ error: 'a whole number' }).min(0, { error: 'a whole number from 0 on' }), {
      error: 'a list of sides',
    }),
    dtype: z.enum(TYPES, { error: `one of ${TYPES.join(', ')}` }),
    quantization: quantisation.optional(),
  })
  .refine(({ dtype, quantization }) => quantization === undefined || dtype === 'float32' || dtype === 'int32', {
    error: 'float32 or int32 where it is quantised',
    path: ['dtype'],
  });

const manifest = z.array(
  z.object({
    paths: z.array(z.string({ error: 'a file name' }), { error: 'a list of file names' }),
    weights: z.array(weight, { error: 'a list of weights' }),
  }),
  { error: 'a list of groups {paths, weights}' },
);

/**
 * @param name the file's name, for messages
 * @throws InputError naming the member that is wrong
 */
export function parseManifest(value: unknown, name: string): ManifestGroup[] {
  const result = manifest.safeParse(value);
  if (result.success) return result.data as ManifestGroup[];
  const [issue] = result.error.issues;
  const place = ['weightsManifest', ...(issue?.path ?? [])].map(String).join('.');
  const received = (issue?.path ?? []).reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key],
    value,
  );
  throw new InputError(
    `Expected ${issue?.message ?? 'a weights manifest'} for ${place} in ${name} but received ${shown(received)}. Convert or save the model again.`,
  );
}

const BYTES: Readonly<Record<TfjsType | 'uint8' | 'uint16' | 'float16', number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  string: 0,
  complex64: 8,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

/** Number of elements of a shape. */
export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Bytes that a weight takes in the shards; null for texts, whose lengths stand before each of them. */
export function packedBytes({ shape, dtype, quantization }: ManifestWeight): number | null {
  if (quantization === undefined && dtype === 'string') return null;
  return elementsOf(shape) * BYTES[quantization?.dtype ?? dtype];
}
