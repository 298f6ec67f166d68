import { existsSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { listHash, listPictures } from '../../src/pictures/sources.js';
import { labels, pictureFolders, pictures } from './picture-folders.js';

const { folder, write, put, messageOf } = pictureFolders();

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
