// Variants of models: the same files with a remedy. A variant is a model like any other, with a name of its own.
import type { Model } from '../core/model.js';
import { canonicalJson, sha256 } from '../core/protocol.js';
import type { Remedy } from './remedy.js';

/** Longest list of shifts that a name spells out. */
const SPELLED = 32;

/** Every model, followed by its variants, one for each remedy. */
export function withRemedies(models: readonly Model[], remedies: readonly Remedy[]): Model[] {
  return models.flatMap((model) => [model, ...remedies.map((remedy) => variantOf(model, remedy))]);
}

function variantOf(model: Model, { name, steps, inferences }: Remedy): Model {
  return {
    ...model,
    name: `${model.name}+${nameInFiles(name)}`,
    remedy: { name, steps: steps.map(({ form }) => form), inferences },
  };
}

/** A name that any file system takes: "shifts:0,0;1,0" becomes "shifts_0.0_1.0", long lists their hash. */
function nameInFiles(name: string): string {
  const [before = '', list] = name.split(':');
  if (list === undefined) return name;
  const text = list.replaceAll(',', '.').replaceAll(';', '_');
  return `${before}_${text.length <= SPELLED ? text : sha256(text).slice(0, 8)}`;
}

/** Indices of models that are variants of one another (same files, preprocessing and classes), in their order. */
export function variantGroups(models: readonly Model[]): number[][] {
  const groups = new Map<string, number[]>();
  models.forEach(({ sha256: files, input, output, preprocessing, path }, i) => {
    const key = canonicalJson({ files, path, input, output, preprocessing });
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  return [...groups.values()];
}
