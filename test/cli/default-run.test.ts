// The first command of the README on the embedded zoo and fixtures; and whether the committed sample report is stale.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, test } from 'vitest';
import { isEstimate } from '../../src/core/estimate.js';
import type { Result } from '../../src/core/result.js';
import { invariance, root, temporaryFolder, type Finished } from '../support/cli.js';

/** How far an estimate may lie from the committed one: other processors round differently, and a near tie may turn. */
const TOLERANCE = 0.01;

const folder = temporaryFolder();
const out = path.join(folder, 'default');
const committed = JSON.parse(readFileSync(path.join(root, 'reports', 'default', 'result.json'), 'utf8')) as Result;
let run: Finished;
let result: Result;

beforeAll(async () => {
  run = await invariance(['probe', '--shift', '1px', '--out', out, '--quiet']);
  result = JSON.parse(readFileSync(path.join(out, 'result.json'), 'utf8')) as Result;
}, 300_000);

function valueOf(name: string, metric: string): number {
  const estimate = result.models.find((model) => model.name === name)?.estimates[metric];
  return isEstimate(estimate) ? estimate.value : Number.NaN;
}

describe('invariance probe --shift 1px', () => {
  test('tells what a stride costs and what mends it', () => {
    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
    expect(result.models.map(({ name }) => name)).toEqual(['stride', 'maxpool', 'blurpool', 'aps-blur', 'dense']);
    expect(result.pictures).toMatchObject({ count: 240, labelled: 240, skipped: [] });
    const change = ['stride', 'maxpool', 'blurpool', 'aps-blur'].map((name) => valueOf(name, 'top1Change'));
    expect(change).toEqual(change.toSorted((a, b) => b - a));
    expect(change[0]).toBeGreaterThan(0.1);
    expect(valueOf('dense', 'top1Change')).toBeLessThan(0.02);
    expect(run.stdout).toMatch(/stride changes its answer on 1 step in \d+ /);
    expect(run.stdout).toMatch(/Steadiest: aps-blur; steadier than stride \(/);
  });

  test('leaves the page, the figures and a Parquet row a view', async () => {
    expect(readFileSync(path.join(out, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i);
    const figures = readdirSync(path.join(out, 'figures'));
    expect(figures).toEqual(
      expect.arrayContaining(['estimates-top1Change.svg', 'estimates-top1Change.png', 'tradeoff.svg']),
    );
    const file = Uint8Array.from(readFileSync(path.join(out, 'observations.parquet'))).buffer;
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(5 * 240 * 9);
    const right = rows.filter((row) => row['model'] === 'stride' && row['reference'] && row['top1'] === row['label']);
    expect(right.length / 240).toBeCloseTo(valueOf('stride', 'accuracy'), 9);
    expect(rows.filter((row) => row['dx'] === row['dy'])).toHaveLength(rows.length);
  });

  test('the committed sample is this run’s (else: node scripts/default-report.mjs)', () => {
    expect(result.protocol.hash).toBe(committed.protocol.hash);
    expect(result.pictures.sha256).toBe(committed.pictures.sha256);
    expect(result.models.map(({ sha256 }) => sha256)).toEqual(committed.models.map(({ sha256 }) => sha256));
    result.models.forEach(({ name, estimates }, i) => {
      for (const [metric, estimate] of Object.entries(estimates)) {
        const before = committed.models[i]?.estimates[metric];
        if (!isEstimate(estimate) || !isEstimate(before)) throw new Error(`${name}: ${metric} is missing`);
        expect(Math.abs(estimate.value - before.value), `${name} ${metric}`).toBeLessThan(TOLERANCE);
      }
    });
    for (const name of readdirSync(path.join(root, 'reports', 'default', 'figures'))) {
      expect(existsSync(path.join(out, 'figures', name)), name).toBe(true);
    }
  });

  test('the README shows the output of this run', () => {
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    const sentence = /stride changes its answer on 1 step in \d+ \([\d.]+ %/.exec(run.stdout)?.[0];
    expect(readme).toContain(sentence);
  });

  test('report makes the same result and page again', async () => {
    const before = readFileSync(path.join(out, 'result.json'), 'utf8');
    const page = readFileSync(path.join(out, 'report.html'), 'utf8');
    const again = await invariance(['report', out, '--json']);
    expect(again.code).toBe(0);
    expect(again.stdout).toBe(before);
    expect(readFileSync(path.join(out, 'report.html'), 'utf8')).toBe(page);
  });
});
