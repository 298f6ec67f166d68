// `invariance models`: which models there are, and what is known of one.
import { Command } from 'commander';
import { expected } from '../core/errors.js';
import { percent } from '../metrics/words.js';
import { zooCards } from '../models/card.js';
import { describeModel, descriptionLines } from '../models/inspect.js';
import { openModels } from '../run/open.js';
import { pullCommand } from './pull.js';
import { aligned } from './table.js';

export function modelsCommand(): Command {
  const command = new Command('models').description('list, inspect and fetch models');
  command
    .command('list')
    .description('the models that come with this program')
    .option('--json', 'as JSON')
    .action(list);
  command
    .command('inspect')
    .description('everything that was found out of a model: input, output, classes, preprocessing, and from where')
    .argument('<path|name>', 'an .onnx file, a model folder, or a name of the zoo')
    .option('--preprocess <name|file>', 'imagenet, inception, clip, none or a JSON file')
    .option('--json', 'as JSON')
    .action(inspect);
  return command.addCommand(pullCommand());
}

async function list({ json }: { readonly json?: boolean }): Promise<void> {
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

async function inspect(
  where: string,
  options: { readonly preprocess?: string; readonly json?: boolean },
): Promise<void> {
  const [model, ...more] = await openModels([{ where }], options.preprocess);
  if (model === undefined || more.length > 0)
    throw expected('models inspect', 'one model', where, 'Inspect them one by one.');
  const description = await describeModel(model);
  process.stdout.write(
    options.json ? `${JSON.stringify(description, null, 2)}\n` : `${descriptionLines(description).join('\n')}\n`,
  );
}
