import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import { listHash, listPictures, type PictureSource } from '../../src/pictures/sources.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { folder, write } = temporaryFolder();

/** Writes pictures (their content doesn't matter: nothing is decoded) and other files into a folder of its own. */
function put(name: string, files: Record<string, string>): string {
  mkdirSync(`${folder}/${name}`, { recursive: true });
  for (const [file, content] of Object.entries(files)) write(`${name}/${file}`, content);
  return `${folder}/${name}`;
}

function pictures(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, 'pixels']));
}

async function labels(source: PictureSource): Promise<Record<string, unknown>> {
  const { entries } = await listPictures(source);
  return Object.fromEntries(entries.map(({ id, label }) => [id, label]));
}

async function messageOf(source: PictureSource): Promise<string> {
  const error: unknown = await listPictures(source).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message.replaceAll(folder, '.');
}

describe('pictures', () => {
  it('of a file', async () => {
    const images = `${put('single', pictures('a.png'))}/a.png`;
    expect(await listPictures({ images })).toEqual({
      entries: [{ id: 'a.png', path: images, bytes: 6, label: null, boxes: [], facts: {} }],
      skipped: [],
      source: images,
      form: 'file',
      labelsFrom: null,
    });
  });

  it('of a flat folder: sorted by code point, hidden files and others left out', async () => {
    const images = put(
      'flat',
      pictures('b.PNG', 'a.jpeg', 'Z.webp', 'é.tif', '😀.png', '\uffe6.png', '.hidden.png', '.git/x.png', 'notes.txt'),
    );
    const list = await listPictures({ images });
    expect(list.entries.map(({ id }) => id)).toEqual(['Z.webp', 'a.jpeg', 'b.PNG', 'é.tif', '\uffe6.png', '😀.png']);
    expect([list.form, list.labelsFrom, list.entries[0]?.label]).toEqual(['folder', null, null]);
  });

  it('skips what is empty or a broken link, with the reason', async () => {
    const images = put('zero', { ...pictures('good.png'), 'zero.png': '' });
    symlinkSync('nowhere.png', `${images}/link.png`);
    expect((await listPictures({ images })).skipped).toEqual([
      { picture: 'link.png', reason: 'the file is a broken link, or not a file' },
      { picture: 'zero.png', reason: 'the file is empty (0 bytes)' },
    ]);
  });
});

describe('class folders', () => {
  it('label by name, WordNet id or, where all are whole numbers, index', async () => {
    expect(await labels({ images: put('named', pictures('cat/1.png', 'dog/1.png', 'dog/deep/2.png')) })).toEqual({
      'cat/1.png': { name: 'cat' },
      'dog/1.png': { name: 'dog' },
      'dog/deep/2.png': { name: 'dog' },
    });
    expect(await labels({ images: put('wnids', pictures('n01443537/1.png')) })).toEqual({
      'n01443537/1.png': { wnid: 'n01443537' },
    });
    expect(await labels({ images: put('digits', pictures('0/1.png', '10/1.png')) })).toEqual({
      '0/1.png': { index: 0 },
      '10/1.png': { index: 10 },
    });
    expect(await labels({ images: put('mixed', pictures('0/1.png', 'ten/1.png')) })).toEqual({
      '0/1.png': { name: '0' },
      'ten/1.png': { name: 'ten' },
    });
  });

  it('are none where a picture lies outside them, or there is only one, or labels are declined', async () => {
    expect(await labels({ images: put('loose', pictures('cat/1.png', 'dog/1.png', '1.png')) })).toEqual({
      '1.png': null,
      'cat/1.png': null,
      'dog/1.png': null,
    });
    expect(await labels({ images: put('one', pictures('images/1.png')) })).toEqual({ 'images/1.png': null });
    expect(await labels({ images: `${folder}/named`, labels: 'none' })).toMatchObject({ 'cat/1.png': null });
  });
});

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

