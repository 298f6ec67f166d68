// The shipped pictures are what fixtures/README.md says: files, boxes, masks, balance, and which cue goes with which.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { PictureEntry } from '../../src/core/picture.js';
import { decodePicture } from '../../src/image/decode.js';
import { listPictures } from '../../src/pictures/sources.js';
import { bytesBelow } from './bytes-below.js';
import { FIXTURES } from './logits.js';

/** In the order of the classes: class n's own family is number n. */
const CLASSES = ['t-shirt', 'trouser', 'pullover', 'dress', 'sandal', 'sneaker', 'bag', 'boot'];
const TEXTURES = ['rows', 'columns', 'diagonal', 'checks', 'dots', 'grain', 'blobs', 'waves'];
const BACKDROPS = ['bands', 'panels', 'rings', 'horizon', 'clouds', 'bricks', 'discs', 'hatch'];

const SETS = {
  pictures: { plain: 160, mixed: 40, conflict: 40 },
  small: { plain: 8, mixed: 8, conflict: 8 },
  'backgrounds/same': { same: 56 },
  'backgrounds/random': { random: 56 },
} as const;
type SetName = keyof typeof SETS;

const listOf = (set: SetName) => listPictures({ images: path.join(FIXTURES, set, 'labels.csv') });
const sets = {
  pictures: await listOf('pictures'),
  small: await listOf('small'),
  'backgrounds/same': await listOf('backgrounds/same'),
  'backgrounds/random': await listOf('backgrounds/random'),
} satisfies Record<SetName, unknown>;

const classOf = ({ facts }: PictureEntry): number => CLASSES.indexOf(facts['label'] ?? '');
const textureOf = ({ facts }: PictureEntry): number => TEXTURES.indexOf(facts['texture'] ?? '');
const ofKind = (entries: readonly PictureEntry[], kind: string): PictureEntry[] =>
  entries.filter(({ facts }) => facts['kind'] === kind);

function counts(values: readonly (string | number)[]): Map<string | number, number> {
  const found = new Map<string | number, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  return found;
}

/** Distinct values of `b` for each value of `a`. */
function distinct(pairs: readonly (readonly [a: number, b: number])[]): number[] {
  const found = new Map<number, Set<number>>();
  for (const [a, b] of pairs) found.set(a, (found.get(a) ?? new Set()).add(b));
  return [...found.values()].map((values) => values.size);
}

test('all fixtures together have at most 2.5 MB', () => {
  expect(bytesBelow(FIXTURES)).toBeLessThanOrEqual(2_500_000);
});

describe.each(Object.keys(SETS) as SetName[])('%s', (set) => {
  const { entries, skipped } = sets[set];

  test('every row has its file, a class with its index, known families and one box', () => {
    expect(skipped).toEqual([]);
    expect(Object.fromEntries(counts(entries.map(({ facts }) => facts['kind'] ?? '')))).toEqual(SETS[set]);
    for (const entry of entries) {
      const { label, facts, boxes } = entry;
      expect(label).toEqual({ index: classOf(entry) });
      expect(textureOf(entry)).toBeGreaterThanOrEqual(0);
      expect(['plain', ...BACKDROPS]).toContain(facts['backdrop']);
      expect(boxes).toHaveLength(1);
    }
  });

  test('every class comes equally often in every kind', () => {
    for (const [kind, count] of Object.entries(SETS[set])) {
      const perClass = counts(ofKind(entries, kind).map(classOf));
      expect([...perClass.values()]).toEqual(CLASSES.map(() => count / 8));
    }
  });

  test('scenes have 80x80 pixels, and every 64-pixel window from (0, 0) to (16, 16) holds the whole object', async () => {
    for (const { id, path: file, boxes } of entries) {
      const { width, height } = await decodePicture(file);
      expect([width, height], id).toEqual([80, 80]);
      const { xmin, ymin, xmax, ymax } = boxes[0]!;
      // The window at (16, 16) begins at 16, the one at (0, 0) ends at 64.
      expect(Math.min(xmin, ymin), id).toBeGreaterThanOrEqual(16);
      expect(Math.max(xmax, ymax), id).toBeLessThanOrEqual(64);
      expect(Math.min(xmax - xmin, ymax - ymin), id).toBeGreaterThanOrEqual(8);
    }
  });

  test('boxes are the tightest round their masks', async () => {
    for (const { id, facts, boxes } of entries) {
      const mask = await sharp(path.join(FIXTURES, set, facts['mask'] ?? ''))
        .greyscale()
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect([mask.info.width, mask.info.height, mask.info.channels], id).toEqual([80, 80, 1]);
      const inside = [...mask.data.keys()].filter((i) => mask.data[i] !== 0);
      const [columns, rows] = [inside.map((i) => i % 80), inside.map((i) => Math.floor(i / 80))];
      expect(boxes[0], id).toEqual({
        xmin: Math.min(...columns),
        ymin: Math.min(...rows),
        xmax: Math.max(...columns) + 1,
        ymax: Math.max(...rows) + 1,
      });
    }
  });
});

