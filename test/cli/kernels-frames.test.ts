// Kernels and films through the whole program, on the pictures and films that come with it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { Result } from '../../src/core/result.js';
import { invariance, root, temporaryFolder } from '../support/cli.js';

const folder = temporaryFolder();
const films = path.join(root, 'fixtures', 'films');

async function measured(name: string, args: readonly string[], said = ''): Promise<Result> {
  const out = path.join(folder, name);
  const { code, stdout, stderr } = await invariance(['probe', ...args, '--model', 'maxpool', '--out', out, '--quiet', '--json', '--no-report']); // prettier-ignore
  expect({ code, stderr }).toEqual({ code: 0, stderr: said });
  return JSON.parse(stdout) as Result;
}

describe('--kernels', () => {
  const frames = path.join(films, 'bag', 'glide');

  test('compares every kernel with the model’s own, whatever the number of workers', async () => {
    const args = ['--kernels', '--images', frames, '--limit', '6'];
    const one = await measured('kernels-1', [...args, '--workers', '1']);
    const two = await measured('kernels-2', [...args, '--workers', '2']);
    expect(two).toEqual(one);
    const [model] = one.models;
    expect(model?.kernels?.reference).toBe('pillow-bilinear');
    expect(model?.kernels?.untouched).toBe(0);
    expect(model?.series).toHaveLength(18);
    expect(model?.views).toHaveLength(19);
  });

  test('changes nothing where no picture is resized', async () => {
    const result = await measured('kernels-same', [
      '--kernels',
      '--limit',
      '4',
      '--images',
      path.join(root, 'fixtures', 'small'),
    ]);
    const [model] = result.models;
    expect(model?.kernels).toMatchObject({ untouched: model?.pictures.measured, dependent: 0, pictures: [] });
    expect(model?.estimates['meanAbsoluteChange']).toMatchObject({ value: 0 });
  });
});

describe('--frames', () => {
  test('measures films, whatever the number of workers', async () => {
    const one = await measured('frames-1', ['--frames', films, '--workers', '1']);
    const two = await measured('frames-2', ['--frames', films, '--workers', '2']);
    expect(two).toEqual(one);
    expect(one.pictures).toMatchObject({ count: 2, labelled: 2, skipped: [] });
    expect(one.models[0]?.estimates['top1Change']).toMatchObject({ n: 46, pictures: 2 });
    expect(one.models[0]?.estimates['top5Distance']).toMatchObject({ n: 46 });
    expect(one.models[0]?.views.map(({ at }) => at['frame'])).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
  });

  test('reads films beside pictures in one run', async () => {
    const args = [
      '--shift',
      '1px',
      '--images',
      path.join(root, 'fixtures', 'small'),
      '--limit',
      '3',
      '--frames',
      films,
    ];
    const result = await measured('both', args);
    expect(result.protocol.probe.name).toBe('shift');
    expect(result.pictures.count).toBe(3);
    expect(result.parts?.['frames']?.pictures.count).toBe(2);
  });

  test('skips a film that can’t be used, and says why', async () => {
    const broken = path.join(folder, 'broken');
    for (const film of ['sizes', 'whole']) mkdirSync(path.join(broken, film), { recursive: true });
    const frame = (side: number) => sharp({ create: { width: side, height: side, channels: 3, background: '#864' } }).png().toBuffer(); // prettier-ignore
    const [small, large] = [await frame(90), await frame(96)];
    for (const [name, bytes] of [['sizes/1.png', large], ['sizes/2.png', small], ['whole/1.png', large], ['whole/3.png', large], ['whole/2.png', large], ['whole/5.png', large]] as const) writeFileSync(path.join(broken, name), bytes); // prettier-ignore
    const said =
      'skipped sizes: frame 2 is 90x90 px, frame 1 96x96; expected frames of one size.\n' +
      'skipped whole, frame 4: missing; the step across it is left out\n';
    const result = await measured('broken-run', ['--frames', broken], said);
    expect(result.pictures.skipped).toEqual([
      { picture: 'sizes', reason: 'sizes: frame 2 is 90x90 px, frame 1 96x96; expected frames of one size.' },
      { picture: 'whole, frame 4', reason: 'missing; the step across it is left out' },
    ]);
    expect(result.models[0]?.estimates['meanAbsoluteChange']).toMatchObject({ value: 0 });
  });

  test('refuses pictures beside films alone', async () => {
    const { code, stderr } = await invariance(['probe', '--frames', films, '--images', films]);
    expect(code).toBe(2);
    expect(stderr).toContain('--images has no meaning with --frames alone, which has its own pictures. Leave it out.');
  });
});

test('a page with kernels and films holds both sections', async () => {
  const out = path.join(folder, 'page');
  const args = [
    '--kernels',
    'opencv-linear,pillow-nearest',
    '--frames',
    films,
    '--images',
    path.join(films, 'bag', 'glide'),
  ];
  const { code, stdout } = await invariance([
    'probe',
    ...args,
    '--limit',
    '6',
    '--model',
    'maxpool',
    '--model',
    'stride',
    '--out',
    out,
    '--quiet',
  ]);
  expect(code).toBe(0);
  expect(stdout).toContain('kernel opencv-linear');
  const page = readFileSync(path.join(out, 'report.html'), 'utf8');
  expect(page).toContain('<section id="kernels">');
  expect(page).toContain('<section id="part-frames">');
  const again = await invariance(['report', out]);
  expect(again.stderr).toBe('');
  expect(readFileSync(path.join(out, 'report.html'), 'utf8')).toBe(page);
});