describe('labels apart from the pictures', () => {
  it('match by path or by bare name; pictures without a row have none', async () => {
    const images = put('apart', pictures('x/a.png', 'y/b.png', 'y/c.png'));
    const csv = write('labels.csv', 'file,label,kind\nx/a.png,cat,1\nb.png,dog,2\n');
    const list = await listPictures({ images, labels: csv });
    expect(list.entries.map(({ id, label, facts }) => [id, label, facts['kind']])).toEqual([
      ['x/a.png', { name: 'cat' }, '1'],
      ['y/b.png', { name: 'dog' }, '2'],
      ['y/c.png', null, undefined],
    ]);
    expect(list.labelsFrom).toBe('labels.csv, column label');
  });

  it('match whatever the encoding of accents', async () => {
    const images = put('apart-accents', pictures('caf\u00e9.png'.normalize('NFD')));
    const csv = write('accents.csv', 'file,label\ncaf\u00e9.png,cat\n');
    expect(await labels({ images, labels: csv })).toEqual({ 'caf\u00e9.png': { name: 'cat' } });
  });

  it('say which rows have no picture', async () => {
    const csv = write('more.csv', 'file,label\na.png,cat\nx/gone.png,dog\n');
    const list = await listPictures({ images: `${folder}/apart`, labels: csv });
    expect(list.skipped).toEqual([
      { picture: 'x/gone.png', reason: `listed in line 3 of ${csv}, but there is no such picture in ${folder}/apart` },
    ]);
  });

  it.each<[string, string, string]>([
    [
      'none fits',
      'file,label\ngone.png,cat\n',
      'Expected pictures of ./double in ./none fits.csv but none of its 1 lines names one; the first names "gone.png", the folder\'s first picture is "x/a.png". Write paths relative to that folder.',
    ],
    [
      'a bare name fits two',
      'file,label\na.png,cat\n',
      '"a.png" in line 2 of ./a bare name fits two.csv can be 2 pictures of ./double: "x/a.png" and "y/a.png". Write paths relative to that folder.',
    ],
    [
      'two rows fit one',
      'file,label\nx/b.png,cat\nb.png,dog\n',
      'Picture "x/b.png" has two lines in ./two rows fit one.csv: 2 and 3. Keep one.',
    ],
    [
      'only files',
      'file\nx/b.png\n',
      'Expected the columns "file" and one of "class_index", "wnid", "label", "class", "name" in ./only files.csv but its header has "file". Rename or add columns.',
    ],
  ])('are refused where %s', async (name, content, message) => {
    const images = put('double', pictures('x/a.png', 'y/a.png', 'x/b.png'));
    expect(await messageOf({ images, labels: write(`${name}.csv`, content) })).toBe(message);
  });

  it('keep files of one name in different folders apart', async () => {
    const csv = write('paths.csv', 'file,label\nx/a.png,cat\ny/a.png,dog\n');
    expect(await labels({ images: `${folder}/double`, labels: csv })).toEqual({
      'x/a.png': { name: 'cat' },
      'x/b.png': null,
      'y/a.png': { name: 'dog' },
    });
  });

  it('are read from a missing file with a message', async () => {
    expect(await messageOf({ images: `${folder}/double`, labels: 'gone.csv' })).toMatch(
      /^Expected a readable CSV at gone\.csv but reading it failed: ENOENT/,
    );
  });
});

describe('nothing to measure', () => {
  it.each<[string, () => string, string]>([
    ['no such path', () => 'nowhere', 'Expected pictures at nowhere but there is no such file or folder.'],
    [
      'empty folder',
      () => put('nothing', {}),
      'Expected pictures in the folder ./nothing but it has none. Files that end in .jpg, .jpeg, .jpe, .jfif, .png, .webp, .tif, .tiff, .gif, .avif count, in subfolders too.',
    ],
    [
      'only empty files',
      () => put('zeros', { 'a.png': '' }),
      'Expected a usable picture in ./zeros but all 1 are skipped; the first, "a.png": the file is empty (0 bytes).',
    ],
  ])('%s', async (_, images, message) => {
    expect(await messageOf({ images: images() })).toBe(message);
  });
});

describe('the hash of a list', () => {
  const entry = {
    id: 'a',
    path: '/x/a',
    bytes: 3,
    label: { index: 1 },
    boxes: [{ xmin: 0, ymin: 0, xmax: 1, ymax: 1 }],
    facts: {},
  };

  it('depends on ids, sizes, labels and boxes, not on places and facts', () => {
    const hash = listHash([entry]);
    expect(hash).toBe(listHash([{ ...entry, path: '/y/a', facts: { kind: 'x' } }]));
    const others = [
      { ...entry, id: 'b' },
      { ...entry, bytes: 4 },
      { ...entry, label: null },
      { ...entry, boxes: [] },
    ];
    expect(new Set([hash, ...others.map((other) => listHash([other]))]).size).toBe(5);
  });

  it('is the SHA-256 of one line of canonical JSON a picture', () => {
    // printf '{"boxes":[],"bytes":3,"id":"a","label":null}\n' | sha256sum
    expect(listHash([{ ...entry, label: null, boxes: [] }])).toBe(
      '910bf1b8d973dffebcfaa5a554f8a286dbe6c9372733723104b8c42cb0c375aa',
    );
  });
});

const shared = fileURLToPath(new URL('../../../shared/real/imagenet/', import.meta.url));

describe.skipIf(!existsSync(shared))('real pictures (in ../shared; skipped where absent)', () => {
  it('lists all 200 with their labels', async () => {
    const list = await listPictures({ images: `${shared}images`, labels: `${shared}labels.csv` });
    expect([list.entries.length, list.skipped.length, list.labelsFrom]).toEqual([
      200,
      0,
      'labels.csv, column class_index',
    ]);
    expect(list.entries[0]).toMatchObject({
      id: 'n01443537_goldfish.JPEG',
      label: { index: 1 },
      facts: { wnid: 'n01443537' },
    });
  });
});
