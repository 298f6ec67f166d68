// The number of each model that a comparison draws its estimates against (`--x`): of its cost, or of its card.
import type { ComparedNumber, ModelCost } from '../core/compare.js';
import { InputError, unknownName } from '../core/errors.js';
import type { Model } from '../core/model.js';
import { costNumber } from '../metrics/compare-words.js';
import { cardNumber } from '../models/card.js';

const COSTS = { params: 'parameters', macs: 'macs', depth: 'depth', factor: 'factor' } as const;

/** @throws InputError for a name that is none of these */
export function checkNumberName(name: string): void {
  if (Object.hasOwn(COSTS, name) || /^card\..+/.test(name)) return;
  throw unknownName('number for --x', name, [...Object.keys(COSTS), 'card.KEY (a number of each model’s card.json)']);
}

/**
 * Each model's number.
 *
 * @param costs in the order of `models`
 * @throws InputError naming the model that hasn't one, and why
 */
export async function comparedNumber(
  name: string,
  models: readonly Model[],
  costs: readonly ModelCost[],
): Promise<ComparedNumber> {
  checkNumberName(name);
  const values: { model: string; value: number }[] = [];
  for (const [i, model] of models.entries()) {
    const value = name.startsWith('card.')
      ? await cardNumber(model, name.slice('card.'.length))
      : costValue(name as keyof typeof COSTS, model, costs[i]);
    values.push({ model: model.name, value });
  }
  return { name, values };
}

function costValue(name: keyof typeof COSTS, model: Model, cost: ModelCost | undefined): number {
  const value = costNumber(cost, COSTS[name]);
  if (value !== null) return value;
  const found = cost?.[COSTS[name]];
  const reason = typeof found === 'object' && 'unavailable' in found ? found.unavailable : 'it was not told';
  throw new InputError(
    `${model.name} has no number for --x ${name}: ${reason.replace(/\.$/, '')}. Leave the model out, or give another --x.`,
  );
}
