// `invariance models`: its sub-commands and their options.
import { Command } from 'commander';
import type { InspectOptions, ListOptions } from './actions/models.js';
import { withEngineOptions } from './engine-options.js';
import { wholeNumber } from './options.js';
import { pullCommand } from './pull.js';

export function modelsCommand(): Command {
  const command = new Command('models').description('list, inspect and fetch models');
  command
    .command('list')
    .description('the models that come with this program')
    .option('--json', 'as JSON')
    .action(async (options: ListOptions) => (await import('./actions/models.js')).list(options));
  withEngineOptions(
    command
      .command('inspect')
      .description('everything that was found out of a model: input, output, classes, preprocessing, and from where'),
  )
    .argument('<path|name>', 'an .onnx file, a model.json (also by its URL), a model folder, or a name of the zoo')
    .option('--preprocess <name|file>', 'imagenet, inception, clip, none or a JSON file')
    .option('--layers [all|glob|names]', 'the structure, layer by layer: strides, receptive fields, padding, costs')
    .option('--scales <n>', 'with --layers: scales that augmentation is to cover', wholeNumber('--scales', 1))
    .option('--rotations <n>', 'with --layers: rotations that augmentation is to cover', wholeNumber('--rotations', 1))
    .option('--json', 'as JSON')
    .action(async (where: string, options: InspectOptions) =>
      (await import('./actions/models.js')).inspect(where, options),
    );
  return command.addCommand(pullCommand());
}
