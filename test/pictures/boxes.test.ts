// Boxes apart from the pictures: XML, JSON and CSV, matched by id, bare name, or the name without ending.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import type { PictureEntry } from '../../src/core/picture.js';
import { withBoxes } from '../../src/pictures/boxes.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { folder } = temporaryFolder();

function entry(id: string): PictureEntry {
  const own = { xmin: 0, ymin: 0, xmax: 1, ymax: 1 };
  return { id, path: id, bytes: 1, label: null, boxes: [own], facts: {} };
}

const entries = ['dogs/n1_1.JPEG', 'dogs/n1_2.JPEG', 'cats/n2_1.JPEG'].map(entry);

function file(name: string, text: string): string {
  const to = path.join(folder, name);
  mkdirSync(path.dirname(to), { recursive: true });
  writeFileSync(to, text);
  return to;
}

function xml(name: string, boxes: readonly (readonly number[])[]): string {
  const objects = boxes.map(
    ([xmin, ymin, xmax, ymax]) =>
      `<object><name>n1</name><bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox></object>`,
  );
  return `<annotation><filename>${name}</filename><size><width>100</width><height>80</height><depth>3</depth></size>${objects.join('')}</annotation>`;
}

const boxesOf = (found: { entries: readonly PictureEntry[] }) =>
  found.entries.map(({ boxes }) => boxes.map(({ xmin, ymin, xmax, ymax }) => [xmin, ymin, xmax, ymax]));

describe('boxes', () => {
  it('come from ImageNet’s XML, whose names have no ending, in place of those that were there', async () => {
    file(
      'xml/n1/n1_1.xml',
      xml('n1_1', [
        [10, 20, 30, 40],
        [1, 2, 3, 4],
      ]),
    );
    file('xml/n2/n2_1.xml', xml('n2_1', [[5, 5, 50, 50]]));
    const found = await withBoxes(entries, path.join(folder, 'xml'));
    expect(boxesOf(found)).toEqual([
      [
        [10, 20, 30, 40],
        [1, 2, 3, 4],
      ],
      [],
      [[5, 5, 50, 50]],
    ]);
    expect(found).toMatchObject({ matched: 2, faults: [] });
  });

  it('come from COCO JSON', async () => {
    const coco = {
      images: [
        { id: 1, file_name: 'n1_2.JPEG', width: 100, height: 80 },
        { id: 2, file_name: 'elsewhere.jpg', width: 10, height: 10 },
      ],
      categories: [{ id: 1, name: 'dog' }],
      annotations: [
        { id: 1, image_id: 1, category_id: 1, bbox: [10, 20, 30, 40] },
        { id: 2, image_id: 2, category_id: 1, bbox: [1, 1, 5, 5] },
        { id: 3, image_id: 1, category_id: 1, bbox: [90, 20, 30, 40] },
      ],
    };
    const found = await withBoxes(entries, file('coco.json', JSON.stringify(coco)));
    expect(boxesOf(found)).toEqual([[], [[10, 20, 40, 60]], []]);
    expect(found.faults.map(({ reason }) => reason)).toEqual([expect.stringContaining('outside the picture')]);
  });

  it('come from a CSV, by path or by bare name', async () => {
    const csv =
      'file,width,height,class,xmin,ymin,xmax,ymax\ndogs/n1_1.JPEG,100,80,a,1,2,30,40\nn2_1.JPEG,100,80,a,3,4,50,60\n';
    expect(boxesOf(await withBoxes(entries, file('boxes.csv', csv)))).toEqual([[[1, 2, 30, 40]], [], [[3, 4, 50, 60]]]);
  });

  it.each([
    ['inverted', '30,2,1,40', 'inverted box'],
    ['without area', '30,2,30,40', 'box without area'],
    ['outside', '130,2,150,40', 'outside the picture'],
    ['not numbers', 'NaN,2,30,40', 'not a number'],
  ])('that are %s are named, and an error where there are no others', async (_, numbers, reason) => {
    const header = 'file,width,height,class,xmin,ymin,xmax,ymax\n';
    const wrong = `n1_1.JPEG,100,80,a,${numbers}\n`;
    const good = 'n2_1.JPEG,100,80,a,3,4,50,60\n';
    const { faults } = await withBoxes(entries, file('mixed.csv', header + wrong + good));
    expect(faults).toEqual([
      { source: path.join(folder, 'mixed.csv'), line: 2, reason: expect.stringContaining(reason) },
    ]);
    const alone = withBoxes(entries, file('wrong.csv', header + wrong));
    await expect(alone).rejects.toThrow(InputError);
    await expect(alone).rejects.toThrow(/none can be used; line 2 of .*wrong\.csv: /);
  });

  it('must fit a picture, and only one', async () => {
    const header = 'file,width,height,class,xmin,ymin,xmax,ymax\n';
    await expect(withBoxes(entries, file('none.csv', `${header}x.jpg,100,80,a,1,2,30,40\n`))).rejects.toThrow(
      'none of its 1 names one; the first is of "x.jpg", the first picture is "dogs/n1_1.JPEG"',
    );
    const twins = ['a/1.png', 'b/1.png'].map(entry);
    await expect(withBoxes(twins, file('twins.csv', `${header}1.png,100,80,a,1,2,30,40\n`))).rejects.toThrow(
      /"1\.png" in line 2 of .* can be 2 pictures: "a\/1\.png" and "b\/1\.png"\./,
    );
  });
});
