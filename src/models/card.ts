// A model's card (card.json beside it): what it is, what it changes against which partner, what was measured of it.
import path from 'node:path';
import { z } from 'zod';
import { expected, InputError } from '../core/errors.js';
import type { Model } from '../core/model.js';
import { listZoo } from './find.js';
import { describingFolder } from './folder.js';
import { isRecord, readJsonFile } from './json-file.js';

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

/**
 * A number of the card in a model's folder.
 *
 * @param key members joined by points: "depth", "accuracy.value"
 * @throws InputError naming the model where there is no card, no such member, or no number in it
 */
export async function cardNumber({ name, path: file }: Pick<Model, 'name' | 'path'>, key: string): Promise<number> {
  const where = path.join(await describingFolder(file), 'card.json');
  const card = await readJsonFile(where);
  if (card === null) {
    throw new InputError(
      `${name} has no card: there is no ${where}. Write one, {"${key}": 1.5}, or leave the model out.`,
    );
  }
  const value = key
    .split('.')
    .reduce<unknown>((found, member) => (isRecord(found) ? found[member] : undefined), card.content);
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const { content } = card;
  const numbers = Object.keys(content).filter((member) => typeof content[member] === 'number');
  throw expected(
    `"${key}" in the card of ${name} (${where})`,
    'a number',
    value,
    numbers.length > 0 ? `It has these numbers: ${numbers.join(', ')}.` : 'It has no numbers of its own.',
  );
}
