// Options of the frames probe: none so far; what is measured is in the films.
import { z } from 'zod';
import { parsed } from '../parse.js';

export type FramesOptions = Readonly<Record<string, never>>;

/** @throws {InputError} any key */
export function normaliseFramesOptions(input: unknown): FramesOptions {
  return parsed(z.strictObject({}, 'an empty object'), input, 'frames options');
}
