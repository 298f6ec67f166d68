// Runs with several probes: order, joining, reports elsewhere, and what in a run's folder is none of its parts.
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/core/result.js';
import { makeParts } from '../../src/probes/parts.js';
import { partFolders } from '../../src/run/parts.js';
import { invariance, temporaryFolder } from '../support/cli.js';
import { circularNetwork, dotPictures } from '../support/networks.js';

const folder = temporaryFolder();
const dots = path.join(folder, 'dots');
const model = circularNetwork(path.join(folder, 'net'), 2);
const asked = ['--shift', '1px', '--surround', 'cyclic', '--scale', '0.5,1', '--rotate', '4'];
const whole = path.join(folder, 'whole');

async function probe(out: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await invariance([
    ...['probe', '--model', model, '--images', dots, '--quiet', '--no-report', '--out', out],
    ...args,
  ]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
}

const text = (file: string): string => readFileSync(path.join(file, 'result.json'), 'utf8');
const resultOf = (file: string): Result => JSON.parse(text(file)) as Result;

beforeAll(async () => {
  await dotPictures(dots, 6);
  await probe(whole, ...asked);
});

describe('the parts of a run', () => {
  test('are measured in one order, each with a folder and a protocol of its own', () => {
    const { protocol, parts = {} } = resultOf(whole);
    expect(protocol.name).toBe('custom');
    expect(Object.entries(parts).map(([name, part]) => [name, part.protocol.probe.name])).toEqual([
      ['rotate', 'rotate'],
      ['scale', 'scale'],
    ]);
    expect(resultOf(path.join(whole, 'scale'))).toEqual(parts['scale']);
  });

  test('of shards join into another folder, to the same bytes, with page and tables', async () => {
    const shards = ['1/2', '2/2'].map((shard) => ({ shard, out: path.join(folder, `part-${shard[0] ?? ''}`) }));
    for (const { shard, out } of shards) await probe(out, ...asked, '--shard', shard);
    const to = path.join(folder, 'joined');
    const { code, stderr } = await invariance(['report', ...shards.map(({ out }) => out), '--out', to]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(text(to)).toBe(text(whole));
    for (const file of ['report.html', 'observations.parquet', 'scale/observations.parquet', 'rotate/result.json'])
      expect(existsSync(path.join(to, file)), file).toBe(true);
  });

  test('are those of its result: neither parts of an earlier command nor other runs below it', async () => {
    const again = path.join(folder, 'again');
    await probe(again, ...asked);
    await probe(again, '--shift', '1px', '--surround', 'cyclic', '--rotate', '4', '--fresh');
    cpSync(path.join(whole, 'scale'), path.join(again, 'another-run'), { recursive: true });
    expect([...(await partFolders([again]))]).toEqual([['rotate', [path.join(again, 'rotate')]]]);
    const before = text(again);
    await invariance(['report', again]);
    expect(text(again)).toBe(before);
    const empty = path.join(folder, 'empty');
    mkdirSync(empty);
    expect([...(await partFolders([empty]))]).toEqual([]);
  });
});

describe('what asks for parts', () => {
  test('a shift alone where nothing else is, none where only others are', async () => {
    const names = async (request: Parameters<typeof makeParts>[0]): Promise<string[]> =>
      (await makeParts(request)).map(({ name }) => name);
    expect(await names({})).toEqual(['shift']);
    expect(await names({ flags: { scale: '0.5,1' } })).toEqual(['scale']);
    expect(await names({ shift: '1px', flags: { kernels: true, rotate: '4' } })).toEqual([
      'shift',
      'rotate',
      'kernels',
    ]);
    await expect(makeParts({ surround: 'cyclic', flags: { rotate: '4' } })).rejects.toThrow(
      '--surround says how to shift, and no shift is asked for beside --rotate. Add --shift 1px',
    );
  });

  test('a threshold on a part that there won’t be is refused before anything is measured', async () => {
    const out = path.join(folder, 'refused');
    const refused = async (...args: string[]): Promise<string> => {
      const { code, stderr } = await invariance(['probe', '--model', model, '--images', dots, '--out', out, ...args]);
      expect(code).toBe(2);
      expect(existsSync(out)).toBe(false);
      return stderr;
    };
    expect(await refused(...asked, '--fail-if', 'scales.top1Change > 0')).toContain('Unknown part of the run "scales"');
    expect(await refused('--scale', '0.5,1', '--fail-if', 'scale.top1Change > 0')).toContain('leave the prefix out');
  });
});
