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
const INSIDE = `Share of feature maps whose global sum leaves its mean over nine cyclic one-pixel positions by more than a fifth; spread of
the vector of sums; equivariance errors of whole maps (16 pictures) for one pixel and for one step of the factor; causes of the
local equivariance error (8 pictures); then the rise of the first across every node that subsamples, and to the end of the stage
that it begins ([layers](layers.md)). The prototype of this measure, in Python on 60 other photographs, had 3 % at the stem and
95 % at the end of mobilenet-v1-0.5-160.
`;
const columns = [
  ['top1Change', 'P(top-1 change)'],
  ['consistency', 'consistency'],
  ['meanAbsoluteChange', 'mean absolute change'],
  ['jaggedness', 'jaggedness'],
  ['accuracy', 'accuracy'],
  ['worstAccuracy', 'right under every view'],
];

const inside = [
  {
    title: 'ImageNet models, 200 photographs',
    args: [
      'layers',
      ...models.map((name) => `../shared/real/models/${name}`),
      '--images',
      '../shared/real/imagenet/images',
    ],
  },
  {
    title: 'Zoo, 240 fixtures',
    args: ['layers', 'stride', 'maxpool', 'blurpool', 'aps-blur', 'stride-circular', 'dense'],
  },
].map(({ title, args }) => ({ title, args: [...args, '--shift', '1px', '--surround', 'cyclic'] }));

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
    parts.push(section(title, `invariance ${args.join(' ')}`, measured(title, args)));
  }
  parts.push('## Inside\n', INSIDE);
  for (const { title, args } of inside)
    parts.push(insideSection(title, `invariance ${args.join(' ')}`, measured(title, args)));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

const before = readFileSync('docs/validation.md', 'utf8');
const [head, , tail] = before.split(/^<!-- (?:begin|end) of what scripts\/validate\.mjs writes -->$/m);
writeFileSync(
  'docs/validation.md',
  `${head}<!-- begin of what scripts/validate.mjs writes -->\n\n${parts.join('\n')}\n<!-- end of what scripts/validate.mjs writes -->${tail}`,
);

function measured(title, args) {
  const run = spawnSync(
    process.execPath,
    ['dist/cli/main.js', ...args, '--json', '--quiet', '--no-report', '--out', path.join(scratch, title)],
    { encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}

function insideSection(title, command, { models: measuredModels, pictures }) {
  const share = ({ value, low, high }) => cell({ value, low, high });
  const losses = measuredModels.flatMap(({ name, layers }) =>
    layers.losses.map(
      ({ node, factorBefore, factorAfter, from, to, rise, stageEnd, stageTo, stageRise }) =>
        `| ${name} | ${node} | ${factorBefore.x} → ${factorAfter.x} | ${percent(from.value)} → ${percent(to.value)} | ${points(rise)} | ${stageEnd} | ${percent(stageTo.value)} | ${points(stageRise)} |`,
    ),
  );
  const ends = measuredModels.map(({ name, layers, estimates }) => {
    const last = layers.layers.at(-1);
    const { local } = layers;
    const causes =
      local.unavailable === undefined
        ? ['padding', 'sampling', 'nonLinearity'].map((cause) => cell(local.causes[cause]))
        : ['–', '–', '–'];
    const { nonShiftability, relativeSpread, equivarianceErrorPixel, equivarianceErrorFactor } = last.estimates;
    return `| ${name} | ${last.name} | ${share(nonShiftability)} | ${[relativeSpread, equivarianceErrorPixel, equivarianceErrorFactor].map(({ value }) => value.toFixed(3)).join(' | ')} | ${causes.join(' | ')} | ${cell(estimates.top1Change)} |`;
  });
  return [
    `### ${title}`,
    '',
    `    ${command}`,
    '',
    '| model | last layer | non-shiftable | spread | error, 1 px | error, factor | local error: padding | sampling | non-linearity | P(top-1 change) |',
    '|---|---|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...ends,
    '',
    '| model | node | factor | across it | rise, points | end of its stage | there | rise, points |',
    '|---|---|---|---|---:|---|---:|---:|',
    ...losses,
    '',
    `${pictures.count} pictures.`,
    '',
  ].join('\n');
}

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

function points({ value, low, high }) {
  const signed = (number) => `${number < 0 ? '−' : '+'}${Math.abs(100 * number).toFixed(1)}`;
  return low === undefined ? signed(value) : `${signed(value)} [${signed(low)}, ${signed(high)}]`;
}

function percent(value) {
  return `${(100 * value).toFixed(1)} %`;
}
