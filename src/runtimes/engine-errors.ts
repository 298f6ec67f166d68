// Puts onnxruntime's messages in words: what the model asks for, what the engine lacks, and what to do.
import { InputError, RunError, messageOf } from '../core/errors.js';

type Wording = { readonly pattern: RegExp; readonly say: (parts: readonly string[]) => string };

/** Messages of onnxruntime 1.2x, most telling first; groups of the pattern are handed to `say`. */
const WORDINGS: readonly Wording[] = [
  {
    pattern: /In Node, \("([^"]*)", ([^,]+), "([^"]*)".*No Op registered for \S+ with domain_version of (\d+)/s,
    say: ([node, operator, , version]) =>
      `node "${node}" asks for the operator ${operator}, which standard operator set ${version} doesn't have. Export the model with standard operators only, or with a higher opset.`,
  },
  {
    pattern: /In Node, \("([^"]*)", ([^,]+), .*No opset import for domain '([^']*)'/s,
    say: ([node, operator, domain]) =>
      `node "${node}" asks for the operator ${operator} of the set "${domain}", which the model doesn't import. Export the model with standard operators only.`,
  },
  {
    pattern: /Fatal error: (\S+):(\S+?)\(-?\d+\) is not a registered function\/op/s,
    say: ([domain, operator]) =>
      `it asks for the custom operator ${operator} of the set "${domain}". Export the model with standard operators only.`,
  },
  {
    pattern: /Could not find an implementation for (\S+?)\((\d+)\) node with name '([^']*)'/s,
    say: ([operator, version, node]) =>
      `node "${node}" asks for the operator ${operator} (version ${version}) on element types that the engine doesn't compute. Export the model in float32.`,
  },
  {
    pattern: /Opset (\d+) is under development.*till opset (\d+)/s,
    say: ([opset, most]) =>
      `it uses operator set ${opset} and the engine knows sets up to ${most}. Export the model with opset ${most} or lower.`,
  },
  {
    pattern: /Unsupported model IR version: (\d+), max supported IR version: (\d+)/s,
    say: ([version, most]) =>
      `its file format (IR version ${version}) is newer than the engine's (${most}). Save the model with IR version ${most} or lower.`,
  },
  {
    pattern: /validation failed for initializer: (\S+?)\. .*does not exist: "(?:[^"]*\/)?([^"/]*)"/s,
    say: ([tensor, file]) =>
      `the weights of tensor "${tensor}" are missing: "${file}" is not beside the model. Download or copy that file into the model's folder too.`,
  },
  {
    pattern: /Node input '([^']*)' is not a graph input, initializer, or output of a previous node/s,
    say: ([tensor]) => `a node reads the tensor "${tensor}", which nothing in the graph makes. Export the model again.`,
  },
  {
    pattern: /Node \(([^)]*)\) Op \(([^)]*)\) \[ShapeInferenceError\] (.*)/s,
    say: ([node, operator, why]) =>
      `node "${node}" (${operator}) gets tensors whose shapes don't fit: ${(why ?? '').trim()}. Export the model again.`,
  },
  {
    pattern: /In Node, \("([^"]*)", ([^,]+), .*, Error (.*)/s,
    say: ([node, operator, why]) =>
      `node "${node}" (${operator}) is wrong: ${(why ?? '').trim().replace(/\.$/, '')}. Export the model again.`,
  },
];

/** What onnxruntime says, without the file's name and places in its source code. */
function plain(message: string): string {
  return message
    .replace(/^Load model from .*? failed:/s, '')
    .replace(/\/onnxruntime_src\/\S+ .*?\) (?=[A-Z])/s, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '');
}

/** The error of a model that the engine can't load. */
export function loadError(path: string, error: unknown): InputError {
  const message = messageOf(error);
  for (const { pattern, say } of WORDINGS) {
    const found = pattern.exec(message);
    if (found) return new InputError(`onnxruntime can't load ${path}: ${say(found.slice(1))}`);
  }
  return new InputError(
    `onnxruntime can't load ${path}: ${plain(message)}. Check the model with onnxruntime, or export it again.`,
  );
}

/** The error of a model that loads but fails when it runs. */
export function runError(path: string, error: unknown): RunError {
  return new RunError(`onnxruntime failed on ${path}: ${plain(messageOf(error))}.`);
}
