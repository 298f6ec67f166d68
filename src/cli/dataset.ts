// `invariance dataset`: its options.
import { Command } from 'commander';
import { MOST_GRID } from '../dataset/cells.js';
import type { DatasetCommandOptions } from './actions/dataset.js';
import { fraction, wholeNumber } from './options.js';

export function datasetCommand(): Command {
  return new Command('dataset')
    .description('where the objects of a data set lie and how large they are, against uniform; needs no model')
    .argument('<boxes>', 'a folder of Pascal-VOC XML, COCO JSON, or a CSV of boxes or point pairs')
    .option('--class <name>', 'the class that is shown beside all of them')
    .option('--grid <n>', 'cells a side of the tested grid of positions', wholeNumber('--grid', 2, MOST_GRID), 5)
    .option('--alpha <level>', 'level of the tests', fraction('--alpha'), 0.05)
    .option('--seed <n>', 'of the random crops', wholeNumber('--seed', 0), 0)
    .option('--limit <n>', 'count the first so many boxes only', wholeNumber('--limit', 1))
    .option('--one-per-picture', 'count only the first box of a class in each picture')
    .option('--strict', 'stop at the first box that can’t be used')
    .option('--out <folder>', 'where result, page and figures go', 'reports/dataset')
    .option('--no-report', 'write result.json only')
    .option('--json', 'print result.json on standard output and nothing else')
    .option('--quiet', 'no progress')
    .action(async (boxes: string, options: DatasetCommandOptions) =>
      (await import('./actions/dataset.js')).dataset(boxes, options),
    );
}
