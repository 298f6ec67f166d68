// Writes docs/zoo.md: every variant of the zoo measured by the product's own command line on the shipped pictures.
//   npm run build && node zoo/evaluate.mjs [FOLDER]
// Runs go into FOLDER, where they are kept, else into a temporary one; those that FOLDER has aren't measured again.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalJson, sha256 } from '../dist/core/protocol.js';
import { openRuns, readCards } from './evaluation/command-line.mjs';
import { backdropSection, shapeSection } from './evaluation/cues.mjs';
import { layersSection } from './evaluation/layers.mjs';
import { commands } from './evaluation/markdown.mjs';
import { positionSection, sizeSection } from './evaluation/places.mjs';
import { seedsSection } from './evaluation/seeds.mjs';
import { shiftsSection } from './evaluation/shifts.mjs';
import { summarySection } from './evaluation/summary.mjs';
import { variantsSection } from './evaluation/variants.mjs';

const DOCUMENT = path.join('docs', 'zoo.md');
const MARKERS = ['begin', 'end'].map((which) => `<!-- ${which} of what zoo/evaluate.mjs writes -->`);

const given = process.argv[2] === undefined ? null : path.resolve(process.argv[2]);
process.chdir(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const folder = given ?? mkdtempSync(path.join(os.tmpdir(), 'invariance-zoo-'));
try {
  const [head, , tail] = readFileSync(DOCUMENT, 'utf8').split(new RegExp(MARKERS.join('|')));
  writeFileSync(DOCUMENT, [head, MARKERS[0], `\n\n${sections().join('\n\n')}\n\n`, MARKERS[1], tail].join(''));
} finally {
  if (given === null) rmSync(folder, { recursive: true, force: true });
}

function sections() {
  const seeds = JSON.parse(readFileSync(path.join('zoo', 'seeds.json'), 'utf8'));
  const order = Object.keys(seeds);
  const cards = readCards().sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const runs = openRuns(
    folder,
    cards.map(({ name }) => name),
  );
  const facts = factsOfFixtures();
  const shifts = shiftsSection(runs, facts, cards);
  const shape = shapeSection(shifts.allCrop, facts, cards);
  const backdrop = backdropSection(runs, seeds, cards);
  const position = positionSection(runs, shifts.plainCrop, cards);
  const size = sizeSection(runs, cards);
  const effects = [shifts, shape, backdrop, position].flatMap((section) => section.effects);
  return [
    introduction(runs, cards, shifts.allCrop.result.pictures.sha256, seeds),
    summarySection(effects, cards),
    variantsSection(cards),
    shifts.text,
    shape.text,
    backdrop.text,
    position.text,
    size,
    layersSection(runs, cards),
    seedsSection(seeds, effects, cards),
  ];
}

/** What `$MODELS` is, and of which files the page is; test/zoo/document.test.ts compares them with those that are there. */
function introduction(runs, cards, pictures, seeds) {
  const digests = {
    models: sha256(
      cards
        .map((card) => card.sha256)
        .sort()
        .join(),
    ),
    pictures,
    seeds: sha256(canonicalJson(seeds)),
  };
  return `Measured on these files (SHA-256): ${Object.entries(digests)
    .map(([what, digest]) => `${what} \`${digest.slice(0, 12)}\``)
    .join(', ')}.

In the commands, which run from the repository's root, \`$MODELS\` is all ${cards.length} variants:

${commands(runs.models)}`;
}

/** Class, kind, texture and backdrop of every fixture, by its file. */
function factsOfFixtures() {
  const rows = readFileSync(path.join('fixtures', 'pictures', 'labels.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  return new Map(
    rows.map((row) => {
      const [file, classIndex, , kind, texture, backdrop] = row.split(',');
      return [file, { classIndex: Number(classIndex), kind, texture, backdrop }];
    }),
  );
}
