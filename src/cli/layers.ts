// `invariance layers`: `invariance probe --layers` in short, with the models as arguments.
import { Command } from 'commander';
import type { ProbeOptions } from './actions/probe.js';
import { withProbeOptions } from './probe.js';

export function layersCommand(): Command {
  return withProbeOptions(
    new Command('layers')
      .description('look inside networks: where invariance is lost (probe --layers in short)')
      .argument('[models...]', 'as --model takes them'),
  ).action(async (models: readonly string[], options: ProbeOptions) =>
    (await import('./actions/probe.js')).probe({
      ...options,
      model: [...models, ...options.model],
      layers: options.layers ?? true,
    }),
  );
}
