// `invariance variants`: its options.
import { Command } from 'commander';
import type { VariantsOptions } from './actions/variants.js';
import { repeated } from './options.js';

export function variantsCommand(): Command {
  return new Command('variants')
    .description(
      "rewrite a model's subsampling without retraining; alone: list where it subsamples and what can be done",
    )
    .argument('<model>', 'an .onnx file, a model folder, or a name of the zoo')
    .option('--subsampling <kinds>', 'what to do, one variant each: see below', repeated, [])
    .option('--at <layers...>', 'where: numbers or names of the list, or last2 for the last two (default: see below)')
    .option(
      '--export <sets>',
      'the answer averaged over shifts as one graph: grid2, grid4, quin8, lat8 or "dx,dy;dx,dy;…"',
      repeated,
      [],
    )
    .option('-o, --out <folder>', 'each variant gets a folder of its own in it', 'variants')
    .option(
      '--preprocess <name|file>',
      'for a model whose files don’t say it: imagenet, inception, clip, none or a JSON file',
    )
    .option('--json', 'as JSON')
    .action(async (where: string, options: VariantsOptions) =>
      (await import('./actions/variants.js')).variants(where, options),
    );
}
