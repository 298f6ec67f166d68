// One-pixel shifts: how often and how far answers change, and which differences between partners separate.
import { listed } from '../../dist/metrics/words.js';
import { cell, commands, effectCell, effectText, item, neededText, paragraph, percent, table } from './markdown.mjs';
import { againstPartners, separates } from './statistics.mjs';

/** Name of a measure, the run it is from, and the metric. */
const MEASURES = [
  ['accuracy', 'crop', 'accuracy'],
  ['changes, crop', 'crop', 'top1Change'],
  ['changes, cyclic', 'cyclic', 'top1Change'],
  ['MAC, crop', 'crop', 'meanAbsoluteChange'],
  ['MAC, cyclic', 'cyclic', 'meanAbsoluteChange'],
];

const CYCLIC = ['--shift', '1px', '--surround', 'cyclic'];

/**
 * @param facts by picture: its backdrop
 * @returns the section, the effects on all fixtures for the summary, and the two runs under crop
 */
export function shiftsSection(runs, facts, cards) {
  const plainSet = runs.picturesOf('plain');
  const all = {
    crop: runs.probe('all-crop', ['--shift', '1px']),
    cyclic: runs.probe('all-cyclic', CYCLIC),
  };
  const plain = {
    crop: runs.probe('plain-crop', ['--shift', '1px'], plainSet),
    cyclic: runs.probe('plain-cyclic', CYCLIC, plainSet),
  };
  const mixedSet = runs.picturesOf('mixed');
  const mixed = {
    crop: runs.probe('mixed-crop', ['--shift', '1px'], mixedSet),
    cyclic: runs.probe('mixed-cyclic', CYCLIC, mixedSet),
  };
  const [effects, plainEffects] = [effectsOf(all, cards), effectsOf(plain, cards)];
  const text = `## One-pixel shifts

${paragraph(
  'A step is one pixel along the diagonal, eight steps a picture; accuracy is that of the unshifted view. Percent with',
  '95 % intervals: over pictures by bootstrap, for accuracy Wilson.',
)}

### All ${all.crop.pictures} fixtures

${commands(all.crop.command, all.cyclic.command)}

${measures(all, cards)}

${paragraph(
  `${[...facts.values()].filter(({ backdrop }) => backdrop === 'plain').length} of the ${all.crop.pictures} have a backdrop of one colour, where a crop brings in nothing but more of it:`,
  'crop and cyclic hardly differ on them. The mixed fixtures below show what new content does.',
)}

${exactness(all, cards)}

### The ${plain.crop.pictures} plain fixtures

${commands(plainSet.made, plain.crop.command, plain.cyclic.command)}

${measures(plain, cards)}

${exactness(plain, cards)}

### The ${mixed.crop.pictures} mixed fixtures

Patterned backdrops: what enters on a crop is not what leaves.

${commands(mixedSet.made, mixed.crop.command, mixed.cyclic.command)}

${measures(mixed, cards)}

${exactness(mixed, cards)}

### Against the partner

${paragraph(
  'Variant minus partner on the same pictures, percentage points; bold separates (p < 0.05, Holm over the',
  `${effects.length / MEASURES.length} variants of each measure; paired permutation test over pictures, for accuracy exact McNemar). Differences, intervals`,
  'and p are the `comparisons` of the runs above. A run of two models alone has the same ones, and Holm over its own few',
  'rows:',
)}

${commands('npx invariance probe --shift 1px --model blurpool --model maxpool')}

All ${all.crop.pictures} fixtures:

${differences(effects, cards)}

The ${plain.crop.pictures} plain fixtures:

${differences(plainEffects, cards)}

${powerText(effects, all.crop.pictures, plainEffects, plain.crop.pictures)}`;
  return { text, effects, allCrop: all.crop, plainCrop: plain.crop };
}

function measures(runs, cards) {
  return table(
    ['variant', ...MEASURES.map(([title]) => title)],
    cards.map(({ name }) => [name, ...MEASURES.map(([, run, metric]) => cell(runs[run].estimates(name)[metric]))]),
  );
}

/** Variant minus partner for every measure. */
function effectsOf(runs, cards) {
  return MEASURES.flatMap(([measure, run, metric]) =>
    againstPartners(cards, measure, (name, partner) => compared(runs[run].result, metric, name, partner)),
  );
}

/** The comparison of a result, as variant minus partner whatever its order there. */
function compared({ comparisons }, metric, variant, partner) {
  const row = comparisons.find(
    ({ metric: name, a, b }) => name === metric && [a, b].includes(variant) && [a, b].includes(partner),
  );
  const { value, low, high, pictures } = row.difference;
  return row.a === variant
    ? { value, low, high, pictures, p: row.p }
    : { value: -value, low: -high, high: -low, pictures, p: row.p };
}

function differences(effects, cards) {
  const rows = cards
    .filter(({ partner }) => partner !== null)
    .map(({ name, partner }) => [
      `${name} − ${partner}`,
      ...effects.filter(({ variant }) => variant === name).map(effectCell),
    ]);
  return table(['', ...MEASURES.map(([title]) => title)], rows);
}

/** Which variants never change their answer where nothing enters the frame, and what becomes of that on crops. */
function exactness(runs, cards) {
  const changes = (run, name) => runs[run].estimates(name).top1Change.value;
  const exact = cards.map(({ name }) => name).filter((name) => changes('cyclic', name) === 0);
  const steps = runs.cyclic.estimates(cards[0].name).top1Change.n.toLocaleString('en-US');
  if (exact.length === 0) return paragraph(`No variant keeps all its answers under the ${steps} cyclic steps.`);
  const onCrops = exact.map((name) => `${name} changes its answer at ${percent(changes('crop', name))} % of the steps`);
  return paragraph(
    `None of ${steps} cyclic steps changes an answer of ${listed(exact)}.`,
    `On crops, where content enters and leaves, ${listed(onCrops)}.`,
  );
}

/** What the present number of pictures can't tell. */
function powerText(effects, pictures, plainEffects, plainPictures) {
  const counted = (rows) => `${rows.filter(separates).length} of ${rows.length}`;
  const open = effects.filter((effect) => effect.measure === 'changes, crop' && !separates(effect));
  const head = `${counted(effects)} differences separate on all ${pictures} fixtures, ${counted(plainEffects)} on the ${plainPictures} plain ones.`;
  if (open.length === 0) return paragraph(head, 'Every variant separates from its partner in changes under crop.');
  const lines = open.map((effect) =>
    item(`${effect.variant} − ${effect.partner}: ${effectText(effect)}; ${neededText(effect)}`),
  );
  return `${paragraph(
    head,
    `${pictures} pictures don't settle the following differences in changes under crop. With each, how many pictures it`,
    "would take for the interval to leave 0 if the difference is as large as measured (from the interval's width, before",
    'Holm).',
  )}

${lines.join('\n')}`;
}
