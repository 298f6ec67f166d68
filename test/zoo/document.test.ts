// docs/zoo.md is of the models, pictures and measurements that are shipped; `node zoo/evaluate.mjs` writes it again.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { canonicalJson, sha256 } from '../../src/core/protocol.js';
import { zooCards } from '../../src/models/card.js';
import { defaultPictures } from '../../src/pictures/defaults.js';
import { listHash, listPictures } from '../../src/pictures/sources.js';
import { root } from '../support/cli.js';

const page = readFileSync(path.join(root, 'docs', 'zoo.md'), 'utf8');
const cards = await zooCards();

test('docs/zoo.md is of the files that are there', async () => {
  const models = cards.map((card) => card.sha256).sort();
  const { entries } = await listPictures({ images: defaultPictures() });
  const seeds: unknown = JSON.parse(readFileSync(path.join(root, 'zoo', 'seeds.json'), 'utf8'));
  const [, ...digests] =
    /^Measured on these files .*models `(\w{12})`, pictures `(\w{12})`, seeds `(\w{12})`\.$/m.exec(page) ?? [];
  expect(digests, 'stale: npm run build && node zoo/evaluate.mjs').toEqual(
    [sha256(models.join()), listHash(entries), sha256(canonicalJson(seeds))].map((digest) => digest.slice(0, 12)),
  );
});

test('docs/zoo.md has every variant with its accuracy from the card', () => {
  for (const { name, accuracy } of cards) {
    const row = page.split('\n').find((line) => line.startsWith(`| [${name}](../zoo/models/${name}) |`));
    expect(row, name).toContain(`| ${(100 * accuracy.value).toFixed(1)} [`);
  }
});
