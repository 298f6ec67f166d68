// Protocols from flags, presets and files; and what each preset does to a picture, by the papers' own numbers.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../src/core/errors.js';
import { protocolHash } from '../../src/core/protocol.js';
import { findPreset, presets } from '../../src/probes/presets.js';
import { makeProtocol, parseProtocol } from '../../src/probes/protocol.js';
import { findProbe } from '../../src/probes/registry.js';
import { cropped } from '../../src/image/canvas.js';
import { resizeRaster } from '../../src/image/resize.js';
import { rasterOf } from '../image/rasters.js';
import { frameOf, offsets, pictureOf, pixelsOf, viewsOf } from './frames.js';

async function messageOf(action: () => unknown): Promise<string> {
  try {
    await action();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  return 'no error';
}

/** The views that a protocol makes of a picture. */
async function underPreset(preset: string, side: number, resizeTo: number | null, seed = 0) {
  const protocol = await makeProtocol({ preset });
  return viewsOf(pictureOf(300, 260), frameOf(side, resizeTo), protocol.probe.options, seed, protocol.probe.name);
}

describe('from flags', () => {
  test('the default', async () => {
    expect(await makeProtocol({ shift: '1px' })).toEqual({
      schema: 'invariance/protocol@1',
      name: 'shift-1px',
      probe: {
        name: 'shift',
        options: {
          surround: 'crop',
          canvas: 'model',
          path: 'diagonal',
          reach: 4,
          order: 'ascending',
          step: 1,
          repeat: 1,
        },
      },
      repeat: 1,
      seed: 0,
      preprocess: 'model',
      definitions: 1,
    });
    expect(await makeProtocol()).toEqual(await makeProtocol({ shift: '1px' }));
  });
  test('names', async () => {
    expect((await makeProtocol({ shift: '3px', seed: 7, preprocess: 'imagenet' })).name).toBe('shift-3px');
    expect((await makeProtocol({ shift: '1px', surround: 'cyclic' })).name).toBe('custom');
    expect((await makeProtocol({ preset: 'aps' })).name).toBe('aps');
    expect((await makeProtocol({ preset: 'aps', shift: '1px' })).name).toBe('aps');
    expect((await makeProtocol({ preset: 'aps', shift: '2px' })).name).toBe('aps+');
    expect((await makeProtocol({ preset: 'aps', seed: 4 })).name).toBe('aps');
  });
  test('flags over a preset: what has no meaning any more goes, what is given anew must have one', async () => {
    expect((await makeProtocol({ preset: 'zhang', surround: 'fill-black', path: 'diagonal' })).probe.options).toEqual({
      surround: 'fill-black',
      object: { of: 'picture', size: { share: 0.625 } },
      anchor: 'centre',
      path: 'diagonal',
      reach: 4,
      order: 'ascending',
      step: 1,
      repeat: 1,
    });
    expect((await makeProtocol({ preset: 'azulay-mean', object: 'square:0.5' })).probe.options).toMatchObject({
      object: { of: 'centre-square', size: { share: 0.5 } },
      anchor: 'before-centre',
    });
    expect(await messageOf(() => makeProtocol({ preset: 'azulay-mean', canvas: 256 }))).toMatch(
      /^"canvas" has no meaning with surround fill-mean/,
    );
  });
  test('a sweep takes a step and repeats only; repeats where they mean something', async () => {
    const swept = await makeProtocol({ preset: 'azulay-sweep', repeat: 2 });
    expect(swept.repeat).toBe(2);
    const { steps } = swept.probe.options as { steps: { shift: { surround: string; repeat: number } }[] };
    expect(steps.map(({ shift }) => shift.repeat)).toEqual([2, 2, 2, 2, 1, 1, 1]);
    expect(await messageOf(() => makeProtocol({ preset: 'azulay-sweep', path: 'grid' }))).toBe(
      '--path has no meaning with a sweep, which fixes it for each of its steps. Leave it out.',
    );
  });
  test('wrong ones', async () => {
    expect(await messageOf(() => makeProtocol({ preset: 'azulay-corp' }))).toBe(
      'Unknown protocol "azulay-corp". Did you mean "azulay-crop" or "azulay-mean" or "azulay-sweep"? Valid: azulay-crop, azulay-mean, azulay-inpaint, azulay-sweep, zhang, aps, alias-free, alias-free-fractional, spatial-grid, imagenet-p.',
    );
    expect(await messageOf(() => makeProtocol({ surround: 'none' }))).toMatch(
      /^Unknown surround "none"\..*Valid: crop, cyclic/,
    );
    expect(await messageOf(() => makeProtocol({ repeat: 2 }))).toMatch(
      /^Expected repeat 1 for surround crop with path diagonal/,
    );
  });
});

describe('from a file', () => {
  let folder = '';
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'invariance-protocol-'))));
  afterAll(() => rm(folder, { recursive: true }));

  test('what was printed is read back as the same protocol, every preset', async () => {
    for (const { name } of presets) {
      const protocol = await makeProtocol({ preset: name, seed: 3 });
      const file = join(folder, `${name}.json`);
      await writeFile(file, JSON.stringify(protocol));
      const again = await makeProtocol({ preset: file });
      expect(again).toEqual(protocol);
      expect(protocolHash(again)).toBe(protocolHash(protocol));
    }
  });
  test('the keys that matter are enough', () => {
    expect(
      parseProtocol('\ufeff{"probe": {"name": "shift", "options": {"path": "random"}}, "repeat": 3}', 'p.json'),
    ).toMatchObject({
      name: 'custom',
      probe: { options: { path: 'random', repeat: 3, step: 1 } },
      repeat: 3,
      seed: 0,
    });
  });
  test('the content of a preprocessing file goes into the protocol', async () => {
    const file = join(folder, 'own.json');
    await writeFile(file, '{"mean": [1, 2, 3]}');
    expect((await makeProtocol({ preprocess: file })).preprocess).toEqual({ mean: [1, 2, 3] });
  });
  test.each<[string, RegExp]>([
    ['{', /^Expected JSON in p\.json but it can't be parsed \(/],
    ['[]', /^Expected an object such as .* for p\.json but received \[\] \(array\)\.$/],
    ['{}', /^Expected an object with name and options for p\.json\.probe but received nothing\.$/],
    ['{"probe": {"name": "shfit"}}', /^Unknown probe "shfit"\. Did you mean "shift"\? Valid: shift, shift-sweep, /],
    [
      '{"probe": {"name": "shift"}, "sede": 1}',
      /^Expected no other keys for p\.json but received "sede"\. Remove that key\.$/,
    ],
    [
      '{"probe": {"name": "shift"}, "seed": -1}',
      /^Expected a whole number, 0 or more for p\.json\.seed but received -1\.$/,
    ],
    [
      '{"probe": {"name": "shift", "options": {"step": "1px"}}}',
      /^Expected a number of pixels, 0\.001 or more for shift options\.step but received "1px"\.$/,
    ],
    [
      '{"probe": {"name": "shift"}, "definitions": 99}',
      /^Expected 1, the version of the metrics' definitions in this release for p\.json\.definitions but received 99\./,
    ],
    [
      '{"probe": {"name": "shift-sweep", "options": {"steps": []}}}',
      /^Expected one step or more for sweep options\.steps but received \[\] \(array\)\.$/,
    ],
    [
      '{"probe": {"name": "shift-sweep", "options": {"steps": [{"at": {"a": 1}, "shift": {}}, {"at": {"a": 1}, "shift": {}}]}}}',
      /^Expected other coordinates for each step of a sweep but received \{"a":1\} twice\.$/,
    ],
  ])('%s', async (text, message) => {
    expect(await messageOf(() => parseProtocol(text, 'p.json'))).toMatch(message);
  });
  test('a file that is not there', async () => {
    expect(await messageOf(() => makeProtocol({ preset: join(folder, 'none.json') }))).toMatch(
      /^Expected a JSON file for --protocol but .*none\.json can't be read \(ENOENT/,
    );
  });
});

