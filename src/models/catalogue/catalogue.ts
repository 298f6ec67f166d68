// The catalogue: every published model that `invariance models pull` knows, with what is needed to measure it.
import { unknownName } from '../../core/errors.js';
import { FAMILIES, PUBLISHED_TOP1 } from './families.js';
import type { Family } from './families.js';
import { PUBLISHED_MODELS } from './published.js';
import type { PublishedModel } from './published.js';

/** A published model with its family's facts. */
export type CatalogueEntry = PublishedModel & {
  readonly family: Family;
  /** Published top-1 accuracy, fraction of 1; null where none was found. */
  readonly top1: number | null;
};

function familyOf(name: string): Family {
  const plain = name.replace(/-\d+$/, '');
  const family = FAMILIES.find(({ members }) => members.includes(plain));
  if (family === undefined)
    throw unknownName(
      'model family',
      plain,
      FAMILIES.flatMap(({ members }) => members),
    );
  return family;
}

/** All entries, in the table's order. */
export const CATALOGUE: readonly CatalogueEntry[] = PUBLISHED_MODELS.map((model) => ({
  ...model,
  family: familyOf(model.name),
  top1: PUBLISHED_TOP1[model.name] ?? null,
}));

/** The entry of that name, or undefined. */
export function catalogueEntry(name: string): CatalogueEntry | undefined {
  return CATALOGUE.find((entry) => entry.name === name);
}

/** The entries whose name or task holds every word of `filter`, whatever the case. */
export function filterCatalogue(filter: string): CatalogueEntry[] {
  const words = filter.toLowerCase().split(/\s+/);
  return CATALOGUE.filter(({ name, family }) => {
    const text = `${name} ${family.task}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
