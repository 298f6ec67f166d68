// What `invariance dataset` does: counts, prints what the counts say, writes result, page and figures.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { unknownName } from '../../core/errors.js';
import type { DatasetResult } from '../../core/dataset.js';
import { version } from '../../core/version.js';
import { measureDataset } from '../../dataset/measure.js';
import { faultText } from '../../dataset/read/check.js';
import { counted } from '../../metrics/words.js';
import { buildDatasetFigures } from '../../report/dataset/figures.js';
import { buildDatasetPage, type DatasetPageInput } from '../../report/dataset/page.js';
import {
  byBias,
  classColumns,
  classRow,
  datasetNotices,
  datasetSentences,
  nounsOf,
} from '../../report/dataset/words.js';
import { files, jsonText, openFolder, writeAtomically } from '../../run/store.js';
import { commandLine } from '../options.js';
import { aligned } from '../table.js';

export type DatasetCommandOptions = {
  readonly class?: string;
  readonly grid: number;
  readonly alpha: number;
  readonly seed: number;
  readonly limit?: number;
  readonly onePerPicture?: boolean;
  readonly strict?: boolean;
  readonly out: string;
  readonly report: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
};

/** Classes and faults that the terminal lists. */
const LISTED_CLASSES = 10;
const LISTED_FAULTS = 5;

export async function dataset(boxes: string, options: DatasetCommandOptions): Promise<void> {
  const { grid, alpha, seed, limit, onePerPicture = false, strict = false, class: shown } = options;
  const live = process.stderr.isTTY && !options.quiet;
  const result = await measureDataset(boxes, {
    grid,
    alpha,
    seed,
    onePerPicture,
    strict,
    ...(limit === undefined ? {} : { limit }),
    onProgress: (read) => live && process.stderr.write(`\r${counted(read, 'box', 'boxes')} read`),
  });
  if (live) process.stderr.write('\r\u001b[K');
  const names = result.classes.map(({ name }) => name);
  if (shown !== undefined && !names.includes(shown)) throw unknownName('class', shown, names);
  const written = await write(options, {
    result,
    command: commandLine(process.argv.slice(2)),
    version,
    ...(shown === undefined ? {} : { shown }),
  });
  process.stdout.write(options.json ? jsonText(result) : `${[...summary(result, shown), '', ...written].join('\n')}\n`);
}

/** Writes what was asked for; returns lines that say where. */
async function write({ out, report }: DatasetCommandOptions, input: DatasetPageInput): Promise<string[]> {
  const lock = await openFolder(out);
  try {
    const at = (name: string): string => path.join(out, name);
    await writeAtomically(at(files.result), jsonText(input.result));
    if (!report) return [`result  ${at(files.result)}`];
    await writeAtomically(at(files.report), buildDatasetPage(input));
    await rm(at(files.figures), { recursive: true, force: true });
    for (const { name, svg, png } of await buildDatasetFigures(input)) {
      await writeAtomically(path.join(at(files.figures), `${name}.svg`), svg);
      await writeAtomically(path.join(at(files.figures), `${name}.png`), png);
    }
    return [`page    ${at(files.report)}`, `result  ${at(files.result)}`];
  } finally {
    await lock.release();
  }
}

function summary(result: DatasetResult, shown: string | undefined): string[] {
  const { source, options } = result;
  const { box, boxes } = nounsOf(result);
  const sorted = byBias(result.classes);
  const listed = sorted.filter(({ name }, i) => i < LISTED_CLASSES || name === shown);
  const more = sorted.length - listed.length;
  return [
    `${source.name} (${source.format}): ${counted(source.boxes, box, boxes)} in ${counted(source.pictures, 'picture')}, ${counted(sorted.length, 'class', 'classes')}; grid ${options.grid} × ${options.grid}, seed ${options.seed}`,
    '',
    ...datasetSentences(result),
    ...datasetNotices(result).map((notice) => `note: ${notice}`),
    ...source.faults.slice(0, LISTED_FAULTS).map((fault) => `  ${faultText(fault)}`),
    '',
    ...aligned([classColumns(result), ...[...listed, result.overall].map(classRow)]),
    ...(more > 0 ? [`… and ${counted(more, 'class', 'classes')} less biased in position`] : []),
  ];
}
