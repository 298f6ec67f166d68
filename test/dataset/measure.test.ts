// The whole measurement: by hand on few boxes, on the fixtures, and its error rate over 200 seeds.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ClassResult, TestName, UniformityTest } from '../../src/core/dataset.js';
import { latticeFor } from '../../src/dataset/cells.js';
import { randomFor } from '../../src/core/random.js';
import { measureDataset } from '../../src/dataset/measure.js';
import { randomCrop } from '../../src/dataset/random-crop.js';
import { createSeen } from '../../src/dataset/seen.js';
import { adjusted, classResult } from '../../src/dataset/summarise.js';
import { count, createTally, measured } from '../../src/dataset/tally.js';
import { BOX_HEADER, madeBoxes, type Bias } from '../support/boxes.js';
import { root, temporaryFolder } from '../support/cli.js';

const folder = temporaryFolder();
const fixture = (name: string): string => path.join(root, 'fixtures', 'boxes', name);

const testOf = (result: ClassResult, name: TestName): UniformityTest => {
  const tests = {
    position: result.position.test,
    sizeAware: result.sizeAware.test,
    extent: result.extent.test,
    croppedPosition: result.cropped.position.test,
    croppedExtent: result.cropped.extent.test,
  };
  const test = tests[name];
  if ('unavailable' in test) throw new Error(test.unavailable);
  return test;
};

/** A class of boxes tested in memory. */
function tested(bias: Bias, name: string, boxes: number, seed: number): ClassResult {
  const lattice = latticeFor(5);
  const tally = createTally(lattice);
  const [jitter, crops] = [randomFor(seed, 'jitter'), randomFor(seed, 'crop')];
  for (const { width, height, className, ...box } of madeBoxes(bias, name, boxes, seed))
    count(tally, lattice, measured({ width, height, className, box }, 'boxes', jitter, crops));
  return classResult(name, tally, { lattice, grid: 5 });
}

describe('measureDataset', () => {
  it('counts centres, heights and the middle by hand', async () => {
    const file = path.join(folder, 'hand.csv');
    // Centres (0.5, 0.5), (0.05, 0.95), (0.5, 0.6); heights 1, 0.1, 0.2. The first fills its picture.
    writeFileSync(file, `${BOX_HEADER}\na,100,100,x,0,0,100,100\nb,100,100,x,0,90,10,100\nc,100,100,x,40,50,60,70\n`);
    const { overall, lattice, verdicts, source } = await measureDataset(file);
    expect(lattice).toBe(15);
    expect(overall.centre?.map((value) => value.toFixed(6))).toEqual(['0.350000', '0.683333']);
    expect(
      overall.position.counts.flatMap((n, place) => (n > 0 ? [[place % 15, Math.floor(place / 15), n]] : [])),
    ).toEqual([
      [7, 7, 1],
      [7, 9, 1],
      [0, 14, 1],
    ]);
    expect(overall.position.middle).toMatchObject({ value: 2 / 3, n: 3, uniform: 1 / 9 });
    expect(overall.sizeAware.left).toBe(1);
    expect(overall.extent.counts.flatMap((n, bin) => (n > 0 ? [[bin, n]] : []))).toEqual([
      [1, 1],
      [3, 1],
      [19, 1],
    ]);
    expect(overall.extent.mean).toBeCloseTo(1.3 / 3, 12);
    expect(overall.extent.large).toMatchObject({ value: 1 / 3, uniform: 0.5 });
    expect(overall.position.test).toEqual({ unavailable: 'only 3 to count, and a test needs 25' });
    expect(verdicts.position).toEqual({ tested: 0, notUniform: 0, untested: 1 });
    expect(source).toMatchObject({ boxes: 3, pictures: 3, skipped: 0, format: 'CSV', kind: 'boxes' });
  });

  it('tells the biased fixture from the one without bias', async () => {
    const { verdicts: biased, classes } = await measureDataset(fixture('centred.csv'));
    expect(biased.position).toEqual({ tested: 4, notUniform: 4, untested: 1 });
    expect(biased.sizeAware).toEqual({ tested: 4, notUniform: 4, untested: 1 });
    expect(biased.extent).toEqual({ tested: 4, notUniform: 4, untested: 1 });
    expect(classes.at(-1)).toMatchObject({ name: 'rare', boxes: 12 });
    expect(classes.at(-1)?.position.test).toHaveProperty('unavailable');
    const { verdicts: fair } = await measureDataset(fixture('uniform.csv'));
    expect(fair.sizeAware).toEqual({ tested: 4, notUniform: 0, untested: 0 });
    expect(fair.extent).toEqual({ tested: 4, notUniform: 0, untested: 0 });
    // Large boxes can't be near an edge: the plain test rejects them whatever a photographer does.
    expect(fair.position.notUniform).toBe(4);
  });

  it('gives the same for the same boxes in another form, and for the same seed only the same crops', async () => {
    const [coco, again, other] = [
      await measureDataset(fixture('centred-coco.json')),
      await measureDataset(fixture('voc')),
      await measureDataset(fixture('voc'), { seed: 1 }),
    ];
    expect({ ...again, source: null }).toEqual({ ...coco, source: null });
    expect(other.overall.position).toEqual(again.overall.position);
    expect(other.overall.cropped.position.counts).not.toEqual(again.overall.cropped.position.counts);
  });

  it('measures distances and middles of point pairs', async () => {
    const file = path.join(folder, 'pairs.csv');
    // A 300 × 400 picture has a diagonal of 500; points 3-4-5 apart, 250 long.
    writeFileSync(file, 'file,width,height,class,x1,y1,x2,y2\na,300,400,face,200,50,50,250\n');
    const { overall, source } = await measureDataset(file);
    expect(source.kind).toBe('point pairs');
    expect(overall.extent.mean).toBeCloseTo(0.5, 12);
    expect(overall.centre).toEqual([125 / 300, 150 / 400]);
  });

  it('counts one box of a class in a picture where asked', async () => {
    const file = path.join(folder, 'crowd.csv');
    writeFileSync(file, `${BOX_HEADER}\na,9,9,x,0,0,1,1\na,9,9,x,1,1,2,2\na,9,9,y,2,2,3,3\nb,9,9,x,3,3,4,4\n`);
    const every = await measureDataset(file);
    expect(every.source).toMatchObject({ boxes: 4, pictures: 2, pictureClasses: 3, repeated: 0 });
    const first = await measureDataset(file, { onePerPicture: true });
    expect(first.source).toMatchObject({ boxes: 3, pictures: 2, pictureClasses: 3, repeated: 1 });
    expect((await measureDataset(file, { limit: 2 })).source).toMatchObject({ boxes: 2, limited: true });
    expect((await measureDataset(file, { limit: 4 })).source).toMatchObject({ boxes: 4, limited: false });
  });

  it('counts and skips faulty boxes, or ends at the first', async () => {
    const file = path.join(folder, 'faulty.csv');
    writeFileSync(file, `${BOX_HEADER}\na,9,9,x,0,0,1,1\na,9,9,x,5,5,2,6\n`);
    expect((await measureDataset(file)).source).toMatchObject({ boxes: 1, skipped: 1, faults: [{ line: 3 }] });
    await expect(measureDataset(file, { strict: true })).rejects.toThrow(/line 3 of .*faulty\.csv: inverted box/);
    writeFileSync(file, `${BOX_HEADER}\na,9,9,x,5,5,2,6\n`);
    await expect(measureDataset(file)).rejects.toThrow(
      /none of 1 can be used; the first, in line 2 of .*: inverted box/,
    );
    await expect(measureDataset(file, { grid: 11 })).rejects.toThrow(/Expected a whole number from 2 to 10 for grid/);
    await expect(measureDataset(file, { alpha: 0 })).rejects.toThrow(/Expected a number between 0 and 1 for alpha/);
  });
});

