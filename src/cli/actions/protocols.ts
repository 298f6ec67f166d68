// What `invariance protocols` does: the published protocols by name, with their sources; or one of them whole.
import { findPreset, presets } from '../../probes/presets.js';
import { makeProtocol } from '../../probes/protocol.js';

export type ProtocolsOptions = { readonly json?: boolean };

export async function protocols(name: string | undefined, { json }: ProtocolsOptions): Promise<void> {
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
