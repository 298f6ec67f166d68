// Writes docs/validation.md: the shared models under published protocols, beside the published values.
//   npm run build && node scripts/validate.mjs
// Needs the models and photographs of ../shared; every figure in the document comes from here.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { presets } from 'invariance';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const real = path.join('..', 'shared', 'real');
if (!existsSync(real)) {
  console.error('Expected the models and photographs in ../shared/real, but they are not there.');
  process.exit(2);
}

const models = ['efficientnet-lite0', 'mobilenet-v1-0.5-160', 'mobilenet-v1-0.25-128'];
const pictures = ['--images', '../shared/real/imagenet/images', '--labels', '../shared/real/imagenet/labels.csv'];
const protocols = [
  { title: 'One-pixel shift (default: crop, diagonal)', flags: ['--shift', '1px'] },
  { title: 'azulay-crop', flags: ['--protocol', 'azulay-crop'] },
  { title: 'azulay-mean', flags: ['--protocol', 'azulay-mean'] },
  { title: 'zhang', flags: ['--protocol', 'zhang'] },
  { title: 'Cyclic one-pixel shift', flags: ['--shift', '1px', '--surround', 'cyclic'] },
];
const columns = [
  ['top1Change', 'P(top-1 change)'],
  ['consistency', 'consistency'],
  ['meanAbsoluteChange', 'mean absolute change'],
  ['jaggedness', 'jaggedness'],
  ['accuracy', 'accuracy'],
  ['worstAccuracy', 'right under every view'],
];

const scratch = mkdtempSync(path.join(os.tmpdir(), 'invariance-validation-'));
const parts = [];
try {
  for (const { title, flags } of protocols) {
    const args = [
      'probe',
      ...flags,
      ...models.flatMap((name) => ['--model', `../shared/real/models/${name}`]),
      ...pictures,
    ];
    const run = spawnSync(
      process.execPath,
      ['dist/cli/main.js', ...args, '--json', '--quiet', '--no-report', '--out', path.join(scratch, title)],
      {
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      },
    );
    if (run.status !== 0) throw new Error(run.stderr);
    parts.push(section(title, `invariance ${args.join(' ')}`, JSON.parse(run.stdout)));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

const before = readFileSync('docs/validation.md', 'utf8');
const [head, , tail] = before.split(/^<!-- (?:begin|end) of what scripts\/validate\.mjs writes -->$/m);
writeFileSync(
  'docs/validation.md',
  `${head}<!-- begin of what scripts/validate.mjs writes -->\n\n${parts.join('\n')}\n<!-- end of what scripts/validate.mjs writes -->${tail}`,
);

function section(title, command, result) {
  const rows = result.models.map(
    ({ name, estimates }) => `| ${name} | ${columns.map(([metric]) => cell(estimates[metric])).join(' | ')} |`,
  );
  const published = presets.find(({ name }) => name === result.protocol.name)?.published ?? [];
  const names = [...new Set(published.map(({ model }) => model))];
  const theirs = names.map((model) => {
    const of = (metric) => published.find((value) => value.model === model && value.metric === metric)?.value;
    return `| *published: ${model}* | ${columns.map(([metric]) => (of(metric) === undefined ? '' : percent(of(metric)))).join(' | ')} |`;
  });
  return [
    `### ${title}`,
    '',
    `    ${command}`,
    '',
    `| model | ${columns.map(([, name]) => name).join(' | ')} |`,
    `|---|${columns.map(() => '---:').join('|')}|`,
    ...rows,
    ...theirs,
    '',
    `${result.pictures.count} photographs; protocol hash \`${result.protocol.hash.slice(0, 12)}\`.`,
    '',
  ].join('\n');
}

function cell(estimate) {
  if (estimate === undefined || estimate.unavailable !== undefined) return '–';
  return `${percent(estimate.value)} [${(100 * estimate.low).toFixed(1)}, ${(100 * estimate.high).toFixed(1)}]`;
}

function percent(value) {
  return `${(100 * value).toFixed(1)} %`;
}
