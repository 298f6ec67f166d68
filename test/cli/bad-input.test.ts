// Wrong command lines and inputs through the built program: exit code 2, the exact message, nothing measured.
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { invariance, temporaryFolder } from '../support/cli.js';
import { circularNetwork, dotPictures, picture } from '../support/networks.js';

const folder = temporaryFolder();
const model = circularNetwork(path.join(folder, 'net'), 2);
const images = dotPictures(path.join(folder, 'dots'), 3);

type Case = { readonly what: string; readonly args: readonly string[]; readonly says: string | RegExp };

const table: readonly Case[] = [
  { what: 'a shift without a unit', args: ['--shift', '1'], says: /--shift.*"1".*1px/ },
  { what: 'a negative shift', args: ['--shift', '-1px'], says: /--shift.*"-1px"/ },
  { what: 'a shift below a thousandth', args: ['--shift', '0.0005px'], says: /--shift.*"0\.0005px"/ },
  { what: 'a shift of nothing', args: ['--shift', '0px'], says: /--shift.*"0px"/ },
  { what: 'a shift larger than the canvas', args: ['--shift', '40px'], says: /net: .*--canvas/ },
  { what: 'a size of nothing', args: ['--scale', '0'], says: /0\.25\.\.2x8.*for --scale but received "0"/ },
  { what: 'sizes the wrong way round', args: ['--scale', '2..1x3'], says: /the smaller size first.*"2\.\.1x3"/ },
  { what: 'a size policy alone', args: ['--scale-surround', 'mean'], says: '--scale-surround goes with --scale' },
  { what: 'an unknown kernel', args: ['--kernels', 'nearst'], says: /--kernels "nearst"\. Valid: pillow-nearest/ },
  { what: 'a translation of words', args: ['--translate', 'x'], says: /--translate but received "x"/ },
  { what: 'an unknown fill', args: ['--translate', '16', '--fill', 'water'], says: /"water"\. Valid: mean, black/ },
  { what: 'a fill alone', args: ['--fill', 'mean'], says: '--fill goes with --translate' },
  { what: 'an angle too far', args: ['--rotate', '400x1'], says: /for --rotate but received "400x1"/ },
  { what: 'a crop of what is no box', args: ['--crop', 'circle'], says: /--crop "circle"\. Valid: box/ },
  { what: 'averages over what is no change', args: ['--tta', 'spin:3'], says: /for --tta but received "spin:3"/ },
  { what: 'films beside pictures', args: ['--frames', 'films'], says: '--images has no meaning with --frames alone' },
  { what: 'boxes that are not there', args: ['--boxes', 'no-boxes'], says: 'Expected boxes at no-boxes' },
  {
    what: 'an unknown protocol',
    args: ['--protocol', 'azulay-crpo'],
    says: 'Unknown protocol "azulay-crpo". Did you mean "azulay-crop"',
  },
  { what: 'an unknown path', args: ['--shift', '1px', '--path', 'diagnal'], says: /diagnal.*diagonal/ },
  { what: 'an unknown surround', args: ['--shift', '1px', '--surround', 'cyclc'], says: /cyclc.*cyclic/ },
  { what: 'an unknown option', args: ['--shfit', '1px'], says: /unknown option '--shfit'.*\n?.*--shift/ },
  {
    what: 'a bad seed',
    args: ['--shift', '1px', '--seed', 'x'],
    says: 'Expected a whole number from 0 on for --seed but received "x".',
  },
  {
    what: 'a bad number of workers',
    args: ['--shift', '1px', '--workers', '0'],
    says: 'Expected a whole number from 1 to 1024 for --workers but received "0".',
  },
  {
    what: 'a bad shard',
    args: ['--shift', '1px', '--shard', '5/4'],
    says: 'Expected I/N with I from 1 to N, like 2/4 for --shard but received "5/4".',
  },
  {
    what: 'a threshold that is none',
    args: ['--shift', '1px', '--fail-if', 'top1Change is bad'],
    says: /Expected METRIC.*for --fail-if but received "top1Change is bad"/,
  },
  {
    what: 'a threshold on an unknown metric',
    args: ['--shift', '1px', '--fail-if', 'top1change2 > 1'],
    says: /Unknown metric "top1change2"\. Did you mean "top1Change"/,
  },
  { what: 'an unknown preprocessing', args: ['--shift', '1px', '--preprocess', 'imagnet'], says: /imagnet.*imagenet/ },
];

async function probe(...args: string[]) {
  return invariance([
    'probe',
    '--quiet',
    '--no-report',
    '--out',
    path.join(folder, 'out'),
    '--model',
    model,
    '--images',
    await images,
    ...args,
  ]);
}

