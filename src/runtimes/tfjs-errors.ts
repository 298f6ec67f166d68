// Puts TensorFlow.js's messages in words: what the model asks for, what the engine lacks, and what to do.
import { InputError, RunError, messageOf } from '../core/errors.js';
import type { TfjsBackend } from '../core/model.js';

type Wording = { readonly pattern: RegExp; readonly say: (parts: readonly string[], backend: TfjsBackend) => string };

const ELSEWHERE: Readonly<Record<TfjsBackend, string>> = {
  wasm: 'Use --backend node (docs/tfjs.md says what it needs), or convert the model to ONNX.',
  node: 'Use --backend wasm, or convert the model to ONNX.',
  gpu: 'Use --backend wasm, or convert the model to ONNX.',
};

/** Messages of TensorFlow.js 4.22, most telling first; groups of the pattern are handed to `say`. */
const WORDINGS: readonly Wording[] = [
  {
    pattern: /Kernel '([^']*)' not registered for backend/,
    say: ([kernel], backend) => `its ${backend} backend doesn't compute ${kernel ?? ''}. ${ELSEWHERE[backend]}`,
  },
  {
    pattern: /Unknown ([A-Za-z_ ]+): (\S+?)\. This may be due/,
    say: ([kind, name]) =>
      `it asks for the ${kind ?? ''} ${name ?? ''}, which TensorFlow.js doesn't have. Save the model with standard ones only, or convert it as a graph model.`,
  },
  {
    pattern: /Unknown op '([^']*)'/,
    say: ([name]) =>
      `it asks for the operator ${name ?? ''}, which TensorFlow.js doesn't have. Convert the model anew.`,
  },
  {
    pattern: /weight data has no target variable: (\S+)/,
    say: ([name]) =>
      `its manifest has the weight "${name ?? ''}", which no layer takes. The files are of two different models: save or convert it again.`,
  },
  {
    pattern: /\d+ of \d+ weights are not set: (.*)/s,
    say: ([names]) =>
      `the manifest lacks weights of its layers: ${(names ?? '').replace(/[[\]]/g, '').trim()}. Save or convert the model again.`,
  },
  {
    pattern: /Shape mismatch: \[?([\d,]*)\]? vs\.? \[?([\d,]*)\]?/,
    say: ([one, other]) =>
      `a layer takes weights of the shape [${one ?? ''}] and the manifest has [${other ?? ''}]. The files are of two different models: save or convert it again.`,
  },
  {
    pattern: /Graph disconnected/,
    say: () => `its output can't be computed from that input alone. Name another with --input-name or --output-name.`,
  },
  {
    pattern:
      /Cannot compute the outputs \[([^\]]*)\] from the provided inputs.*Missing the following inputs: \[([^\]]*)\]/s,
    say: ([, missing]) =>
      `its output needs more than the picture: ${missing ?? ''}. Name another output with --output-name, or save the image classifier alone.`,
  },
];

function plain(message: string): string {
  return message.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
}

/** The error of a model that TensorFlow.js can't load, or that doesn't take its own input. */
export function tfjsLoadError(path: string, backend: TfjsBackend, error: unknown): Error {
  if (error instanceof InputError) return error;
  const message = messageOf(error);
  for (const { pattern, say } of WORDINGS) {
    const found = pattern.exec(message);
    if (found) return new InputError(`TensorFlow.js can't run ${path}: ${say(found.slice(1), backend)}`);
  }
  return new InputError(
    `TensorFlow.js can't run ${path}: ${plain(message)}. Check the model with TensorFlow.js itself, or save or convert it again.`,
  );
}

/** The error of a model that loads but fails when it runs. */
export function tfjsRunError(path: string, error: unknown): RunError {
  return new RunError(`TensorFlow.js failed on ${path}: ${plain(messageOf(error))}.`, { cause: error });
}

/** What the model asks for and TensorFlow.js doesn't have, with the names of all that ask for it. */
export function unknownParts(
  path: string,
  kind: 'layers' | 'operators',
  parts: readonly { readonly type: string; readonly name: string }[],
): InputError {
  const list = [...new Set(parts.map(({ type }) => type))].map((type) => {
    const all = parts.filter((part) => part.type === type);
    const names = all.slice(0, 3).map(({ name }) => `"${name}"`);
    return `${type} (${names.join(', ')}${all.length > 3 ? ` and ${all.length - 3} more` : ''})`;
  });
  const todo =
    kind === 'layers'
      ? 'Save the model with standard layers only, or convert it as a graph model, which has no layers of its own.'
      : 'Convert the model with standard operators only, or to ONNX.';
  return new InputError(
    `TensorFlow.js can't run ${path}: it has ${kind} that TensorFlow.js doesn't know: ${list.join(', ')}. ${todo}`,
  );
}
