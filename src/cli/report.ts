// `invariance report`: its options.
import { Command } from 'commander';
import type { ReportOptions } from './actions/report.js';

export function reportCommand(): Command {
  return new Command('report')
    .description(
      'make the page again from one run, or one page from several (shards, or other models on the same pictures)',
    )
    .argument('<run...>', 'folders of runs')
    .option('--out <folder>', 'where to write (default: the run’s folder; of several runs reports/joined)')
    .option('--images <path>', 'where the pictures lie now, if not where the run found them')
    .option('--json', 'print result.json on standard output and nothing else')
    .action(async (folders: string[], options: ReportOptions) =>
      (await import('./actions/report.js')).report(folders, options),
    );
}
