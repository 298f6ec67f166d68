// Where the object is and how large: accuracy over a grid of positions and over sides of the object.
import { listed, points } from '../../dist/metrics/words.js';
import { answerAt } from './command-line.mjs';
import { cell, commands, effectCell, effectText, paragraph, percent, separated, table } from './markdown.mjs';
import {
  againstPartners,
  columnOf,
  difference,
  differenceOfAnswers,
  estimated,
  family,
  separates,
} from './statistics.mjs';

const GRID_SIDE = 34;
const GRID_STEP = 5;
/** Variants whose whole grid is shown. */
const SHOWN = ['centred', 'maxpool'];

const SIDES = [14, 18, 22, 26, 30, 34, 38, 42, 48, 54, 62];
/** An object inside the trained range, and one of about half its side. */
const [WHOLE, HALF] = [34, 18];

const MEAN_COLOUR = `The object's box is cut out, resized and put on the mean colour (\`--surround fill-mean\`). That isn't
  what the networks were trained on, nor the scenes of [zoo/RESULTS.md](../zoo/RESULTS.md), where garments are rendered anew
  before a backdrop: compare variants here, not numbers there.`;

/** @param asTheyAre the run over the same fixtures with their own surround */
export function positionSection(runs, asTheyAre, cards) {
  const plain = runs.picturesOf('plain');
  const flags = [
    '--shift',
    `${GRID_STEP}px`,
    '--surround',
    'fill-mean',
    '--object',
    `box:${GRID_SIDE}`,
    '--path',
    'map',
  ];
  const run = runs.probe('position', flags, plain);
  const places = placesOf(run);
  const measured = new Map(cards.map(({ name }) => [name, rightAt(run.observations(name), places)]));
  const drops = family(
    cards.map(({ name }) => ({ name, ...difference(measured.get(name).centre, measured.get(name).corner) })),
  );
  const lossColumn = (name) => {
    const { centre, corner } = measured.get(name);
    return { sum: centre.sum.map((value, i) => value - corner.sum[i]), count: centre.count };
  };
  const effects = againstPartners(cards, 'loss towards corners', (name, partner) =>
    difference(lossColumn(name), lossColumn(partner)),
  );
  const rows = drops.map((drop) => {
    const effect = effects.find(({ variant }) => variant === drop.name);
    return [
      drop.name,
      ...['all', 'centre', 'edge', 'corner'].map((place) => cell(estimated(measured.get(drop.name)[place]))),
      effectCell(drop),
      effect === undefined ? '' : effectCell(effect),
    ];
  });
  const settled = drops.filter(separates).map((drop) => `${drop.name} (${effectText(drop)})`);
  const far = Math.max(...places.offsets);
  const text = `## Position

${commands(plain.made, run.command)}

${paragraph(
  `Accuracy of the ${run.pictures} plain fixtures, percent, with the object's larger side at ${GRID_SIDE} pixels, on a`,
  `${places.offsets.length}×${places.offsets.length} grid from −${far} to ${far} pixels: over all ${places.all.length} places, the centre, the outer ring of`,
  `${places.edge.length}, the ${places.corner.length} corners (bootstrap over pictures). Loss = centre − corners in points: permutation test over`,
  `pictures, Holm over ${drops.length} variants; minus the partner's loss: Holm over ${effects.length}. Bold separates. ${MEAN_COLOUR}`,
)}

${table(['variant', 'all', 'centre', 'edge', 'corner', 'loss', "minus partner's loss"], rows)}

${paragraph(
  settled.length === 0
    ? 'Centre and corners differ beyond chance for no variant.'
    : `Centre and corners differ beyond chance for ${listed(settled)}.`,
)}
${separated(effects)}
${steadyText(run, cards)}
${greyText(asTheyAre, measured, cards)}

