// Which runs may be joined into one result: parts of the same pictures, or other models on them, under one protocol.
import { InputError, shown } from '../core/errors.js';
import type { Model } from '../core/model.js';
import type { Observation } from '../core/observation.js';
import { differingKeys } from '../core/protocol.js';
import type { RunRecord } from '../core/result.js';
import { modelIdentity } from './record.js';
import { observationsFile, readObservations } from './store.js';

/** The models of all runs, each once, in their order. */
export function modelsOf(records: readonly RunRecord[]): Model[] {
  return [...new Map(records.flatMap(({ models }) => models).map((model) => [model.name, model])).values()];
}

/** A model's observations of all runs that have it, one at a time; a picture that two runs measured counts once. */
export async function* joinedObservations(
  folders: readonly string[],
  records: readonly RunRecord[],
  model: string,
): AsyncGenerator<Observation> {
  const seen = new Set<string>();
  for (const [i, folder] of folders.entries()) {
    if (!records[i]?.models.some(({ name }) => name === model)) continue;
    for await (const observation of readObservations(observationsFile(folder, model))) {
      if (seen.has(observation.picture)) continue;
      seen.add(observation.picture);
      yield observation;
    }
  }
}

/**
 * @param what is asked of the runs, for the messages
 * @throws InputError where protocols, pictures or models of one name differ: says where and how
 */
export function checkComparable(
  folders: readonly string[],
  records: readonly RunRecord[],
  what: 'joined' | 'compared' = 'joined',
): void {
  const [first, ...others] = records;
  if (first === undefined) return;
  checkModels(folders, records, what);
  others.forEach((other, i) => {
    const runs = `${folders[0] ?? ''} and ${folders[i + 1] ?? ''}`;
    if (other.hash !== first.hash) {
      const { name: _a, ...a } = first.protocol;
      const { name: _b, ...b } = other.protocol;
      throw new InputError(
        `${runs} can't be ${what}: their protocols differ in ${listed(differingKeys(a, b))}. Measure all models under one protocol.`,
      );
    }
    if (other.pictures.sha256 !== first.pictures.sha256) {
      throw new InputError(
        `${runs} can't be ${what}: their pictures differ (${first.pictures.count} from ${first.pictures.source}, ` +
          `${other.pictures.count} from ${other.pictures.source}; ids, sizes, labels and boxes must agree). Measure all models on the same pictures.`,
      );
    }
  });
}

/**
 * Every model of a name must be the same one in every run that has it.
 *
 * @throws InputError where two differ: says where and how
 */
export function checkModels(
  folders: readonly string[],
  records: readonly Pick<RunRecord, 'models'>[],
  what: 'joined' | 'compared',
): void {
  const seen = new Map<string, { readonly model: Model; readonly folder: string }>();
  for (const [i, { models }] of records.entries()) {
    for (const model of models) {
      const folder = folders[i] ?? '';
      const before = seen.get(model.name);
      if (before === undefined) {
        seen.set(model.name, { model, folder });
        continue;
      }
      const differences = differingKeys(modelIdentity(before.model), modelIdentity(model));
      if (differences.length === 0) continue;
      throw new InputError(
        `${before.folder} and ${folder} can't be ${what}: they name two different models "${model.name}", which differ in ` +
          `${listed(differences)}. Name one apart: --model NAME=PATH.`,
      );
    }
  }
}

function listed(differences: readonly { path: string; a: unknown; b: unknown }[]): string {
  return differences
    .slice(0, 5)
    .map(({ path, a, b }) => `${path} (${shown(a)}, ${shown(b)})`)
    .join('; ');
}
