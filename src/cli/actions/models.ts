// What `invariance models list` and `models inspect` do: which models there are, and what is known of one.
import { expected } from '../../core/errors.js';
import { percent } from '../../metrics/words.js';
import { zooCards } from '../../models/card.js';
import { describeModel, descriptionLines } from '../../models/inspect.js';
import { openModels } from '../../run/open.js';
import { aligned } from '../table.js';

export type ListOptions = { readonly json?: boolean };

export async function list({ json }: ListOptions): Promise<void> {
  const cards = await zooCards();
  if (json) {
    process.stdout.write(`${JSON.stringify(cards, null, 2)}\n`);
    return;
  }
  const rows = cards.map((card) => [
    card.name,
    percent(card.accuracy.value),
    String(card.subsamplingFactor),
    card.padding,
    `${card.partner === null ? '' : `against ${card.partner}: `}${card.changes}${card.honestNull ? ' (no effect found)' : ''}`,
  ]);
  const lines = aligned(
    [['name', 'accuracy', 'subsampling', 'padding', 'what it is'], ...rows],
    ['left', 'right', 'right', 'left', 'left'],
  );
  process.stdout.write(`${lines.join('\n')}\n`);
}

export type InspectOptions = { readonly preprocess?: string; readonly json?: boolean };

export async function inspect(where: string, options: InspectOptions): Promise<void> {
  const [model, ...more] = await openModels([{ where }], options.preprocess);
  if (model === undefined || more.length > 0)
    throw expected('models inspect', 'one model', where, 'Inspect them one by one.');
  const description = await describeModel(model);
  process.stdout.write(
    options.json ? `${JSON.stringify(description, null, 2)}\n` : `${descriptionLines(description).join('\n')}\n`,
  );
}
