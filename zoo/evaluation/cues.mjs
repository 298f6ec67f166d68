// Which cue answers follow: shape or texture, object or backdrop.
import { listed, points } from '../../dist/metrics/words.js';
import { cell, commands, effectCell, effectText, paragraph, percent, separated, table } from './markdown.mjs';
import { answerAt } from './command-line.mjs';
import { againstPartners, columnOf, difference, differenceOfAnswers, family, separates, share } from './statistics.mjs';

/** Class n's own texture family, in the classes' order (fixtures/README.md). */
const TEXTURES = ['rows', 'columns', 'diagonal', 'checks', 'dots', 'grain', 'blobs', 'waves'];

/**
 * Shape bias from the unshifted views of a run over all fixtures.
 *
 * @param facts by picture: its class's index, kind and texture
 */
export function shapeSection(run, facts, cards) {
  const tallies = cards.map(({ name }) => {
    const answers = run.observations(name).flatMap((observation) => {
      const { classIndex, kind, texture } = facts.get(observation.picture);
      const other = TEXTURES.indexOf(texture);
      if (other === classIndex) return [];
      const answer = answerAt(observation);
      return [{ kind, shape: answer === classIndex, texture: answer === other }];
    });
    return { name, conflict: tally(answers.filter(({ kind }) => kind === 'conflict')), every: tally(answers) };
  });
  const of = (name) => tallies.find((one) => one.name === name);
  const effects = againstPartners(cards, 'shape bias', (name, partner) =>
    difference(of(name).every.column, of(partner).every.column),
  );
  const effectOf = (name) => effects.find(({ variant }) => variant === name);
  const rows = tallies.map(({ name, conflict, every }) => [
    name,
    conflict.shape,
    conflict.texture,
    conflict.pictures - conflict.shape - conflict.texture,
    cell(conflict.bias),
    cell(every.bias),
    effectOf(name) === undefined ? '' : effectCell(effectOf(name)),
  ]);
  const [first] = tallies;
  const widest = Math.max(...tallies.map(({ conflict: { bias } }) => bias.high - bias.low));
  const words = `shape bias, ${first.every.pictures} pictures`;
  const text = `## Shape or texture

${commands(run.command)}

${paragraph(
  'From the unshifted views in `observations/*.jsonl` of that run. Of the',
  `${first.conflict.pictures} conflict fixtures, whose texture is another class's, how many are called by the class of their shape, how many by`,
  `that of their texture, how many otherwise. Shape bias = shape / (shape or texture), percent, Wilson's interval.`,
  `${first.conflict.pictures} pictures leave intervals up to ${(100 * widest).toFixed(0)} points wide; the last columns therefore take all`,
  `${first.every.pictures} fixtures whose texture isn't their class's, whatever the backdrop. Minus partner in points: bootstrap and`,
  `permutation test over pictures, Holm over ${effects.length} variants; bold separates.`,
)}

${table(['variant', 'says shape', 'says texture', 'neither', 'shape bias, conflict', words, 'minus partner'], rows)}

${separated(effects)}`;
  return { text, effects };
}

function tally(answers) {
  const shape = answers.filter((one) => one.shape).length;
  const texture = answers.filter((one) => one.texture).length;
  return {
    pictures: answers.length,
    shape,
    texture,
    bias: share(shape, shape + texture),
    column: columnOf(answers.map((one) => [Number(one.shape), Number(one.shape || one.texture)])),
  };
}

/**
 * Background gap: the same garments before their own class's backdrop and before another's.
 *
 * @param seeds what zoo/measure.py found with more garments
 */
export function backdropSection(runs, seeds, cards) {
  const csv = (kind) => `fixtures/backgrounds/${kind}/labels.csv`;
  const [same, random] = ['same', 'random'].map((kind) =>
    runs.probe(`backdrop-${kind}`, ['--shift', '1px'], { file: csv(kind), shown: csv(kind) }),
  );
  const right = (run, name) =>
    columnOf(run.observations(name).map((observation) => [Number(answerAt(observation) === observation.label), 1]));
  const gapColumn = (name) => {
    const [a, b] = [right(same, name), right(random, name)];
    return { sum: a.sum.map((value, i) => value - b.sum[i]), count: a.count };
  };
  const gaps = family(
    cards.map(({ name }) => ({ name, ...differenceOfAnswers(right(same, name), right(random, name)) })),
  );
  const effects = againstPartners(cards, 'backdrop gap', (name, partner) =>
    difference(gapColumn(name), gapColumn(partner)),
  );
  const rows = gaps.map((gap) => {
    const effect = effects.find(({ variant }) => variant === gap.name);
    return [
      gap.name,
      cell(same.estimates(gap.name).accuracy),
      cell(random.estimates(gap.name).accuracy),
      effectCell(gap),
      effect === undefined ? '' : effectCell(effect),
    ];
  });
  const settled = gaps.filter(separates).map((gap) => `${gap.name} (${effectText(gap)})`);
  const open = gaps.filter((gap) => !separates(gap)).sort((a, b) => a.value - b.value);
  const halfWidth = Math.max(...open.map(({ low, high }) => (high - low) / 2));
  const known = cards.flatMap(({ name }) => {
    const gap = seeds[name]?.[0]?.backgroundGap;
    return gap !== undefined && (gap.low > 0 || gap.high < 0) ? [`${name} ${cell(gap)}`] : [];
  });
  const text = `## Object or backdrop

${commands(same.command, random.command)}

${paragraph(
  `Accuracy at the unshifted view, percent, of the same ${same.pictures} garments before the backdrop of their own class (*same*) and of`,
  'another (*random*), Wilson. Gap = same − random in points: bootstrap over garments, exact McNemar test, Holm over',
  `${gaps.length} variants. Minus the partner's gap in points: permutation test, Holm over ${effects.length}. Bold separates.`,
)}

${table(['variant', 'same', 'random', 'gap', "minus partner's gap"], rows)}

${paragraph(
  settled.length === 0 ? 'No gap separates from 0.' : `From 0 separates the gap of ${listed(settled)}.`,
  `The other gaps, from ${points(open[0].value)} (${open[0].name}) to ${points(open.at(-1).value)} points (${open.at(-1).name}), don't:`,
  `${same.pictures} garments are too few for small gaps, with intervals up to ±${percent(halfWidth, 0)} points.`,
  `The 800 garments of \`zoo/measure.py\` leave 0 outside the interval for ${known.length === 0 ? 'none' : listed(known)} (seed 0).`,
)}

${separated(effects)}`;
  return { text, effects };
}