${SHOWN.map((name) => grid(name, run, places.offsets)).join('\n\n')}`;
  return { text, effects };
}

/** The grid's offsets, and which places are the centre, the outer ring and the corners. */
function placesOf(run) {
  const offsets = [...new Set(run.result.models[0].views.map(({ at }) => at.dx))].sort((a, b) => a - b);
  const far = Math.max(...offsets);
  const all = offsets.flatMap((dy) => offsets.map((dx) => [dx, dy]));
  return {
    offsets,
    all,
    centre: [[0, 0]],
    edge: all.filter((at) => at.some((offset) => Math.abs(offset) === far)),
    corner: all.filter((at) => at.every((offset) => Math.abs(offset) === far)),
  };
}

/** A picture's share of right answers at each kind of place. */
function rightAt(observations, places) {
  const right = (place) =>
    columnOf(
      observations.map((observation) => {
        const count = place.filter(([dx, dy]) => answerAt(observation, dx, dy) === observation.label).length;
        return [count / place.length, 1];
      }),
    );
  const { all, centre, edge, corner } = places;
  return { all: right(all), centre: right(centre), edge: right(edge), corner: right(corner) };
}

/** On one colour a shift is a cyclic shift: variants that are exact under these give one answer at all places. */
function steadyText(run, cards) {
  const steady = cards
    .map(({ name }) => name)
    .filter((name) =>
      run.observations(name).every((observation) => new Set(observation.views.map(({ top }) => top[0])).size === 1),
    );
  return paragraph(
    steady.length === 0
      ? 'No variant gives every picture one answer at all places.'
      : `${listed(steady)} ${steady.length === 1 ? 'gives' : 'give'} every picture the same answer at all places: on one colour a shift is a cyclic shift.`,
  );
}

/** What the mean colour itself does. */
function greyText(asTheyAre, measured, cards) {
  const changes = cards
    .map(({ name }) => {
      const [before, after] = [asTheyAre.estimates(name).accuracy.value, estimated(measured.get(name).centre).value];
      return { name, before, after, value: after - before };
    })
    .sort((a, b) => a.value - b.value);
  const shown = changes
    .slice(0, 3)
    .map(({ name, before, after }) => `${name} (${percent(before)} to ${percent(after)} %)`);
  const rest = changes.slice(3);
  return paragraph(
    `The new surround and size alone change accuracy, from the same fixtures as they are to the centre here: most for ${listed(shown)};`,
    `for the others by ${points(rest[0].value)} to ${points(rest.at(-1).value)} points.`,
  );
}

/** Accuracy at every place, whole percent. */
function grid(name, run, offsets) {
  const { views } = run.result.models.find((model) => model.name === name);
  const lines = offsets.map((dy) =>
    offsets.map((dx) => percent(views.find(({ at }) => at.dx === dx && at.dy === dy).accuracy, 0).padStart(4)).join(''),
  );
  return `\`${name}\`, percent; rows are y, columns x, from −${Math.max(...offsets)} to ${Math.max(...offsets)} pixels:

${commands(...lines)}`;
}

export function sizeSection(runs, cards) {
  const plain = runs.picturesOf('plain');
  const flags = (side) => ['--shift', '1px', '--surround', 'fill-mean', '--object', `box:${side}`, '--path', 'random'];
  const bySide = new Map(SIDES.map((side) => [side, runs.probe(`side-${side}`, flags(side), plain)]));
  const right = (side, name) =>
    columnOf(
      bySide
        .get(side)
        .observations(name)
        .map((observation) => [Number(answerAt(observation) === observation.label), 1]),
    );
  const losses = family(cards.map(({ name }) => ({ name, ...difference(right(HALF, name), right(WHOLE, name)) })));
  const accuracy = (side, name) => bySide.get(side).estimates(name).accuracy;
  const rows = losses.map((loss) => [
    loss.name,
    ...SIDES.map((side) => percent(accuracy(side, loss.name).value, 0)),
    effectCell(loss),
  ]);
  const run = bySide.get(WHOLE);
  const widest = Math.max(
    ...cards.flatMap(({ name }) => SIDES.map((side) => (accuracy(side, name).high - accuracy(side, name).low) / 2)),
  );
  const ordered = [...losses].sort((a, b) => a.value - b.value);
  const [most, least] = [ordered[0], ordered.at(-1)];
  const open = losses.filter((loss) => !separates(loss)).map(({ name }) => name);
  return `## Size of the object

${commands(plain.made, `for N in ${SIDES.join(' ')}; do ${run.command.replace(`box:${WHOLE}`, 'box:$N')} --out side-$N; done`)}

${paragraph(
  `Accuracy of the ${run.pictures} plain fixtures, whole percent (Wilson's intervals: at most ±${percent(widest, 0)}), in the middle, by the larger`,
  `side of the object in pixels; training sides are 26 to 42. Last column: ${HALF} against ${WHOLE} px, about half, in points (bootstrap,`,
  `exact McNemar test, Holm over ${losses.length} variants; bold separates). The path gives every picture a second view, which isn't used here.`,
  MEAN_COLOUR,
)}

${table(['variant', ...SIDES.map(String), `${HALF} − ${WHOLE} px`], rows)}

${paragraph(
  `From ${WHOLE} to ${HALF} px ${most.name} changes most (${effectText(most)}), ${least.name} least (${effectText(least)}).`,
  open.length === 0 ? 'Every variant loses beyond chance.' : `Not beyond chance: ${listed(open)}.`,
)}`;
}
