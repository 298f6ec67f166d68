// `invariance variants`: its options.
import { Command } from 'commander';
import type { VariantsOptions } from './actions/variants.js';
import { kindLines } from '../graph/rewrite/kind-summaries.js';
import { InputError } from '../core/errors.js';
import type { AttributeOptions } from './actions/attribute.js';
import { repeated, wholeNumber } from './options.js';

function helpText(): string {
  return [
    '',
    'Kinds for --subsampling, several with commas between them, one folder each:',
    ...kindLines().flatMap(([names, summary]) => [`  ${names}`, `      ${summary}`]),
    '',
    'On three ImageNet models blurs, aps, avgpool and circular cost accuracy without retraining and mend nothing: they are',
    'for analysis, and to train on from. dense and phases show which stride loses what. What mends is averaging (--export).',
    'Other networks may differ: compare the variants of yours.',
    '',
    'Examples:',
    '  invariance variants stride',
    '  invariance variants stride --subsampling phases,dense --at last2',
    '  invariance variants model.onnx --subsampling aps+circular,blur3 -o rewritten',
    '  invariance variants stride --export grid4,quin8',
    '  invariance variants stride --attribute --images photos --limit 200',
  ].join('\n');
}

type AllOptions = Omit<VariantsOptions, 'out'> & AttributeOptions & { readonly attribute?: boolean };

/** Options that say what to rewrite and where: an attribution takes every stride by itself. */
const REWRITING = ['subsampling', 'at', 'export'];
const COMMON = ['attribute', 'out', 'preprocess', 'json'];

/** @throws InputError for an option that means nothing here */
function checkOptions(command: Command, attribute: boolean): void {
  const given = Object.keys(command.opts()).filter((key) => command.getOptionValueSource(key) === 'cli');
  const written = (key: string): string => {
    const option = command.options.find((one) => one.attributeName() === key);
    return option?.long ?? `--${key}`;
  };
  const foreign = given.find((key) => !COMMON.includes(key) && REWRITING.includes(key) === attribute);
  if (foreign === undefined) return;
  throw new InputError(
    attribute
      ? `${written(foreign)} has no meaning with --attribute, which takes off every stride by itself. Leave it out.`
      : `${written(foreign)} is for --attribute. Add it, or leave ${written(foreign)} out.`,
  );
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
    .option(
      '-o, --out <folder>',
      'each variant gets a folder of its own in it (default: variants); with --attribute the run’s folder',
    )
    .option(
      '--preprocess <name|file>',
      'for a model whose files don’t say it: imagenet, inception, clip, none or a JSON file',
    )
    .option('--json', 'as JSON')
    .option(
      '--attribute',
      'which stride loses the invariance: measure the model without one at a time, and without the last ones; the options below are for it',
    )
    .option('--images <path>', 'a picture, a folder, a folder of class folders, or a CSV with file and label')
    .option('--labels <csv>', 'labels apart from the pictures; none = ignore those of class folders')
    .option('--limit <n>', 'at most so many pictures, spread over the list', wholeNumber('--limit', 1))
    .option(
      '--max-cost <n>',
      'leave out variants that cost more than n times the model (30, and 10⁹ multiply-accumulates in any case)',
      wholeNumber('--max-cost', 1),
    )
    .option('--no-layers', 'leave out how much of the last layer moves, and its time')
    .option('--shift <Npx>', 'step between neighbouring positions (1px)')
    .option('--surround <name>', 'what enters: crop (default), cyclic, …, as `probe` has it')
    .option(
      '--canvas <pixels>',
      "shorter side that pictures are resized to (default: the model's own)",
      wholeNumber('--canvas', 1),
    )
    .option('--path <near,far>', 'the two displacements (diagonal,random-pair:N with N half the subsampling factor)')
    .option('--repeat <n>', 'random pairs of each picture (8)', wholeNumber('--repeat', 1, 1000))
    .option('--seed <n>', 'seed of everything random', wholeNumber('--seed', 0))
    .option('--workers <n>', 'worker threads (default: one a core)', wholeNumber('--workers', 1, 1024))
    .option('--threads <n>', 'threads of each worker’s session (1)', wholeNumber('--threads', 1, 1024))
    .option('--fresh', 'drop what the run’s folder holds and start again')
    .option('--strict', 'stop at the first picture that can’t be used')
    .option('--no-report', 'leave out the page, the figures and the Parquet file')
    .option('--quiet', 'no progress')
    .addHelpText('after', helpText)
    .action(async (where: string, options: AllOptions, command: Command) => {
      const { attribute, out, ...others } = options;
      const to = out === undefined ? {} : { out };
      checkOptions(command, attribute ?? false);
      if (attribute) await (await import('./actions/attribute.js')).attribute(where, { ...others, ...to });
      else await (await import('./actions/variants.js')).variants(where, { ...others, out: out ?? 'variants' });
    });
}