describe('error rate over 200 seeds, alpha 0.05', () => {
  // Rejections of a true null are binomial(200, 0.05): between 3 and 19 with probability 0.997.
  const SEEDS = 200;
  const rejected = (bias: Bias, name: TestName, boxes: number): number =>
    Array.from({ length: SEEDS }, (_, seed) => testOf(tested(bias, 'x', boxes, seed), name).p).filter((p) => p < 0.05)
      .length;

  it.each<[Bias, TestName, number]>([
    ['specks', 'position', 400],
    ['specks', 'position', 60],
    ['uniform', 'sizeAware', 400],
    ['uniform', 'extent', 400],
  ])('%s boxes are called not uniform (%s, %d boxes) as rarely as alpha says', (bias, name, boxes) => {
    const n = rejected(bias, name, boxes);
    expect(n).toBeGreaterThanOrEqual(3);
    expect(n).toBeLessThanOrEqual(19);
  });

  it.each<[TestName, number]>([
    ['position', 60],
    ['sizeAware', 60],
    ['extent', 60],
    ['position', 25],
  ])('centred boxes are called not uniform (%s, %d boxes) in nearly all', (name, boxes) => {
    expect(rejected('centred', name, boxes)).toBeGreaterThanOrEqual(195);
  });

  it('calls no more than alpha of data sets of 20 fair classes anything but uniform, after Holm', () => {
    let wrong = 0;
    for (let seed = 0; seed < 100; seed++) {
      const classes = Array.from({ length: 20 }, (_, i) => tested('specks', `c${i}`, 130, seed));
      if (adjusted(classes, 0.05).verdicts.position.notUniform > 0) wrong++;
    }
    // binomial(100, 0.05): at most 12 with probability 0.998.
    expect(wrong).toBeLessThanOrEqual(12);
  });
});

describe('randomCrop', () => {
  it('stays in the picture, with the area and aspect asked for', () => {
    const random = randomFor(3, 'crop');
    let area = 0;
    for (let i = 0; i < 4000; i++) {
      const { x, y, width, height } = randomCrop(640, 480, random);
      expect(x >= 0 && y >= 0 && x + width <= 640 && y + height <= 480).toBe(true);
      expect(width / height).toBeGreaterThan(0.73);
      expect(width / height).toBeLessThan(1.36);
      area += (width * height) / (640 * 480) / 4000;
    }
    // Uniform on 8…100 % has mean 54 %, but large crops of another aspect don't fit: the mean over areas and aspects that
    // fit is 43.19 % (numerical integration).
    expect(area).toBeGreaterThan(0.42);
    expect(area).toBeLessThan(0.444);
  });

  it('takes the central crop of a picture that no crop fits', () => {
    expect(randomCrop(1000, 10, randomFor(0, 'narrow'))).toEqual({ x: 493, y: 0, width: 13, height: 10 });
  });
});

describe('createSeen', () => {
  it('tells new texts from known ones as it grows', () => {
    const seen = createSeen();
    for (let i = 0; i < 5000; i++) expect(seen.add(`picture ${i}`)).toBe(true);
    for (let i = 0; i < 5000; i++) expect(seen.add(`picture ${i}`)).toBe(false);
    expect(seen.size()).toBe(5000);
  });
});
