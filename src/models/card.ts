// A model's card (card.json beside it): what it is, what it changes against which partner, what was measured of it.
import path from 'node:path';
import { z } from 'zod';
import { InputError } from '../core/errors.js';
import { listZoo } from './find.js';
import { readJsonFile } from './json-file.js';

const measured = z.object({ value: z.number(), low: z.number(), high: z.number(), pictures: z.number() });

const cardSchema = z.object({
  name: z.string(),
  what: z.string(),
  /** The model that differs from this one in `changes` alone; null for the first of them. */
  partner: z.string().nullable(),
  changes: z.string(),
  accuracy: measured,
  parameters: z.number(),
  depth: z.number(),
  subsamplingFactor: z.number(),
  padding: z.string(),
  /** Whether the variant was expected to have an effect and has none. */
  honestNull: z.boolean(),
  licence: z.string(),
  /** SHA-256 of the model's file. */
  sha256: z.string(),
});

export type Card = z.infer<typeof cardSchema>;

/**
 * The cards of the embedded models, in the order of their names.
 *
 * @throws InputError where a card is missing or damaged
 */
export async function zooCards(): Promise<readonly (Card & { readonly path: string })[]> {
  const cards = [];
  for (const model of await listZoo()) {
    const file = path.join(model.path, 'card.json');
    const content = await readJsonFile(file);
    const card = cardSchema.safeParse(content?.content);
    if (!card.success) throw new InputError(`Expected a model's card in ${file}: ${z.prettifyError(card.error)}.`);
    cards.push({ ...card.data, path: model.path });
  }
  return cards;
}
