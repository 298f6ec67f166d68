// `invariance dataset` as a user runs it: what it prints and writes, and what it refuses.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DatasetResult } from '../../src/core/dataset.js';
import { invariance, root, temporaryFolder } from '../support/cli.js';

const folder = temporaryFolder();
const boxes = (name: string): string => path.join(root, 'fixtures', 'boxes', name);

describe('invariance dataset', () => {
  it('prints the finding and writes result, page and figures', async () => {
    const out = path.join(folder, 'centred');
    const { code, stdout, stderr } = await invariance([
      'dataset',
      boxes('centred.csv'),
      '--out',
      out,
      '--class',
      'cat',
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain(
      'In position 4 of 4 tested classes differ from uniform over the picture (p < 0.05 after Holm).',
    );
    expect(stdout).toMatch(/^cat +130 +73\.1 % \[64\.9, 80\.0\] +< 0\.001/m);
    expect(readdirSync(out).sort()).toEqual(['figures', 'report.html', 'result.json']);
    expect(existsSync(path.join(out, 'figures', 'density-cat.svg'))).toBe(true);
    expect(readFileSync(path.join(out, 'report.html'), 'utf8')).toContain('script-src &#39;sha256-');
  });

  it('prints the same result as JSON, and nothing else', async () => {
    const out = path.join(folder, 'json');
    const { stdout, stderr } = await invariance(['dataset', boxes('eyes.csv'), '--out', out, '--json', '--no-report']);
    expect(stderr).toBe('');
    expect(stdout).toBe(readFileSync(path.join(out, 'result.json'), 'utf8'));
    const result = JSON.parse(stdout) as DatasetResult;
    expect(result).toMatchObject({ schema: 'invariance/dataset@1', source: { kind: 'point pairs', boxes: 60 } });
    expect(existsSync(path.join(out, 'report.html'))).toBe(false);
  });

  it.each([
    [
      [boxes('centred.csv'), '--class', 'cta'],
      'error: Unknown class "cta". Did you mean "cat"? Valid: ant, bee, cat, dog, rare.',
    ],
    [[boxes('centred.csv'), '--alpha', '2'], 'error: Expected a number between 0 and 1 for --alpha but received "2".'],
    [[boxes('centred.csv'), '--grid', '1'], 'error: Expected a whole number from 2 to 10 for --grid but received "1".'],
    [['nowhere'], /^error: Expected boxes at nowhere but it can't be read: .*Give a folder of Pascal-VOC XML/],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await invariance(['dataset', ...args, '--out', path.join(folder, 'none')]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    if (typeof message === 'string') expect(stderr.split('\n')[0]).toBe(message);
    else expect(stderr).toMatch(message);
  });
});