describe('wrong options', () => {
  for (const { what, args, says } of table) {
    test.concurrent(what, async () => {
      const { code, stdout, stderr } = await probe(...args);
      expect(stderr).toMatch(says);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    });
  }

  test('no probe at all, two models of one name, labels without pictures, an unknown model', async () => {
    const out = ['--quiet', '--no-report', '--out', path.join(folder, 'out')];
    const twice = await invariance([
      'probe',
      '--shift',
      '1px',
      ...out,
      '--model',
      model,
      '--model',
      model,
      '--images',
      await images,
    ]);
    expect(twice.stderr).toContain('Two models have the same name (net, net). Name them apart: --model NAME=PATH.');
    const labels = await invariance(['probe', '--shift', '1px', ...out, '--model', model, '--labels', 'x.csv']);
    expect(labels.stderr).toContain('--labels needs --images');
    const unknown = await invariance(['probe', '--shift', '1px', ...out, '--model', 'strid']);
    expect(unknown.stderr).toMatch(/Unknown model "strid".*Did you mean "stride"/);
    expect([twice.code, labels.code, unknown.code]).toEqual([2, 2, 2]);
    expect(existsSync(path.join(folder, 'out', 'run.json'))).toBe(false);
  });
});

describe('wrong pictures', () => {
  test('a bad picture among good ones is named, counted and skipped; --strict stops', async () => {
    const pictures = path.join(folder, 'some-bad');
    mkdirSync(pictures);
    for (const name of ['a.png', 'b.png']) await picture(path.join(pictures, name), (x, y) => (x * y) % 256);
    writeFileSync(path.join(pictures, 'empty.png'), '');
    writeFileSync(path.join(pictures, 'text.jpg'), 'no picture at all');
    const args = [
      'probe',
      '--shift',
      '1px',
      '--quiet',
      '--no-report',
      '--json',
      '--model',
      model,
      '--images',
      pictures,
    ];
    const { code, stdout, stderr } = await invariance([...args, '--out', path.join(folder, 'skipping')]);
    expect(code).toBe(0);
    const { pictures: counted } = JSON.parse(stdout) as {
      pictures: { count: number; skipped: { picture: string; reason: string }[] };
    };
    expect(counted.count).toBe(2);
    expect(counted.skipped.map((skipped) => skipped.picture)).toEqual(['empty.png', 'text.jpg']);
    expect(stderr).toMatch(/skipped empty\.png: .*0 bytes/);
    expect(stderr).toMatch(/skipped .*text\.jpg/);
    const strict = await invariance([...args, '--strict', '--out', path.join(folder, 'strict')]);
    expect(strict.code).toBe(2);
    expect(strict.stderr).toMatch(/text\.jpg.*Stopped because of --strict|empty\.png.*--strict/);
  });

  test('pictures that are all bad, or not there', async () => {
    const pictures = path.join(folder, 'all-bad');
    mkdirSync(pictures);
    writeFileSync(path.join(pictures, 'a.png'), 'no picture');
    const args = [
      'probe',
      '--shift',
      '1px',
      '--quiet',
      '--no-report',
      '--model',
      model,
      '--out',
      path.join(folder, 'out'),
    ];
    const bad = await invariance([...args, '--images', pictures]);
    expect(bad.code).toBe(2);
    expect(bad.stderr).toMatch(/None of the 1 pictures could be used; the first: .*a\.png/);
    const none = await invariance([...args, '--images', path.join(folder, 'nowhere')]);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain(
      `Expected pictures at ${path.join(folder, 'nowhere')} but there is no such file or folder.`,
    );
  });
});

test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
  'an output folder that can’t be written',
  async () => {
    const locked = path.join(folder, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o500);
    const { code, stderr } = await probe('--shift', '1px', '--out', path.join(locked, 'run'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/Can't write to the output folder .*locked.*Give a writable folder with --out/);
  },
);

test.skipIf(!existsSync('/proc/self'))('an output folder on a file system that takes none', async () => {
  const { code, stderr } = await probe('--shift', '1px', '--out', '/proc/invariance/run');
  expect(code).toBe(2);
  expect(stderr).toContain("Can't write to the output folder /proc/invariance/run: ENOENT");
});

test('an output folder that is a file', async () => {
  const file = path.join(folder, 'file');
  writeFileSync(file, '');
  const { code, stderr } = await probe('--shift', '1px', '--out', file);
  expect(code).toBe(2);
  expect(stderr).toContain(`Can't write to the output folder ${file}`);
});

test('thresholds decide the exit code', async () => {
  const met = await probe('--shift', '1px', '--out', path.join(folder, 'met'), '--fail-if', 'top1Change > 1');
  expect(met.code).toBe(0);
  const failed = await probe(
    '--shift',
    '1px',
    '--out',
    path.join(folder, 'met'),
    '--fail-if',
    'top1Change.high >= 0',
    '--fail-if',
    'accuracy < 50%',
  );
  expect(failed.code).toBe(1);
  expect(failed.stdout).toContain('Failed: --fail-if "top1Change.high >= 0"');
  expect(failed.stdout).toContain('Failed: --fail-if "accuracy < 50%": net has no value to check (');
});
