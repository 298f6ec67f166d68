// Inside the variants: the share of maps that aren't shiftable at the end of every stage, and what each network loses where.
import { listed } from '../../dist/metrics/words.js';
import { cell, commands, paragraph, percent, table } from './markdown.mjs';

const STAGES = [1, 2, 3, 4, 5];

export function layersSection(runs, cards) {
  const flags = ['--shift', '1px', '--surround', 'cyclic', '--layers', '--map-pictures', '16', '--local-pictures', '0'];
  const run = runs.probe('layers', flags);
  const inside = new Map(run.result.models.map(({ name, layers }) => [name, layers]));
  const ends = new Map(cards.map(({ name }) => [name, STAGES.map((stage) => endOf(inside.get(name), stage))]));
  const rows = cards.map(({ name }) => {
    const last = inside.get(name).layers.findLast(({ selected }) => selected);
    return [
      name,
      ...ends
        .get(name)
        .map((layer) => (layer === undefined ? '–' : percent(layer.estimates.nonShiftability.value))),
      cell(last.estimates.nonShiftability),
      last.estimates.relativeSpread.value.toFixed(3),
      last.estimates.equivarianceErrorFactor.value.toFixed(2),
      cell(run.estimates(name).top1Change),
    ];
  });
  const still = cards
    .map(({ name }) => name)
    .filter((name) => ends.get(name).every((layer) => !layer || layer.estimates.nonShiftability.value === 0));
  const most = cards
    .map(({ name }) => ({ name, loss: inside.get(name).losses.toSorted(byStage)[0] }))
    .filter(({ loss }) => loss !== undefined && loss.stageRise.value > 0)
    .map(({ name, loss }) => `${name} at ${loss.node}`);
  return `## Inside

${commands(run.command)}

${paragraph(
  `Share of feature maps, percent, whose global sum leaves its mean over the ${run.result.models[0].views.length} views by more than a fifth,`,
  `at the end of each stage, over ${run.pictures} fixtures rolled cyclically (the last stage with its interval; the spread of the vector of`,
  'sums; equivariance error for one step of the factor on 16 pictures: what padding and the seam leave), beside the changes of answer.',
  'The shares order the stages of one network; they do not rank networks.',
)}

${table(['variant', ...STAGES.map((stage) => `stage ${stage}`), 'last, with interval', 'spread', 'error, factor', 'changes, cyclic'], rows)}

${paragraph(
  still.length === 0
    ? 'No variant keeps all sums.'
    : `${listed(still)} ${still.length === 1 ? 'keeps' : 'keep'} the sums of all maps: at no stage does one leave its mean.`,
  most.length === 0 ? '' : `The stage that adds most begins, of ${listed(most)}.`,
)}`;
}

/** The last layer of a stage; undefined where the variant has fewer stages. */
function endOf({ layers }, stage) {
  return layers.filter(({ name, selected }) => selected && name.startsWith(`stage${stage}/`)).at(-1);
}

function byStage(a, b) {
  return (b.stageRise.value ?? -1) - (a.stageRise.value ?? -1);
}
