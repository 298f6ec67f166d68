// Boxes from every form: the same boxes give the same records; broken ones are named by file and line.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BoxFault } from '../../src/core/dataset.js';
import type { BoxRecord } from '../../src/dataset/record.js';
import { openDataset, readBoxes } from '../../src/dataset/read/open.js';
import { BOX_HEADER, boxRows, cocoJson, eyeRows, madeBoxes, vocXml } from '../support/boxes.js';
import { root, temporaryFolder } from '../support/cli.js';

const folder = temporaryFolder();

function written(name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

async function all(source: string, faults: BoxFault[] | null = null): Promise<BoxRecord[]> {
  const records: BoxRecord[] = [];
  for await (const record of readBoxes(source, faults === null ? undefined : (fault) => faults.push(fault)))
    records.push(record);
  return records;
}

describe('readBoxes', () => {
  const boxes = madeBoxes('centred', 'ant', 20, 1);
  const plain = ({ file, width, height, className, box }: BoxRecord) => [file, width, height, className, { ...box }];
  const wanted = boxes.map(({ file, width, height, className, xmin, ymin, xmax, ymax }) => [
    file,
    width,
    height,
    className,
    { xmin, ymin, xmax, ymax },
  ]);

  it('reads the same boxes from a CSV, COCO JSON and Pascal-VOC XML', async () => {
    const csv = await all(written('same.txt', `\uFEFF${BOX_HEADER}\r\n${boxRows(boxes).replaceAll('\n', '\r\n')}`));
    expect(csv.map(plain)).toEqual(wanted);
    expect(csv.map(({ line }) => line).slice(0, 2)).toEqual([2, 3]);
    const coco = await all(written('same.data', cocoJson(boxes)));
    expect(coco.map(plain)).toEqual(wanted);
    const lines = cocoJson(boxes).split('\n');
    expect(lines[(coco[3]?.line ?? 0) - 1]).toContain('"id":3,"image_id":3');
    for (const box of boxes) written(path.join('voc', box.file.replace('.jpg', '.xml')), vocXml([box]));
    const voc = await all(path.join(folder, 'voc'));
    expect(voc.map(plain)).toEqual(wanted);
    expect(voc[0]?.line).toBe(8);
    expect((await all(path.join(folder, 'voc', 'ant-0000.xml'))).map(plain)).toEqual(wanted.slice(0, 1));
  });

  it('reads COCO whose lists stand in any order, across pieces of the file', async () => {
    const many = madeBoxes('specks', 'bee', 3000, 2);
    const { images, annotations, categories } = JSON.parse(cocoJson(many)) as Record<string, unknown>;
    const records = await all(
      written('turned.json', JSON.stringify({ annotations, info: { images: [1] }, categories, images }, null, 1)),
    );
    expect(records).toHaveLength(3000);
    expect(records.at(-1)?.box.xmin).toBe(many.at(-1)?.xmin);
  });

  it('finds the fixtures’ boxes in subfolders, named by their path', async () => {
    const records = await all(path.join(root, 'fixtures', 'boxes', 'voc'));
    expect(records).toHaveLength(48);
    expect(records[0]?.file).toBe('ant/ant-0000.jpg');
  });

  it.each([
    ['10,10,40,10', 'box without area: ymin = ymax = 10'],
    ['40,10,10,20', 'inverted box: xmax 10 lies left of xmin 40'],
    ['10,10,120,20', 'box outside the picture: x from 10 to 120 of 100 pixels'],
    ['10,-30,20,20', 'box outside the picture: y from -30 to 20 of 80 pixels'],
    ['10,10,NaN,20', 'xmax is "NaN", not a number'],
    ['10,ten,20,20', 'ymin is "ten", not a number'],
    ['10,10,20,Infinity', 'ymax is "Infinity", not a number'],
    ['10,10,20,', 'ymax is missing'],
    ['10,10,20', 'expected 8 cells as in the header but received 7'],
    ['100.5,10,101,20', 'box outside the picture: nothing of it lies within'],
  ])('names a bad box: %s', async (cells, reason) => {
    const file = written(
      'bad.csv',
      `${BOX_HEADER}\na.jpg,100,80,ant,0,0,10,10\nb.jpg,100,80,ant,${cells}\nc.jpg,100,80,ant,1,1,2,2\n`,
    );
    await expect(all(file)).rejects.toThrow(`line 3 of ${file}: ${reason}. Mend or remove it.`);
    const faults: BoxFault[] = [];
    expect(await all(file, faults)).toHaveLength(2);
    expect(faults).toEqual([{ source: file, line: 3, reason }]);
  });

  it.each([
    [',', 'the picture has no size (width and height in pixels)'],
    ['0,80', 'expected a picture size above 0 but received "0"'],
    ['wide,80', 'expected a picture size above 0 but received "wide"'],
  ])('names a bad size: %s', async (size, reason) => {
    const file = written('size.csv', `${BOX_HEADER}\nb.jpg,${size},ant,0,0,5,5\n`);
    await expect(all(file)).rejects.toThrow(`line 2 of ${file}: ${reason}`);
  });

  it('cuts off what reaches over an edge by a pixel', async () => {
    const [record] = await all(written('edge.csv', `${BOX_HEADER}\nb.jpg,100,80,ant,-1,0,101,80.5\n`));
    expect(record?.box).toEqual({ xmin: 0, ymin: 0, xmax: 100, ymax: 80 });
  });

  it.each([
    ['cut.xml', '<annotation>\n<object><name>a</name>', /line 2 of .*cut\.xml: not well-formed XML \(unclosed tag/],
    ['root.xml', '<svg></svg>', /line 1 of .*root\.xml: expected the element annotation but received "svg"/],
    [
      'size.xml',
      '<annotation>\n<object>\n<name>a</name></object></annotation>',
      /line 2 of .*: the picture has no size/,
    ],
    [
      'box.xml',
      '<annotation><size><width>9</width><height>9</height></size>\n<object><name>a</name></object></annotation>',
      /line 2 of .*: xmin is missing/,
    ],
    [
      'cut.json',
      '{"images":[{"id":1}],\n"annotations":[{"id":',
      /Expected COCO JSON in .*cut\.json but the file ends in the middle of it/,
    ],
    ['nan.json', '{"annotations":[\n{"bbox":[NaN,1,1,1]}]}', /it is no JSON near line 2: /],
    ['none.json', '{"images":[]}', /Expected the lists "images", "annotations" and "categories"/],
    ['list.json', '[{"image_id":1}]', /it is a list: results of a detector have no picture sizes/],
    ['image.json', '{"annotations":[{"id":7,"image_id":3}]}', /annotation 1 \(id 7\): there is no image 3/],
    [
      'columns.csv',
      'file,label\na.jpg,b',
      /Expected the columns file, width, height.* but its header has "file", "label"\./,
    ],
    ['twice.csv', 'file,file\na,b', /Expected each column once .* but "file" is there twice/],
    ['empty.csv', '', /Expected boxes in .*empty\.csv but the file is empty/],
    ['picture.png', '\x89PNG\r\n\x1a\n\0\0', /Expected text in .* but it is binary/],
  ])('refuses %s', async (name, text, message) => {
    await expect(all(written(path.join('broken', name), text))).rejects.toThrow(message);
  });

  it('refuses a folder without XML, a path without anything, and point pairs', async () => {
    mkdirSync(path.join(folder, 'hollow'));
    await expect(all(path.join(folder, 'hollow'))).rejects.toThrow(
      /Expected Pascal-VOC XML files in .* but there are none/,
    );
    await expect(all(path.join(folder, 'nothing'))).rejects.toThrow(/Expected boxes at .*nothing but it can't be read/);
    await expect(all(path.join(root, 'fixtures', 'boxes', 'eyes.csv'))).rejects.toThrow(/but it holds point pairs/);
  });

  it('has fixtures as their script makes them', () => {
    const fixture = (name: string): string => readFileSync(path.join(root, 'fixtures', 'boxes', name), 'utf8');
    expect(fixture('eyes.csv')).toBe(`file,width,height,class,x1,y1,x2,y2\n${eyeRows(60, 1)}\n`);
    expect(fixture('uniform.csv')).toContain(boxRows(madeBoxes('uniform', 'dog', 130, 1)));
    expect(fixture('voc/cat/cat-0003.xml')).toBe(vocXml(madeBoxes('centred', 'cat', 12, 1).slice(3, 4)));
  });

  it('reads point pairs', async () => {
    const { kind, records } = await openDataset(path.join(root, 'fixtures', 'boxes', 'eyes.csv'));
    expect(kind).toBe('point pairs');
    let n = 0;
    for await (const record of records()) {
      if (n++ === 0) expect(record).toMatchObject({ file: 'face-000.jpg', className: 'face', line: 2, width: 500 });
    }
    expect(n).toBe(60);
  });
});
