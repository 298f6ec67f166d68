// Class names in a model's files: id2label of transformers, label_names of timm.
import { InputError, expected, shown } from '../core/errors.js';
import { isRecord } from './json-file.js';
import type { JsonFile } from './json-file.js';

/** transformers' placeholder names, which say nothing. */
const PLACEHOLDER = /^LABEL_\d+$/;

/**
 * Class names by index, or null where config.json gives none (placeholders "LABEL_0" count as none).
 *
 * @throws InputError where id2label isn't a list of names by index 0…n − 1
 */
export function labelsIn(config: JsonFile): readonly string[] | null {
  const { content, name } = config;
  const table = content['id2label'] ?? null;
  const names = table === null ? timmNames(content) : byIndex(table, name);
  return names === null || names.every((text) => PLACEHOLDER.test(text)) ? null : names;
}

function byIndex(table: unknown, file: string): string[] {
  const where = `"id2label" in ${file}`;
  if (!isRecord(table)) throw expected(where, 'an object of class names by index', table);
  const entries = Object.entries(table);
  const names = new Array<string>(entries.length);
  for (const [key, text] of entries) {
    const index = Number(key);
    if (!Number.isInteger(index) || index < 0 || index >= entries.length) {
      throw new InputError(
        `Expected the indices 0 to ${entries.length - 1} as keys of ${where} but received ${shown(key)}. Mend the file.`,
      );
    }
    names[index] = String(text);
  }
  return names;
}

/** timm: `label_names` are ids, described in `label_descriptions`. */
function timmNames(content: JsonFile['content']): string[] | null {
  const ids = content['label_names'];
  if (!Array.isArray(ids)) return null;
  const descriptions = content['label_descriptions'];
  return ids.map((id) => {
    const text = isRecord(descriptions) ? descriptions[String(id)] : undefined;
    return typeof text === 'string' ? `${String(id)}, ${text}` : String(id);
  });
}

/** Whether config.json says that the output is logits or probabilities ("output": "logits"). */
export function statedKind({ content, name }: JsonFile): 'logits' | 'probabilities' | null {
  const stated = content['output'] ?? null;
  if (stated === null || stated === 'logits' || stated === 'probabilities') return stated;
  throw expected(`"output" in ${name}`, '"logits" or "probabilities"', stated);
}
