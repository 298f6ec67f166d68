// CSVs of pictures: what is read, and the message of every one that is refused.
import { describe, expect, it } from 'vitest';
import { listPictures } from '../../src/pictures/sources.js';
import { labels, pictureFolders, pictures } from './picture-folders.js';

const { folder, write, put, messageOf } = pictureFolders();

describe('a CSV of pictures', () => {
  const csv = (name: string, content: string, files = pictures('a.png', 'b.png')): string =>
    `${put(name, { ...files, 'list.csv': content })}/list.csv`;

  it('gives labels, boxes and facts', async () => {
    const images = csv(
      'csv',
      'file,label,xmin,ymin,xmax,ymax,kind\nb.png,cat,0,1,10,20.5,indoor\na.png,n01443537,,,,,\nb.png,cat,3,3,4,4,indoor\n',
    );
    const list = await listPictures({ images });
    expect(list.entries).toEqual([
      {
        id: 'a.png',
        path: `${folder}/csv/a.png`,
        bytes: 6,
        label: { wnid: 'n01443537' },
        boxes: [],
        facts: { label: 'n01443537', kind: '' },
      },
      {
        id: 'b.png',
        path: `${folder}/csv/b.png`,
        bytes: 6,
        label: { name: 'cat' },
        boxes: [
          { xmin: 0, ymin: 1, xmax: 10, ymax: 20.5 },
          { xmin: 3, ymin: 3, xmax: 4, ymax: 4 },
        ],
        facts: { label: 'cat', kind: 'indoor' },
      },
    ]);
    expect([list.form, list.labelsFrom]).toEqual(['CSV', 'list.csv, column label']);
  });

  it.each<[string, string, Record<string, unknown>]>([
    [
      'BOM and CRLF',
      '\ufefffile,label\r\na.png,cat\r\nb.png,dog\r\n',
      { 'a.png': { name: 'cat' }, 'b.png': { name: 'dog' } },
    ],
    [
      'quotes',
      'file,label\n"a.png","great white, ""the"" shark"\nb.png,\n',
      { 'a.png': { name: 'great white, "the" shark' }, 'b.png': null },
    ],
    ['whole numbers', 'file,label\na.png,3\nb.png,12\n', { 'a.png': { index: 3 }, 'b.png': { index: 12 } }],
    [
      'numbers among names',
      'file,label\na.png,3\nb.png,twelve\n',
      { 'a.png': { name: '3' }, 'b.png': { name: 'twelve' } },
    ],
    ['names that are numbers', 'file,name\na.png,3\nb.png,12\n', { 'a.png': { name: '3' }, 'b.png': { name: '12' } }],
    [
      'the first of several columns',
      'file,name,wnid,class_index\na.png,tench,n01440764,0\nb.png,tench,n01440764,\n',
      { 'a.png': { index: 0 }, 'b.png': null },
    ],
    [
      'a column named class',
      'file,class\na.png,cat\nb.png,dog\n',
      { 'a.png': { name: 'cat' }, 'b.png': { name: 'dog' } },
    ],
    ['no labels', 'file\na.png\nb.png\n', { 'a.png': null, 'b.png': null }],
    [
      'other ways to write paths',
      'file,label\n./a.png,cat\n../paths/b.png,dog\n',
      { '../paths/b.png': { name: 'dog' }, 'a.png': { name: 'cat' } },
    ],
  ])('reads %s', async (name, content, wanted) => {
    expect(await labels({ images: csv(name === 'other ways to write paths' ? 'paths' : name, content) })).toEqual(
      wanted,
    );
  });

  it('finds names whose accents are encoded otherwise on the disk', async () => {
    const composed = 'caf\u00e9.png';
    const images = csv('accents', `file,label\n${composed},cat\n`, pictures(composed.normalize('NFD')));
    expect(await labels({ images })).toEqual({ [composed]: { name: 'cat' } });
  });

  it('skips files that are missing, and fails where all are', async () => {
    const images = csv('missing', 'file,label\na.png,cat\ngone.png,dog\n');
    expect((await listPictures({ images })).skipped).toEqual([
      { picture: 'gone.png', reason: `listed in ${images}, but there is no such file` },
    ]);
    expect(await messageOf({ images: csv('allmissing', 'file,label\ngone.png,cat\n') })).toBe(
      'Expected the pictures that ./allmissing/list.csv lists but none of its 1 files can be used; the first, "gone.png": listed in ./allmissing/list.csv, but there is no such file. Paths are relative to the CSV\'s folder; a CSV of labels for a folder goes to --labels.',
    );
  });

  const labelNames = '"class_index", "wnid", "label", "class", "name"';
  it.each<[string, string, string]>([
    [
      'empty',
      '',
      'Expected a CSV with a header in ./empty/list.csv but the file is empty. Its first line names the columns, e.g. "file,label".',
    ],
    [
      'header only',
      'file,label\n',
      'Expected pictures in ./header only/list.csv but there are no lines after its header.',
    ],
    [
      'no file',
      'path,label\na.png,cat\n',
      `Expected the columns "file" and one of ${labelNames} in ./no file/list.csv but its header has "path", "label". Rename or add columns.`,
    ],
    [
      'no label',
      'file,lable\na.png,cat\n',
      `Expected the columns "file" and one of ${labelNames} in ./no label/list.csv but its header has "file", "lable". Rename or add columns.`,
    ],
    [
      'twice',
      'file,label,label\na.png,cat,cat\n',
      'Expected each column once in ./twice/list.csv but "label" is there twice. Rename one.',
    ],
    [
      'half a box',
      'file,label,xmin,ymin\na.png,cat,1,2\n',
      'Expected all of the columns "xmin", "ymin", "xmax", "ymax" in ./half a box/list.csv or none but "xmax", "ymax" are missing. Add or remove columns.',
    ],
    [
      'inside-out box',
      'file,label,xmin,ymin,xmax,ymax\na.png,cat,5,0,5,9\n',
      'Expected 0 ≤ xmin < xmax and 0 ≤ ymin < ymax (pixels) in line 2 of ./inside-out box/list.csv but received 5, 0, 5, 9. Mend the line, or leave all four empty.',
    ],
    [
      'cells',
      'file,label\na.png,great white, shark\n',
      'Expected 2 cells in line 2 of ./cells/list.csv, as in its header, but received 3. Put cells with commas in quotes.',
    ],
    ['open quote', 'file,label\n"a.png,cat\n', "Expected a CSV in ./open quote/list.csv but it can't be parsed: "],
    [
      'no name',
      'file,label\n,cat\n',
      'Expected a file name in column "file", line 2 of ./no name/list.csv but received nothing. Mend the line.',
    ],
    [
      'index',
      'file,class_index\na.png,cat\n',
      'Expected a whole number in column "class_index", line 2 of ./index/list.csv but received "cat". Mend the line.',
    ],
    [
      'wnid',
      'file,wnid\na.png,cat\n',
      'Expected a WordNet id such as n01443537 in column "wnid", line 2 of ./wnid/list.csv but received "cat". Mend the line.',
    ],
    [
      'same row',
      'file,label\na.png,cat\na.png,cat\n',
      'Picture "a.png" is there twice, in lines 2 and 3 of ./same row/list.csv. Keep one line (several only for several boxes).',
    ],
    [
      'two labels',
      'file,label\na.png,cat\na.png,dog\n',
      'Picture "a.png" has two labels in lines 2 and 3 of ./two labels/list.csv. Keep one line.',
    ],
  ])('refuses %s', async (name, content, message) => {
    expect((await messageOf({ images: csv(name, content) })).startsWith(message)).toBe(true);
  });

  it('refuses other encodings', async () => {
    const images = csv('latin', 'x');
    write('latin/list.csv', Uint8Array.of(0x66, 0xe9, 0x0a));
    expect(await messageOf({ images })).toBe(
      "Expected a CSV in UTF-8 at ./latin/list.csv but it has bytes that aren't. Save it as UTF-8.",
    );
  });

  it('refuses labels in two places', async () => {
    const images = csv('both', 'file,label\na.png,cat\n');
    expect(await messageOf({ images, labels: images })).toBe(
      'Expected labels in one place but --images ./both/list.csv is a CSV and --labels ./both/list.csv is given too. Leave one out.',
    );
  });
});
