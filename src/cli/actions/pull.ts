// What `invariance models pull` does: lists the published models, and fetches one into the cache, ready to probe.
import { expected } from '../../core/errors.js';
import { pulledModels } from '../../models/cache.js';
import { filterCatalogue } from '../../models/catalogue/catalogue.js';
import type { CatalogueEntry } from '../../models/catalogue/catalogue.js';
import { pullModel, pullableModel } from '../../models/pull.js';
import type { PullableModel } from '../../models/pull.js';
import { downloadDisplay, megabytes } from '../download-progress.js';

export type PullOptions = {
  readonly list?: boolean | string;
  readonly url?: string;
  readonly sha256?: string;
  readonly quiet?: boolean;
};

export async function pull(name: string | undefined, options: PullOptions): Promise<void> {
  if (options.list !== undefined) {
    const filter = [options.list === true ? '' : options.list, name ?? ''].join(' ').trim();
    return list(filter);
  }
  if (name === undefined) throw expected('models pull', 'a model’s name', undefined, 'See all with --list.');
  const model = pullableModel(name, options.sha256);
  if (model.path === null && options.url === undefined) {
    throw expected('--url', `the URL of "${name}", which isn't in the list`, undefined);
  }
  const display = downloadDisplay(process.stderr, {
    quiet: options.quiet ?? false,
    seconds: () => performance.now() / 1000,
  });
  try {
    const { folder, downloaded } = await pullModel(model, {
      ...(options.url === undefined ? {} : { url: options.url }),
      progress: display.update,
      waiting: (owner) => void process.stderr.write(`process ${owner} is pulling ${name}: waiting for it\n`),
    });
    display.stop();
    if (!downloaded) process.stderr.write(`${name} was there already, with the right checksum\n`);
    process.stderr.write(`${advice(model).join('\n')}\n`);
    process.stdout.write(`${folder}\n`);
  } finally {
    display.stop();
  }
}

/** How to probe the model, and what must be known for it. */
function advice({ name, family }: PullableModel): string[] {
  const preprocessing = family?.preprocessing ?? { unknown: 'the model isn’t in the list' };
  if (family?.task === 'MNIST digits, grey pictures') return [`${name} can't be probed: it takes grey pictures`];
  if (!('unknown' in preprocessing)) return [`probe it: invariance probe --model ${name} --images PICTURES`];
  return [
    `preprocessing unknown: ${preprocessing.unknown}`,
    `probe it with --preprocess: invariance probe --model ${name} --preprocess NAME|file.json --images PICTURES`,
  ];
}

async function list(filter: string): Promise<void> {
  const entries = filterCatalogue(filter);
  if (entries.length === 0) throw expected('--list', 'part of a published model’s name or task', filter);
  const pulled = new Set(await pulledModels());
  const rows = entries.map((entry) => columns(entry, pulled.has(entry.name)));
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const [name = '', size = '', task = '', top1 = '', state = ''] of rows) {
    const line = [
      name.padEnd(widths[0] ?? 0),
      size.padStart(widths[1] ?? 0),
      task.padEnd(widths[2] ?? 0),
      top1.padStart(widths[3] ?? 0),
      state,
    ];
    process.stdout.write(`${line.join('  ').trimEnd()}\n`);
  }
}

function columns({ name, bytes, family, top1 }: CatalogueEntry, pulled: boolean): string[] {
  const notes = ['unknown' in family.preprocessing ? 'preprocessing unknown' : '', pulled ? 'pulled' : ''];
  return [
    name,
    megabytes(bytes),
    family.task,
    top1 === null ? '–' : `${(top1 * 100).toFixed(2)} %`,
    notes.filter((note) => note !== '').join(', '),
  ];
}
