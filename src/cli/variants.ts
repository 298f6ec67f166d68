// `invariance variants`: its options.
import { Command } from 'commander';
import type { VariantsOptions } from './actions/variants.js';
import { kindLines } from '../graph/rewrite/kind-summaries.js';
import { repeated } from './options.js';

function helpText(): string {
  return [
    '',
    'Kinds for --subsampling, several with commas between them, one folder each:',
    ...kindLines().flatMap(([names, summary]) => [`  ${names}`, `      ${summary}`]),
    '',
    'Without retraining blurs, aps, avgpool and circular cost accuracy and mend nothing: they are for analysis, and to',
    'train on from. dense and phases show which stride loses what. What mends is averaging (--export).',
    '',
    'Examples:',
    '  invariance variants stride',
    '  invariance variants stride --subsampling phases,dense --at last2',
    '  invariance variants model.onnx --subsampling aps+circular,blur3 -o rewritten',
    '  invariance variants stride --export grid4,quin8',
  ].join('\n');
}

export function variantsCommand(): Command {
  return new Command('variants')
    .description(
      "rewrite a model's subsampling without retraining; alone: list where it subsamples and what can be done",
    )
    .argument('<model>', 'an .onnx file, a model folder, or a name of the zoo')
    .option('--subsampling <kinds>', 'what to do with strides: dense, phases, blur3, aps, … (below)', repeated)
    .option(
      '--at <layers...>',
      'at which subsamplings, together in one variant: numbers or names of the list, last2 (default: all)',
    )
    .option(
      '--export <sets>',
      'the answer averaged over shifts as one graph: grid2, grid4, quin8, lat8 or "dx,dy;dx,dy;…"',
      repeated,
    )
    .option('-o, --out <folder>', 'each variant gets a folder of its own in it', 'variants')
    .option(
      '--preprocess <name|file>',
      'for a model whose files don’t say it: imagenet, inception, clip, none or a JSON file',
    )
    .option('--json', 'as JSON')
    .addHelpText('after', helpText)
    .action(async (where: string, options: VariantsOptions) =>
      (await import('./actions/variants.js')).variants(where, options),
    );
}