describe('which cue goes with which', () => {
  const { entries } = sets.pictures;

  test('plain: one-colour backdrops; the texture is the class’s own in half of them, and by chance in 1 of 8 others', () => {
    const plain = ofKind(entries, 'plain');
    expect(new Set(plain.map(({ facts }) => facts['backdrop']))).toEqual(new Set(['plain']));
    const own = plain.filter((entry) => textureOf(entry) === classOf(entry)).length;
    const p = 0.5 + 0.5 / 8;
    // Three standard deviations of the binomial distribution.
    expect(Math.abs(own - 160 * p)).toBeLessThanOrEqual(3 * Math.sqrt(160 * p * (1 - p)));
    // The other half has any texture: each family comes, and none dominates.
    const others = counts(plain.map(textureOf).filter((texture, i) => texture !== classOf(plain[i]!)));
    expect(others.size).toBe(8);
    expect(Math.max(...others.values())).toBeLessThan(0.3 * (160 - own));
  });

  test('mixed: each class before five backdrop families, each family behind five classes', () => {
    const pairs = ofKind(entries, 'mixed').map(
      (entry) => [classOf(entry), BACKDROPS.indexOf(entry.facts['backdrop'] ?? '')] as const,
    );
    expect(distinct(pairs)).toEqual(CLASSES.map(() => 5));
    expect(distinct(pairs.map(([a, b]) => [b, a]))).toEqual(BACKDROPS.map(() => 5));
    expect(pairs.every(([, family]) => family >= 0)).toBe(true);
  });

  test('conflict: one-colour backdrops and the texture of another class, at most once the same', () => {
    const conflict = ofKind(entries, 'conflict');
    expect(new Set(conflict.map(({ facts }) => facts['backdrop']))).toEqual(new Set(['plain']));
    expect(conflict.filter((entry) => textureOf(entry) === classOf(entry))).toEqual([]);
    expect(distinct(conflict.map((entry) => [classOf(entry), textureOf(entry)] as const))).toEqual(
      CLASSES.map(() => 5),
    );
  });

  test('same: the backdrop is the class’s; random: each class before each of the seven others once', () => {
    const backdropOf = ({ facts }: PictureEntry): number => BACKDROPS.indexOf(facts['backdrop'] ?? '');
    const same = sets['backgrounds/same'].entries;
    const random = sets['backgrounds/random'].entries;
    expect(same.filter((entry) => backdropOf(entry) !== classOf(entry))).toEqual([]);
    expect(random.filter((entry) => backdropOf(entry) === classOf(entry) || backdropOf(entry) < 0)).toEqual([]);
    expect(distinct(random.map((entry) => [classOf(entry), backdropOf(entry)] as const))).toEqual(CLASSES.map(() => 7));
  });
});

describe('pictures that belong together', () => {
  const PAIR = ['backgrounds/same', 'backgrounds/random'] as const;
  /** A pixel and its eight neighbours in a picture of 80 pixels a row. */
  const NEIGHBOURS = [0, -81, -80, -79, -1, 1, 79, 80, 81];
  const bytes = (set: SetName, file: string): Buffer => readFileSync(path.join(FIXTURES, set, file));

  test('small/ has byte-identical copies of pictures/', () => {
    for (const { id, facts, ...rest } of sets.small.entries) {
      expect(sets.pictures.entries.find((entry) => entry.id === id)).toMatchObject({ facts, boxes: rest.boxes });
      for (const file of [id, facts['mask'] ?? ''])
        expect(bytes('small', file).equals(bytes('pictures', file))).toBe(true);
    }
  });

  test('a pair of backgrounds/ differs in the backdrop alone', async () => {
    const tally = { object: { pixels: 0, differing: 0 }, backdrop: { pixels: 0, differing: 0 } };
    for (const { id, facts, boxes, label } of sets['backgrounds/same'].entries) {
      const partner = sets['backgrounds/random'].entries.find((entry) => entry.id === id);
      expect(partner).toMatchObject({ label, boxes, facts: { texture: facts['texture'], mask: facts['mask'] } });
      const masks = PAIR.map((set) => bytes(set, facts['mask'] ?? ''));
      expect(masks[0]!.equals(masks[1]!), id).toBe(true);
      const mask = await sharp(masks[0]).greyscale().raw().toBuffer();
      const [a, b] = await Promise.all(PAIR.map((set) => decodePicture(bytes(set, id))));
      for (let i = 81; i < 6319; i++) {
        // The object's edge is soft: pixels count whose eight neighbours are on the same side of it.
        const around = NEIGHBOURS.map((step) => mask[i + step] !== 0);
        if (around.some((inside) => inside !== around[0])) continue;
        const part = around[0] === true ? tally.object : tally.backdrop;
        part.pixels++;
        part.differing += Number([0, 1, 2].some((c) => a!.data[3 * i + c] !== b!.data[3 * i + c]));
      }
    }
    expect(tally.object.pixels).toBeGreaterThan(10_000);
    expect(tally.object.differing / tally.object.pixels).toBeLessThan(0.01);
    expect(tally.backdrop.differing / tally.backdrop.pixels).toBeGreaterThan(0.9);
  });
});
