// `invariance models pull`: its options.
import { Command } from 'commander';
import type { PullOptions } from './actions/pull.js';

export function pullCommand(): Command {
  return new Command('pull')
    .description('fetch a published model, verified and ready to probe; or list what there is')
    .argument('[name]', 'a name of the list; with --url and --sha256 any name for a model of your own')
    .option('--list [filter]', 'the published models: size, task, published top-1 accuracy, whether pulled')
    .option('--url <url>', 'a mirror (the list’s path is put behind it), or the file itself (ends in .onnx)')
    .option('--sha256 <digits>', 'checksum of a model that isn’t in the list')
    .option('--quiet', 'no progress')
    .action(async (name: string | undefined, options: PullOptions) =>
      (await import('./actions/pull.js')).pull(name, options),
    );
}
