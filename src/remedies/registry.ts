// The remedies by name. A new kind is one new file and one line here.
import { InputError, unknownName } from '../core/errors.js';
import { align } from './align.js';
import { averaging } from './averaging.js';
import { crops } from './crops.js';
import type { Remedy, RemedyKind, Step } from './remedy.js';

const kinds: readonly RemedyKind[] = [averaging, align, crops];

/** Names as they may be written, one of each parameter. */
const remedyNames: readonly string[] = kinds.flatMap(({ written }) => written);

/**
 * A remedy by its name: "quin8", "align16", "crops16", "shifts:0,0;1,0;0,1", or one that chooses a window and one that
 * averages round it: "align16+grid4".
 *
 * @throws InputError an unknown name (lists all), a wrong parameter, steps that don't go together
 */
export function parseRemedy(text: string): Remedy {
  // A sign may stand in a list of shifts, so that only a "+" before a letter joins steps.
  const steps = text
    .replaceAll(/\s/g, '')
    .split(/\+(?=[a-z])/i)
    .map(stepNamed);
  const [first, second, ...more] = steps as [Step, ...Step[]];
  if (more.length > 0 || (second !== undefined && (first.act !== 'choose' || second.act !== 'average'))) {
    throw new InputError(
      `Expected one remedy, or one that chooses the window and one that averages round it (align16+grid4), for --remedy but received "${text}".`,
    );
  }
  return {
    name: steps.map(({ name }) => name).join('+'),
    steps,
    reach: steps.reduce((sum, { reach }) => sum + reach, 0),
    inferences: steps.reduce((product, step) => product * (step.act === 'average' ? step.shifts.length : 1), 1),
  };
}

/**
 * The remedies of a list: names separated by commas (those inside lists of shifts don't separate), each once.
 *
 * @throws InputError as `parseRemedy`
 */
export function parseRemedies(texts: readonly string[]): Remedy[] {
  const remedies = texts.flatMap((text) => text.split(/,(?!\s*[+-]?\d)/).map(parseRemedy));
  return [...new Map(remedies.map((remedy) => [remedy.name, remedy])).values()];
}

function stepNamed(text: string): Step {
  for (const { read } of kinds) {
    const step = read(text);
    if (step !== null) return step;
  }
  throw unknownName('remedy (--remedy)', text, remedyNames);
}
