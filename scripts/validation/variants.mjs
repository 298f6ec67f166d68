// The part of docs/validation.md on variants: which stride loses the invariance, remedies, rewritten and trained variants.
import path from 'node:path';
import { cell, markdownTable, points } from './format.mjs';

const SHARED = '../shared/real';
const MODELS = ['efficientnet-lite0', 'mobilenet-v1-0.5-160', 'mobilenet-v1-0.25-128'];
const SMALL = [
  '--images',
  `${SHARED}/imagenet-256`,
  '--labels',
  `${SHARED}/imagenet-256/labels.csv`,
  '--canvas',
  '256',
];
const ALL = ['--images', `${SHARED}/imagenet/images`, '--labels', `${SHARED}/imagenet/labels.csv`];
const REMEDIES = 'grid2,grid4,quin8,lat8,align16,align16+grid4,crops16';
const KINDS = 'circular,blur3,blur3-folded,blur5,avgpool,aps,aps+circular';
const TRAINED = ['stride', 'maxpool', 'avgpool', 'blurpool', 'aps-blur', 'dense'];

const model = (name) => `${SHARED}/models/${name}`;

/**
 * @param run runs the program with arguments and gives what it prints as JSON; the first argument names the run's folder, null
 *   for a command that measures nothing
 * @param scratch folder for rewritten models
 */
export function variantParts(run, scratch) {
  return [...attributions(run), ...remedies(run), ...rewritings(run, scratch), ...trained(run)];
}

const difference = ({ comparisons }, reference, name, metric) => {
  const found = comparisons.find(
    (row) => row.metric === metric && [row.a, row.b].includes(reference) && [row.a, row.b].includes(name),
  );
  if (found === undefined || found.difference.value === undefined) return undefined;
  const { value, low, high } = found.difference;
  return found.b === reference ? { value, low, high } : { value: -value, low: -high, high: -low };
};

function attributions(run) {
  const args = (name) => ['variants', model(name), '--attribute', '--max-cost', '10', ...SMALL];
  const rows = [];
  const curve = [];
  for (const name of MODELS) {
    const near = run(`attribution ${name}`, args(name));
    const far = Object.values(near.parts)[0];
    const effect = ({ attribution }, variant, metric, of = 'difference') =>
      attribution.effects.find((one) => one.model === variant && one.metric === metric)?.[of];
    const { sites, variants, original } = near.attribution;
    const before = (part) => cell(part.attribution.original.top1Change);
    curve.push([name, 'none', '×1', before(near), before(far), cell(original.accuracy)]);
    for (const variant of variants) {
      if (variant.model === null) continue;
      const cost = `×${Number(variant.macsRatio.toPrecision(3))}`;
      if (variant.sites.length === 1) {
        const [site] = variant.sites;
        rows.push([
          name,
          `${site}: ${sites[site].before} → ${sites[site].after}`,
          cost,
          points(effect(near, variant.model, 'top1Change')),
          points(effect(far, variant.model, 'top1Change')),
          points(effect(near, variant.model, 'nonShiftability')),
          points(effect(near, variant.model, 'accuracy')),
        ]);
      } else {
        curve.push([
          name,
          `last ${variant.sites.length} (${variant.how})`,
          cost,
          cell(effect(near, variant.model, 'top1Change', 'value')),
          cell(effect(far, variant.model, 'top1Change', 'value')),
          cell(effect(near, variant.model, 'accuracy', 'value')),
        ]);
      }
    }
    const left = variants.filter(({ leftOut }) => leftOut !== null).map(({ sites: of }) => `last ${of.length}`);
    if (left.length > 0) curve.push([name, `${left.join(', ')}: left out, too dear`, '–', '–', '–', '–']);
  }
  return [
    '### Which stride loses the invariance',
    '',
    ...MODELS.map((name) => `    invariance ${args(name).join(' ')}`),
    '',
    'One stride taken off at a time, minus the original, over the same 60 photographs: neighbouring positions (1 px along the',
    'diagonal) and random pairs within half the subsampling factor (16 px; 15 for efficientnet-lite0, as far as its pictures go).',
    '',
    ...markdownTable(
      ['model', 'stride', 'cost', 'P(top-1 change), neighbours', 'random pairs', 'non-shiftable maps', 'accuracy'],
      rows,
      [0, 1],
    ),
    'The last strides taken off together:',
    '',
    ...markdownTable(
      ['model', 'strides off', 'cost', 'P(top-1 change), neighbours', 'random pairs', 'accuracy'],
      curve,
      [0, 1],
    ),
  ];
}

