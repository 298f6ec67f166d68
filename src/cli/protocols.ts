// `invariance protocols`: the published protocols by name, with their sources; or one of them whole.
import { Command } from 'commander';
import { findPreset, presets } from '../probes/presets.js';
import { makeProtocol } from '../probes/protocol.js';

export function protocolsCommand(): Command {
  return new Command('protocols')
    .description('list and explain the published protocols')
    .argument('[name]', 'one protocol: prints all its parameters')
    .option('--json', 'as JSON, in the form that --protocol file.json takes')
    .action(protocols);
}

async function protocols(name: string | undefined, { json }: { readonly json?: boolean }): Promise<void> {
  if (name === undefined) {
    if (json) process.stdout.write(`${JSON.stringify(presets, null, 2)}\n`);
    else
      for (const preset of presets)
        process.stdout.write(`${preset.name}\n    ${preset.title}\n    ${preset.summary}\n    ${preset.source}\n`);
    return;
  }
  const preset = findPreset(name);
  const protocol = await makeProtocol({ preset: name });
  if (!json) process.stdout.write(`${preset.title}\n${preset.summary}\n${preset.source}\n\n`);
  process.stdout.write(`${JSON.stringify(protocol, null, 2)}\n`);
}
