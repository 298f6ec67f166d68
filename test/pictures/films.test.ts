// Films as they lie on disk: which folders and files are one, their frames' order, labels, and what is said of the others.
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import { listFilms, type FilmSource } from '../../src/pictures/films.js';
import { fileURLToPath } from 'node:url';
import { pictureFolders, pictures } from './picture-folders.js';

const { put } = pictureFolders();
const fixtures = fileURLToPath(new URL('../../fixtures/films', import.meta.url));

async function films(source: FilmSource) {
  const { entries, skipped } = await listFilms(source);
  return {
    films: Object.fromEntries(entries.map(({ id, frames }) => [id, frames?.map(({ number }) => number) ?? 'animated'])),
    labels: Object.fromEntries(entries.map(({ id, label }) => [id, label])),
    skipped: skipped.map(({ picture, reason }) => `${picture}: ${reason}`),
  };
}

async function messageOf(source: FilmSource): Promise<string> {
  const error: unknown = await listFilms(source).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

describe('films', () => {
  test('are a folder of numbered pictures, ordered by number', async () => {
    const folder = put('walk', pictures('f10.png', 'f9.png', 'f11.png'));
    expect(await films({ films: folder })).toEqual({
      films: { walk: [9, 10, 11] },
      labels: { walk: null },
      skipped: [],
    });
    const { entries } = await listFilms({ films: folder });
    expect(entries[0]?.frames?.map(({ path: file }) => path.basename(file))).toEqual(['f9.png', 'f10.png', 'f11.png']);
    expect(entries[0]?.bytes).toBe(3 * 'pixels'.length);
  });

  test('take the last number of a name', async () => {
    const folder = put('cam2', pictures('cam2-take3-001.png', 'cam2-take3-002b.png'));
    expect((await films({ films: folder })).films).toEqual({ cam2: [1, 2] });
  });

  test('are subfolders and animated files, labelled by class folders', async () => {
    expect(await films({ films: fixtures })).toEqual({
      films: { 'bag/glide': Array.from({ length: 24 }, (_, i) => i + 1), 'sneaker/glide.webp': 'animated' },
      labels: { 'bag/glide': { name: 'bag' }, 'sneaker/glide.webp': { name: 'sneaker' } },
      skipped: [],
    });
    expect((await films({ films: fixtures, labels: 'none' })).labels['bag/glide']).toBeNull();
  });

  test('are one animated file', async () => {
    const file = path.join(fixtures, 'sneaker', 'glide.webp');
    expect(await films({ films: file })).toMatchObject({ films: { 'glide.webp': 'animated' } });
  });

  test('take labels from a CSV', async () => {
    const folder = put('csv', {
      ...pictures('a/1.png', 'a/2.png', 'b/1.png', 'b/2.png'),
      'labels.csv': 'file,class_index\na,3\n',
    });
    const { labels } = await films({ films: folder, labels: path.join(folder, 'labels.csv') });
    expect(labels).toEqual({ a: { index: 3 }, b: null });
  });

  test('with holes are listed, the holes said', async () => {
    const folder = put('holes', pictures('1.png', '2.png', '4.png', '8.png'));
    expect(await films({ films: folder })).toMatchObject({
      films: { holes: [1, 2, 4, 8] },
      skipped: [
        'holes, frame 3: missing; the step across it is left out',
        'holes, frame 5–7: missing; the step across it is left out',
      ],
    });
    expect(await messageOf({ films: folder, strict: true })).toBe(
      'holes, frame 3: missing; the step across it is left out (--strict).',
    );
  });
});

describe('refused', () => {
  test.each([
    ['one', pictures('1.png'), 'it has one frame; expected a film of two or more'],
    ['twice', pictures('a1.png', 'b1.png'), '"a1.png" and "b1.png" have the same number, 1'],
    ['unnumbered', pictures('a.png', 'b.png'), '"a.png" has no number; expected names such as frame-001.png'],
    [
      'long',
      pictures('99999999999999999999.png', '1.png'),
      'the number of "99999999999999999999.png" is too long to be counted',
    ],
  ])('%s', async (name, files, reason) => {
    const folder = put(name, { ...files, ...pictures('good/1.png', 'good/2.png') });
    const found = await films({ films: folder });
    expect(found.films).toEqual({ good: [1, 2] });
    expect(found.skipped).toEqual([`${name}: ${reason}`]);
    expect(await messageOf({ films: folder, strict: true })).toBe(`${name}: ${reason} (--strict).`);
  });

  test('a folder without a film, with the first problem', async () => {
    expect(await messageOf({ films: put('alone', pictures('7.png')) })).toMatch(
      /^Expected a film in .*alone for --frames but there is none; the first of 1 problems, "alone": it has one frame/,
    );
  });

  test('a folder without pictures, and none', async () => {
    expect(await messageOf({ films: put('bare', { 'notes.txt': 'x' }) })).toMatch(
      /^Expected films in .*bare for --frames but it has no pictures\. Files that end in \.jpg/,
    );
    expect(await messageOf({ films: 'nowhere' })).toBe(
      'Expected films at nowhere for --frames but there is no such file or folder.',
    );
  });
});
