// `invariance compare`: its arguments and options. What it does is loaded when it is called.
import { Command } from 'commander';
import type { CompareOptions } from './actions/compare.js';
import { withProbeOptions } from './probe.js';

export function compareCommand(): Command {
  return withProbeOptions(
    new Command('compare')
      .description('compare models, or finished runs, on the same pictures and views: stability, accuracy, cost')
      .argument(
        '<models-or-runs...>',
        'models as --model takes them, measured here; or folders of finished runs; or both: the models are then measured as the runs were',
      )
      .option('--reference <name>', 'the model that the others are compared with (default: the first)')
      .option(
        '--x <number>',
        'draw change and accuracy against a number of each model: params, macs, depth, factor, or card.KEY of its card.json',
      )
      .option('--no-timing', 'leave out the times of an answer'),
  ).action(async (named: string[], options: CompareOptions, command: Command) =>
    (await import('./actions/compare.js')).compare(
      named,
      options,
      Object.keys(options).filter((key) => command.getOptionValueSource(key) === 'cli'),
    ),
  );
}
