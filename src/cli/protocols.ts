// `invariance protocols`: its options.
import { Command } from 'commander';
import type { ProtocolsOptions } from './actions/protocols.js';

export function protocolsCommand(): Command {
  return new Command('protocols')
    .description('list and explain the published protocols')
    .argument('[name]', 'one protocol: prints all its parameters')
    .option('--json', 'as JSON, in the form that --protocol file.json takes')
    .action(async (name: string | undefined, options: ProtocolsOptions) =>
      (await import('./actions/protocols.js')).protocols(name, options),
    );
}
