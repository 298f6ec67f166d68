// Finished runs opened again: what earlier comparisons knew of their models.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { AnswerTimes, ComparisonRecord } from '../../src/core/compare.js';
import type { RunRecord } from '../../src/core/result.js';
import { earlierTimes, openRuns } from '../../src/run/joined.js';
import { temporaryFolder } from '../support/cli.js';

function timesOf(...models: readonly string[]): AnswerTimes {
  return {
    ...{ threads: 1, machine: 'test' },
    models: models.map((model) => ({ model, milliseconds: [1, 2, 3, 4, 5, 6, 7] })),
  };
}

/** As much of a record as is read here. */
function record(models: readonly string[], comparison?: Partial<ComparisonRecord>): RunRecord {
  const known = { schema: 'invariance/run@1', models: models.map((name) => ({ name })) } as unknown as RunRecord;
  return comparison === undefined
    ? known
    : { ...known, comparison: { x: null, times: null, joined: [], ...comparison } };
}

test('earlier times are taken where one timing holds all models, and never put together', () => {
  const both = record(['a'], { times: timesOf('b', 'a') });
  expect(earlierTimes([both, record(['b'])])).toEqual(timesOf('b', 'a'));
  expect(earlierTimes([both, record(['c'])])).toBeNull();
  expect(earlierTimes([both, record(['c', 'd'], { times: timesOf('c', 'd') })])).toBeNull();
  expect(earlierTimes([record(['a']), record(['b'], { times: timesOf('a', 'b') })])).toEqual(timesOf('a', 'b'));
});

test('what was asked of a comparison stays with its runs, whichever of them are given beside it', async () => {
  const folder = temporaryFolder();
  const write = (name: string, content: RunRecord): string => {
    mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, name, 'run.json'), JSON.stringify(content));
    return path.join(folder, name);
  };
  const [a, b] = [write('a', record(['a'])), write('b', record(['b']))];
  const compared = write('compared', record(['a', 'b'], { times: timesOf('a', 'b'), joined: [a, b] }));
  for (const given of [[compared], [a, compared], [compared, a], [b, compared, a]]) {
    const { folders, records } = await openRuns(given);
    expect(folders.toSorted()).toEqual([a, b]);
    expect(earlierTimes(records)).toEqual(timesOf('a', 'b'));
  }
});
