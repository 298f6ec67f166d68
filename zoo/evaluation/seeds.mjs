// Both trainings of every variant, from seeds.json (zoo/measure.py): what another seed would have given.
import { listed, points } from '../../dist/metrics/words.js';
import { cell, item, paragraph, table } from './markdown.mjs';
import { separates } from './statistics.mjs';

/** Title, the estimate, and the measure of the sections above that asks the same. */
const MEASURES = [
  ['accuracy', (one) => one.ordinaryAccuracy, 'accuracy'],
  ['changes, plain', (one) => one.top1Change.plain, null],
  ['changes, cyclic', (one) => one.top1Change.cyclic, 'changes, cyclic'],
  ['changes, crop', (one) => one.top1Change.crop, 'changes, crop'],
  ['shape bias', (one) => one.shapeBias, 'shape bias'],
  ['backdrop gap', (one) => one.backgroundGap, 'backdrop gap'],
  ['accuracy, middle', (one) => one.accuracyAt.centre, null],
  ['accuracy, corners', (one) => one.accuracyAt.corners, null],
];

/** @param effects of the sections above */
export function seedsSection(seeds, effects, cards) {
  const rows = cards.flatMap(({ name }) =>
    Object.entries(seeds[name] ?? {}).map(([seed, one]) => [name, seed, ...MEASURES.map(([, of]) => cell(of(one)))]),
  );
  const twice = cards.filter(({ name }) => Object.keys(seeds[name] ?? {}).length > 1);
  const missing = cards.filter((card) => !twice.includes(card)).map(({ name }) => name);
  return `## Two trainings of each

${paragraph(
  'Not by the command line: `zoo/measure.py` measured these on scenes that the generator made for it, more than the',
  'fixtures are (2,000 for accuracy, all of the ordinary recipe; 500 for shifts, plain ones rolled; 800 for cues; 400 for places), and',
  'wrote [zoo/seeds.json](../zoo/seeds.json). Percent with 95 % intervals over pictures; seed 0 is shipped.',
)}

${table(['variant', 'seed', ...MEASURES.map(([title]) => title)], rows, 2)}

${twice.length > 0 ? betweenTrainings(seeds, twice) : ''}
${missing.length > 0 ? `\n${paragraph(`Only one training is measured of ${listed(missing)}.`)}\n` : ''}
${withMorePictures(seeds, effects, twice)}`;
}

/** How far two trainings differ, and which differences from the partner keep their sign. */
function betweenTrainings(seeds, twice) {
  const lines = MEASURES.map(([title, of]) => {
    const apart = twice
      .map(({ name }) => ({ name, value: Math.abs(of(seeds[name][0]).value - of(seeds[name][1]).value) }))
      .reduce((a, b) => (b.value > a.value ? b : a));
    const pairs = twice
      .filter(({ partner }) => twice.some(({ name }) => name === partner))
      .map(({ name, partner }) => ({
        title: `${name} − ${partner}`,
        effects: [0, 1].map((seed) => of(seeds[name][seed]).value - of(seeds[partner][seed]).value),
      }));
    const turned = pairs
      .filter(({ effects: [a, b] }) => a * b < 0)
      .map((pair) => `${pair.title} (${pair.effects.map((effect) => points(effect)).join(', ')})`);
    const signs =
      turned.length === 0
        ? `no difference from a partner (of ${pairs.length}) changes its sign`
        : `of ${pairs.length} differences from a partner ${turned.length} ${turned.length === 1 ? 'changes' : 'change'} sign: ${listed(turned)}`;
    return item(`${title}: up to ${points(apart.value).replace('+', '')} points (${apart.name}); ${signs}.`);
  });
  return `How far the two trainings of a variant lie apart:

${lines.join('\n')}`;
}

/** Where the fixtures above and more pictures with two trainings don't say the same. */
function withMorePictures(seeds, effects, twice) {
  const known = effects.flatMap((effect) => {
    const of = MEASURES.find(([, , asked]) => asked === effect.measure)?.[1];
    const { variant, partner } = effect;
    if (of === undefined || ![variant, partner].every((name) => twice.some((card) => card.name === name))) return [];
    return [{ effect, pairs: [0, 1].map((seed) => [of(seeds[variant][seed]), of(seeds[partner][seed])]) }];
  });
  const apart = known
    .filter(({ effect }) => !separates(effect))
    .flatMap(({ effect: { measure, variant, partner }, pairs }) => {
      const below = pairs.every(([a, b]) => a.high < b.low);
      const above = pairs.every(([a, b]) => a.low > b.high);
      return below || above ? [`${variant} ${below ? 'below' : 'above'} ${partner} in ${measure}`] : [];
    });
  const unsteady = known
    .filter(
      ({ effect, pairs }) => separates(effect) && !pairs.every(([a, b]) => (a.value - b.value) * effect.value > 0),
    )
    .map(({ effect: { measure, variant, partner, value }, pairs }) => {
      const here = pairs.map(([a, b]) => points(a.value - b.value)).join(' and ');
      return `${variant} − ${partner} in ${measure} (${points(value)} above, ${here} here)`;
    });
  return [
    paragraph(
      'Not settled by the fixtures above, but with intervals that do not overlap for either training here, where there are',
      `more pictures: ${apart.length === 0 ? 'nothing' : apart.join('; ')}.`,
    ),
    paragraph(
      'Settled by the fixtures above, but not of that sign in both trainings here:',
      `${unsteady.length === 0 ? 'nothing' : unsteady.join('; ')}.`,
    ),
  ].join('\n\n');
}