describe('presets', () => {
  test('each has a source and options that are accepted', () => {
    for (const { name, title, summary, source, probe } of presets) {
      expect(findPreset(name).name).toBe(name);
      expect(title.length).toBeGreaterThan(10);
      expect(summary.length).toBeGreaterThan(40);
      expect(source).toMatch(/(19|20)\d\d$/);
      const found = findProbe(probe.name);
      expect(() => found.check(found.normalise(probe.options), frameOf(224, 256))).not.toThrow();
    }
  });
  test('azulay-crop: windows at (c, c), c = 0 … 8, in that order, of a crop resized to input + 10', async () => {
    const { views, groups } = await underPreset('azulay-crop', 64, 73);
    expect(views.map(({ x, y }) => [x, y])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8].map((c) => [c, c]));
    expect([views[0]?.canvas.width, views[0]?.canvas.height]).toEqual([74, 74]);
    expect(groups[0]?.pairs.length).toBe(8);
    expect(groups[0]?.reference).toBe(4);
  });
  test('azulay-mean: at 224 the square of side 140 goes from 37 to 45', async () => {
    const frame = frameOf(224, 256);
    const { views } = await underPreset('azulay-mean', 224, 256);
    const square = resizeRaster(
      cropped(rasterOf(300, 260), { x: 20, y: 0, width: 260, height: 260 }),
      140,
      140,
      'bicubic',
    );
    expect(views.length).toBe(9);
    views.forEach((view, i) => {
      const pixels = pixelsOf(view, frame);
      expect([...cropped(pixels, { x: 37 + i, y: 37 + i, width: 140, height: 140 }).data]).toEqual([...square.data]);
      expect(pixels.data[0]).toBe(Math.fround(123.675));
    });
  });
  test('azulay-sweep: seven curves’ points, crops as azulay-crop and embeddings as azulay-mean draw them', async () => {
    const { views, groups } = await underPreset('azulay-sweep', 64, 73, 5);
    expect(groups.map(({ at }) => at)).toEqual([
      { share: 0.1, surround: 'crop' },
      { share: 0.4, surround: 'crop' },
      { share: 0.7, surround: 'crop' },
      { share: 1, surround: 'crop' },
      { share: 1.3, surround: 'mean' },
      { share: 1.6, surround: 'mean' },
      { share: 1.9, surround: 'mean' },
    ]);
    expect(views.length).toBe(63);
    expect(groups.map(({ reference }) => reference)).toEqual([4, 13, 22, 31, 40, 49, 58]);
    expect(groups[6]?.views).toEqual([54, 55, 56, 57, 58, 59, 60, 61, 62]);
    expect(views[62]?.at).toEqual({ share: 1.9, surround: 'mean', dx: 4, dy: 4 });
    const alone = await underPreset('azulay-crop', 64, 73, 5);
    expect(views[18]?.canvas).toEqual(alone.views[0]?.canvas);
    const embedded = await underPreset('azulay-mean', 64, 73, 5);
    expect(views[45]?.canvas).toEqual(embedded.views[0]?.canvas);
  });
  test('zhang: corners 0 … 31 of the centre 256 square, five pairs', async () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const { views, groups } = await underPreset('zhang', 224, 256, seed);
      expect(groups.length).toBe(5);
      for (const view of views.slice(1)) seen.add(16 - (view.at.dx as number)).add(16 - (view.at.dy as number));
    }
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 32 }, (_, i) => i));
    const small = await underPreset('zhang', 112, 128);
    for (const value of offsets(small.views).flat()) expect(8 - value).toBeLessThanOrEqual(15);
  });
  test('aps: two rolls of −32 … 32, modulo the side of a small input', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const { views, groups } = await underPreset('aps', 28, 32, seed);
      expect(groups[0]?.pairs).toEqual([[1, 2]]);
      for (const { wrap, x, y } of views)
        expect([wrap, x >= 0 && x < 28, y >= 0 && y < 28]).toEqual([true, true, true]);
      for (const value of offsets(views).flat()) expect(Math.abs(value)).toBeLessThanOrEqual(32);
    }
  });
  test('alias-free: the unshifted view and all of {1 … 31}²', async () => {
    const { views, groups } = await underPreset('alias-free', 32, 36);
    expect(views.length).toBe(1 + 31 * 31);
    expect(offsets(views)[0]).toEqual([0, 0]);
    expect(offsets(views)[1]).toEqual([1, 1]);
    expect(offsets(views)[961]).toEqual([31, 31]);
    expect(groups[0]?.reference).toBe(0);
  });
});

test('published protocols stay what they are: runs made long ago must stay comparable', async () => {
  const known = {
    'azulay-crop': 'c47c9086cd142bb704af7b187dc5b4f8ec70d564163d2f975fcca9d7a65b45b1',
    'azulay-mean': '5c7c945a6164820ffd81966220d65207abff3462af2cd6c37003a42df037a02b',
    'azulay-sweep': '42bd15fc2cb94e28094b686251da5e6480d980ae98b009e18834842518d66156',
    zhang: '23ce636e789eab5d0e2639be7a4fa7d017fadc0ad3653050d05fbab11ef2c478',
    aps: '45edfba98604d43e4f38800b4f158b419b38d0d4a07b7232c4804a59a9c5e347',
    'alias-free': 'd8b68af5f8f308a6f8c266d31aef109d0357963e2cc489dfb0c2a28bbd5f7269',
  };
  for (const [preset, hash] of Object.entries(known))
    expect([preset, protocolHash(await makeProtocol({ preset }))]).toEqual([preset, hash]);
  expect(protocolHash(await makeProtocol({ shift: '1px' }))).toBe(
    '6b1cabfcca0b52beb3c7161194ac2ac47a9c69ee95396133c08743f3bee33a42',
  );
});
