// The message of an error that an action must throw, in tests that compare whole messages.
import { expect } from 'vitest';
import { InputError } from '../../src/core/errors.js';

/** The message of the InputError that the action throws; "no error" where it throws none. */
export function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  return 'no error';
}
