// Reading plain JSON against a zod schema: the first thing that is wrong becomes an InputError that names its key.
import type { z } from 'zod';
import { expected, unknownName, type InputError } from '../core/errors.js';

/**
 * The value as the schema reads it. Schemas give what they expect as a noun phrase in `error`.
 *
 * @param name what messages call the value: "shift options", a file's name
 * @throws {InputError} naming the key; an unknown name lists the valid ones
 */
export function parsed<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw problem(result.error.issues[0] as z.core.$ZodIssue, value, name);
}

function problem(issue: z.core.$ZodIssue, value: unknown, name: string): InputError {
  const path = issue.path.map(String);
  const received = issue.path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key],
    value,
  );
  const key = [name, ...path].join('.');
  if (issue.code === 'unrecognized_keys') return expected(key, 'no other keys', issue.keys[0], 'Remove that key.');
  if (issue.code === 'invalid_value' && typeof received === 'string')
    return unknownName(path.join('.') || name, received, issue.values.map(String));
  return expected(key, issue.message, received);
}
