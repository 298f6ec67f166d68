// Every published protocol runs as it is on an embedded model, with as many views and pairs as its source has.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Observation } from '../../src/core/observation.js';
import type { Result } from '../../src/core/result.js';
import { presets } from '../../src/probes/presets.js';
import { invariance, temporaryFolder } from '../support/cli.js';

const folder = temporaryFolder();

/** Views a picture, and pairs over two pictures. */
const expected: Readonly<Record<string, { readonly views: number; readonly pairs: number; readonly series: number }>> =
  {
    'azulay-crop': { views: 9, pairs: 16, series: 0 },
    'azulay-mean': { views: 9, pairs: 16, series: 0 },
    'azulay-inpaint': { views: 9, pairs: 16, series: 0 },
    'azulay-sweep': { views: 63, pairs: 112, series: 7 },
    zhang: { views: 11, pairs: 10, series: 0 },
    aps: { views: 3, pairs: 2, series: 0 },
    'alias-free': { views: 31 * 31 + 1, pairs: 4 * 31 * 30, series: 0 },
    // 31 × 31 half pixels, 2 × 2 thirds and 3 × 3 fourths, each beside the unshifted view.
    'alias-free-fractional': { views: 962 + 5 + 10, pairs: 2 * (2 * 31 * 30 + 4 + 12), series: 3 },
    // 31 angles of 5 × 5 places; one random pose and ten. Neighbours of the grid alone are the run's own.
    'spatial-grid': { views: 31 * 25 + 11, pairs: 2 * (30 * 25 + 31 * 40), series: 2 },
    'imagenet-p': { views: 41 + 31 + 31, pairs: 2 * (40 + 30 + 30), series: 3 },
  };

test('every preset has its expectation here', () => {
  expect(presets.map(({ name }) => name).toSorted()).toEqual(Object.keys(expected).toSorted());
});

test.each(Object.entries(expected))('%s', async (name, { views, pairs, series }) => {
  const out = path.join(folder, name);
  const args = ['probe', '--protocol', name, '--model', 'maxpool', '--limit', '2', '--quiet', '--json', '--out', out];
  const { code, stdout, stderr } = await invariance(args);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const result = JSON.parse(stdout) as Result;
  expect(result.protocol.name).toBe(name);
  const [model] = result.models;
  expect(model?.estimates['top1Change']).toMatchObject({ n: pairs, pictures: 2 });
  expect(model?.series).toHaveLength(series);
  const lines = readFileSync(path.join(out, 'observations', 'maxpool.jsonl'), 'utf8')
    .trim()
    .split('\n');
  for (const line of lines) expect((JSON.parse(line) as Observation).views).toHaveLength(views);
  expect(existsSync(path.join(out, 'report.html'))).toBe(true);
});

test('a protocol as a file repeats a run exactly; flags over a preset change its name', async () => {
  const shown = await invariance(['protocols', 'zhang', '--json']);
  const file = path.join(folder, 'zhang.json');
  writeFileSync(file, shown.stdout);
  const args = ['probe', '--model', 'maxpool', '--limit', '3', '--quiet', '--json', '--no-report'];
  const byName = await invariance([...args, '--protocol', 'zhang', '--out', path.join(folder, 'by-name')]);
  const byFile = await invariance([...args, '--protocol', file, '--out', path.join(folder, 'by-file')]);
  expect(byFile.stderr).toBe('');
  expect(JSON.parse(byFile.stdout)).toEqual(JSON.parse(byName.stdout));
  const changed = await invariance([
    ...args,
    '--protocol',
    'zhang',
    '--repeat',
    '2',
    '--out',
    path.join(folder, 'changed'),
  ]);
  expect((JSON.parse(changed.stdout) as Result).protocol.name).toBe('zhang+');
});