function remedies(run) {
  const paths = 'diagonal,horizontal,random-pair:8';
  const args = (name, flags) => [
    ...['probe', '--shift', '1px', ...flags, '--model', model(name), '--remedy', REMEDIES],
    ...SMALL,
  ];
  const places = ['--path', paths, '--repeat', '4'];
  const conditions = { places, jpeg: ['--corrupt', 'jpeg:90'], noise: ['--corrupt', 'noise:2'] };
  const rows = MODELS.flatMap((name) => {
    const far = MODELS.indexOf(name) === 0 ? ['--path', paths.replace(':8', ':6'), '--repeat', '4'] : places;
    const clean = run(`remedies ${name}`, args(name, far));
    const parts = [clean, ...Object.values(clean.parts)];
    const jpeg = run(`remedies jpeg ${name}`, args(name, conditions.jpeg));
    const noise = run(`remedies noise ${name}`, args(name, conditions.noise));
    return clean.models.map(({ name: variant, estimates, remedy }, i) => [
      i === 0 ? name : variant.slice(name.length),
      remedy?.inferences ?? 1,
      cell(estimates.accuracy),
      ...[...parts, jpeg, noise].map(({ models }) =>
        cell(models.find((one) => one.name === variant)?.estimates.top1Change),
      ),
    ]);
  });
  return [
    '### Remedies without touching weights',
    '',
    `    invariance ${args('MODEL', places).join(' ')}`,
    `    invariance ${args('MODEL', conditions.jpeg).join(' ')}`,
    `    invariance ${args('MODEL', conditions.noise).join(' ')}`,
    '',
    `with ${MODELS.map((name) => `\`${name}\``).join(', ')} for MODEL; random pairs of efficientnet-lite0 lie within ±6 px, as far as`,
    'its pictures go with room for the remedies. 60 photographs; P(top-1 change) under each path, then along the diagonal where',
    'every view is a JPEG file (quality 90) or has noise (standard deviation 2) of its own.',
    '',
    ...markdownTable(
      ['model', 'inferences', 'accuracy', 'diagonal', 'horizontal', 'random pairs', 'JPEG', 'noise'],
      rows,
    ),
  ];
}

function rewritings(run, scratch) {
  const rows = [];
  const commands = [];
  for (const name of MODELS) {
    const into = path.join(scratch, `rewritten-${name}`);
    const shown = [
      ['variants', model(name), '--subsampling', KINDS, '-o', 'rewritten'],
      ...['last1', 'last2'].map((at) => [
        'variants',
        model(name),
        '--subsampling',
        'dense',
        '--at',
        at,
        '-o',
        'rewritten',
      ]),
    ];
    const folders = shown.flatMap((words) =>
      run(
        null,
        words.map((word) => (word === 'rewritten' ? into : word)),
      ),
    );
    const args = (names) => ['compare', model(name), ...names, ...ALL, '--shift', '1px'];
    const result = run(`compare ${name}`, args(folders.map(({ folder }) => folder)));
    commands.push(...shown.map((words) => `    invariance ${words.join(' ')}`));
    commands.push(`    invariance ${args([`rewritten/${name}-*`]).join(' ')}`);
    const [original] = result.models;
    for (const { name: variant, estimates, cost } of result.models) {
      rows.push([
        variant,
        `×${Number((cost.macs / original.cost.macs).toPrecision(3))}`,
        cell(estimates.accuracy),
        cell(estimates.meanConfidence),
        cell(estimates.top1Change),
        variant === original.name ? '' : points(difference(result, original.name, variant, 'top1Change')),
        cell(estimates.meanAbsoluteChange),
      ]);
    }
  }
  return [
    '### Rewritten without retraining',
    '',
    ...commands,
    '',
    '200 photographs, one-pixel shifts of crops. Where accuracy collapses a smaller change means nothing: a network that',
    'knows little has little to change. Only the last strides made dense keep accuracy everywhere, and they mend little for',
    'what they cost; efficientnet-lite0 bears adaptive sampling at four points, and gains nothing by it.',
    '',
    ...markdownTable(
      ['model', 'cost', 'accuracy', 'mean confidence', 'P(top-1 change)', 'minus the original', 'mean absolute change'],
      rows,
    ),
  ];
}

function trained(run) {
  const args = (flags) => ['compare', ...TRAINED, '--shift', '1px', ...flags];
  const crop = run('trained', args([]));
  const cyclic = run('trained cyclic', args(['--surround', 'cyclic']));
  const of = ({ models }, name) => models.find((one) => one.name === name);
  const [reference] = TRAINED;
  return [
    '### Trained variants of one network',
    '',
    `    invariance ${args([]).join(' ')}`,
    `    invariance ${args(['--surround', 'cyclic']).join(' ')}`,
    '',
    'The embedded networks differ in their subsampling alone and are trained alike ([zoo](zoo.md)); 240 pictures. The order of',
    'the papers: blur pooling is steadier than max pooling and strides (Zhang, ICML 2019), adaptive sampling does not change at',
    'all under cyclic shifts (Chaman & Dokmanić, CVPR 2021), nor does a network without subsampling and with circular padding.',
    '',
    ...markdownTable(
      [
        'model',
        'accuracy',
        'P(top-1 change), crop',
        `minus ${reference}`,
        'P(top-1 change), cyclic',
        `minus ${reference}`,
      ],
      TRAINED.map((name) => [
        name,
        cell(of(crop, name).estimates.accuracy),
        ...[crop, cyclic].flatMap((result) => [
          cell(of(result, name).estimates.top1Change),
          name === reference ? '' : points(difference(result, reference, name, 'top1Change')),
        ]),
      ]),
    ),
  ];
}
