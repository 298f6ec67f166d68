// `invariance compare`: models measured together, finished runs joined, both at once; what is refused, and in which words.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AttributionPlan } from '../../src/core/attribution.js';
import type { Result, RunRecord } from '../../src/core/result.js';
import { invariance, temporaryFolder, type Finished } from '../support/cli.js';
import { circularNetwork, dotPictures } from '../support/networks.js';

const folder = temporaryFolder();
const images = path.join(folder, 'dots');
const labels = path.join(folder, 'labels.csv');
const model = (name: string): string => path.join(folder, name);
const out = (name: string): string => path.join(folder, 'out', name);

beforeAll(async () => {
  await dotPictures(images, 8);
  writeFileSync(labels, `file,name\n${Array.from({ length: 8 }, (_, i) => `${i}.png,class ${i % 4}`).join('\n')}\n`);
  for (const stride of [1, 2, 4]) circularNetwork(model(`by${stride}`), stride);
});

const pictures = ['--images', images, '--labels', labels, '--surround', 'cyclic', '--quiet'];

function resultOf(where: string): Result {
  return JSON.parse(readFileSync(path.join(where, 'result.json'), 'utf8')) as Result;
}

function recordOf(where: string): RunRecord {
  return JSON.parse(readFileSync(path.join(where, 'run.json'), 'utf8')) as RunRecord;
}

async function probed(name: string, ...more: string[]): Promise<string> {
  const { code, stderr } = await invariance([
    ...['probe', '--shift', '1px', '--model', model(name), '-o', out(`run-${name}`), '--no-report'],
    ...pictures,
    ...more,
  ]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return out(`run-${name}`);
}

describe('models', () => {
  let run: Finished;
  beforeAll(async () => {
    run = await invariance([
      ...['compare', model('by4'), model('by1'), '--model', model('by2'), '--reference', 'by2', '--x', 'factor'],
      ...['--fail-if', 'accuracy.low < 101%', '--out', out('models'), ...pictures],
    ]);
  });

  test('are measured like those of probe, the reference first', () => {
    expect(run.stderr).toBe('');
    expect(run.code).toBe(1);
    const result = resultOf(out('models'));
    expect(result.models.map(({ name }) => name)).toEqual(['by2', 'by4', 'by1']);
    expect(result.models.map(({ cost }) => cost?.factor)).toEqual([2, 4, 1].map((by) => ({ y: by, x: by })));
    // Two 3×3 convolutions of 3 → 8 → 8 maps and a linear layer of 8 → 4; the second convolution on 16² places.
    expect(result.models[0]?.cost).toMatchObject({
      macs: 32 ** 2 * 27 * 8 + 16 ** 2 * 72 * 8 + 32,
      parameters: 27 * 8 + 72 * 8 + 32,
      depth: 3,
    });
    expect(result.against?.values).toContainEqual({ model: 'by4', value: 4 });
    expect(result.flips?.pairs).toHaveLength(3);
    expect(result.thresholds).toHaveLength(3);
  });

  test('have their times in the record, and never in the result', () => {
    const times = recordOf(out('models')).comparison?.times;
    expect(times?.threads).toBe(1);
    for (const one of times?.models ?? []) {
      expect('milliseconds' in one && one.milliseconds.length).toBeGreaterThanOrEqual(7);
    }
    expect(readFileSync(path.join(out('models'), 'result.json'), 'utf8')).not.toMatch(/millisecond|times"/);
    expect(run.stdout).toMatch(/^by2 .* 1\.00 \[1\.00, 1\.00\]$/m);
    expect(run.stdout).toContain('Minus by2, percentage points over the same pictures');
    expect(run.stdout).toContain('Against factor: by2 2, by4 4, by1 1');
  });

  test('get a page that begins with the comparison, and report makes it again', async () => {
    const page = readFileSync(path.join(out('models'), 'report.html'), 'utf8');
    expect(page.indexOf('<section id="compare"')).toBeGreaterThan(0);
    expect(page.indexOf('<section id="compare"')).toBeLessThan(page.indexOf('<section id="answer"'));
    const before = resultOf(out('models'));
    const again = await invariance(['report', out('models'), '--json']);
    expect(JSON.parse(again.stdout)).toEqual(before);
    expect(readFileSync(path.join(out('models'), 'report.html'), 'utf8')).toBe(page);
  });

  test('may be compared in several probes at once, and without times', async () => {
    const { code, stdout, stderr } = await invariance([
      ...['compare', model('by1'), model('by2'), '--shift', '1px', '--scale', '0.5,1', '--no-timing', '--no-report'],
      ...['--images', images, '--quiet', '-o', out('parts')],
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.match(/^Minus by1/gm)).toHaveLength(2);
    expect(stdout).not.toContain('ms an answer');
    expect(recordOf(out('parts')).comparison?.times).toBeNull();
  });
});

describe('finished runs', () => {
  let [first, second] = ['', ''];
  beforeAll(async () => {
    first = await probed('by1');
    second = await probed('by2');
  });

  test('give what measuring the models together gives', async () => {
    const joined = await invariance(['compare', second, first, '--out', out('joined'), '--quiet']);
    expect(joined.stderr).toBe('');
    expect(joined.code).toBe(0);
    const together = await invariance([
      ...['compare', model('by2'), model('by1'), '--out', out('together'), '--no-timing', '--no-report', ...pictures],
    ]);
    expect(together.code).toBe(0);
    expect(resultOf(out('joined'))).toEqual(resultOf(out('together')));
    const record = recordOf(out('joined'));
    expect(record.comparison?.joined).toEqual([second, first]);
    expect(record.models.map(({ name }) => name)).toEqual(['by2', 'by1']);
    expect(record.comparison?.times?.models).toHaveLength(2);
    expect(record.command).toMatch(/^invariance compare /);
  });

  test('can be made a page of again, and compared further', async () => {
    const before = readFileSync(path.join(out('joined'), 'report.html'), 'utf8');
    const again = await invariance(['report', out('joined')]);
    expect(again.stderr).toBe('');
    expect(readFileSync(path.join(out('joined'), 'report.html'), 'utf8')).toBe(before);
    const third = await probed('by4');
    const { code } = await invariance([
      ...['compare', out('joined'), third, '--reference', 'by4', '--no-report', '--no-timing', '--out', out('three')],
    ]);
    expect(code).toBe(0);
    expect(resultOf(out('three')).models.map(({ name }) => name)).toEqual(['by4', 'by2', 'by1']);
  });

  test('take models beside them, which are measured as the runs were', async () => {
    const { code, stderr } = await invariance([
      ...['compare', first, model('by4'), '--no-report', '--no-timing', '--quiet', '--out', out('mixed')],
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { models, protocol, pictures: counts } = resultOf(out('mixed'));
    expect(models.map(({ name }) => name)).toEqual(['by1', 'by4']);
    expect(protocol.hash).toBe(resultOf(first).protocol.hash);
    expect(counts.sha256).toBe(resultOf(first).pictures.sha256);
  });

  test('whose models are gone are compared all the same; what needs the files has a reason', async () => {
    const lost = circularNetwork(model('lost'), 2);
    const run = await probed('lost');
    rmSync(lost, { recursive: true });
    const { code, stdout } = await invariance(['compare', first, run, '--no-report', '--out', out('lost-and-found')]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^lost .* –$/m);
    const [, second] = recordOf(out('lost-and-found')).comparison?.times?.models ?? [];
    expect(second).toMatchObject({ model: 'lost', unavailable: expect.stringContaining('lost') as string });
  });

  test('are refused where their protocols differ: which keys, both values', async () => {
    const { code, stderr, stdout } = await invariance([
      ...['probe', '--shift', '3px', '--model', model('by2'), '--out', out('three-px'), '--no-report', ...pictures],
    ]);
    expect([code, stderr, stdout === '']).toEqual([0, '', false]);
    const refused = await invariance(['compare', first, out('three-px')]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("can't be compared: their protocols differ in probe.options.");
    expect(refused.stderr).toMatch(/step \(1, 3\)/);
    expect(refused.stderr).toContain('Measure all models under one protocol.');
  });

  test('are refused where their pictures differ, and where an option would measure otherwise', async () => {
    await invariance([
      ...['probe', '--shift', '1px', '--model', model('by2'), '--limit', '4', '--out', out('four'), '--no-report'],
      ...pictures,
    ]);
    const pictured = await invariance(['compare', first, out('four')]);
    expect(pictured.code).toBe(2);
    expect(pictured.stderr).toMatch(
      /can't be compared: their pictures differ \(8 from .*, 4 from .*Measure all models on the same pictures\./,
    );
    const optioned = await invariance(['compare', first, second, '--shift', '3px']);
    expect(optioned.code).toBe(2);
    expect(optioned.stderr).toContain('--shift has no meaning for finished runs');
    const limited = await invariance(['compare', out('four'), model('by4'), '--no-report', '--out', out('four-more')]);
    expect(limited.code).toBe(0);
    expect(resultOf(out('four-more')).pictures.count).toBe(4);
  });

  test('are never overwritten by a comparison, and another comparison only with --fresh', async () => {
    const into = (to: string, ...more: string[]): Promise<Finished> =>
      invariance(['compare', first, second, '--no-report', '--no-timing', '--out', to, ...more]);
    const before = readFileSync(path.join(first, 'run.json'), 'utf8');
    for (const more of [[], ['--fresh']]) {
      const { code, stderr } = await into(first, ...more);
      expect(stderr).toContain('is one of the runs that are compared: it would be overwritten');
      expect(code).toBe(2);
    }
    const other = out('run-other');
    cpSync(first, other, { recursive: true });
    expect((await into(other, '--fresh')).stderr).toContain('holds a run that was measured (by1)');
    expect([first, other].map((run) => readFileSync(path.join(run, 'run.json'), 'utf8'))).toEqual([before, before]);

    const pair = out('pair');
    for (let time = 0; time < 2; time++) expect((await into(pair)).code).toBe(0);
    const compared = ['compare', first, other, second, '--no-report', '--no-timing', '--out', pair];
    const refused = await invariance(compared);
    expect(refused.stderr).toContain(`holds a comparison of other runs: ${first}, ${second}.`);
    expect(refused.code).toBe(2);
    expect((await invariance([...compared, '--fresh'])).code).toBe(0);
    expect(recordOf(pair).comparison?.joined).toEqual([first, other, second]);
  });

  test('that attribute are compared like others, in whatever order they come', async () => {
    const strides = out('run-strides');
    const { code } = await invariance([
      ...['probe', '--shift', '1px', '--model', model('by4'), '--model', model('by2'), '--out', strides, '--no-report'],
      ...pictures,
    ]);
    expect(code).toBe(0);
    const variant = { sites: [0], how: 'phases', model: 'by2', macsRatio: 2, leftOut: null } as const;
    const attribution: AttributionPlan = {
      ...{ reference: 'by4', layer: null, variants: [variant] },
      sites: [{ index: 0, nodes: ['step'], stride: 4, before: 1, after: 4 }],
    };
    const comparison = { x: null, times: null, joined: [], attribution };
    writeFileSync(path.join(strides, 'run.json'), JSON.stringify({ ...recordOf(strides), comparison }));
    const pairsOf = ({ comparisons }: Result): string[] =>
      comparisons.filter(({ metric }) => metric === 'top1Change').map(({ a, b }) => `${a}-${b}`);
    const all = [
      [strides, first, ['by4-by2', 'by4-by1', 'by2-by1'], ['by4-by2', 'by4-by1']],
      [first, strides, ['by1-by4', 'by1-by2', 'by4-by2'], ['by1-by4', 'by1-by2', 'by4-by2']],
    ] as const;
    for (const [one, other, pairs, joinedPairs] of all) {
      const both = out('attributing');
      await invariance(['compare', one, other, '--no-timing', '--no-report', '--fresh', '--out', both]);
      expect(resultOf(both).attribution).toBeUndefined();
      expect(pairsOf(resultOf(both))).toEqual(pairs);
      const again = await invariance(['report', both, '--json', '--out', out('again')]);
      expect(JSON.parse(again.stdout)).toEqual(resultOf(both));
      const joined = await invariance(['report', one, other, '--json', '--out', out('again')]);
      const result = JSON.parse(joined.stdout) as Result;
      expect(result.attribution?.effects.map(({ model: name }) => name)).toContain('by2');
      expect(pairsOf(result)).toEqual(joinedPairs);
    }
  });

  test('take no model under the name of another, and measure none twice', async () => {
    const clash = await invariance(['compare', first, `by1=${model('by2')}`, '--out', out('clash')]);
    expect(clash.code).toBe(2);
    expect(clash.stderr).toMatch(
      /run-by1 and the command line can't be compared: they name two different models "by1"/,
    );
    expect(existsSync(out('clash'))).toBe(false);
    const twice = ['compare', first, model('by1'), model('by2'), '--no-report', '--no-timing', '--quiet'];
    for (let time = 0; time < 2; time++)
      expect(await invariance([...twice, '--out', out('once')])).toMatchObject({ code: 0, stderr: '' });
    expect(recordOf(path.join(out('once'), 'models')).models.map(({ name }) => name)).toEqual(['by2']);
    const known = [
      'compare',
      first,
      second,
      model('by1'),
      '--no-report',
      '--no-timing',
      '--quiet',
      '--out',
      out('known'),
    ];
    for (let time = 0; time < 2; time++) expect(await invariance(known)).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(path.join(out('known'), 'models'))).toBe(false);
    const mended = await invariance([
      ...twice.slice(0, 3),
      '--remedy',
      'grid2',
      ...twice.slice(4),
      '--out',
      out('grid'),
    ]);
    expect(mended).toMatchObject({ code: 0, stderr: '' });
    expect(resultOf(out('grid')).models.map(({ name }) => name)).toEqual(['by1', 'by1+grid2']);
  });

  test('whose pictures are others now take no further models', async () => {
    const moved = path.join(folder, 'moved');
    cpSync(images, moved, { recursive: true });
    const args = ['probe', '--shift', '1px', '--model', model('by1'), '--images', moved, '--no-report', '--quiet'];
    expect((await invariance([...args, '--out', out('moved')])).code).toBe(0);
    rmSync(path.join(moved, '3.png'));
    const { code, stderr } = await invariance(['compare', out('moved'), model('by2')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /aren't those of the runs any more .* Measure all models together: invariance compare MODEL…/,
    );
  });
});

describe('what is asked for wrongly', () => {
  test.each([
    [['by1'], 'Expected two models or more for compare but received "by1"'],
    [['by1', 'by2', '--reference', 'by3'], 'Unknown model for --reference "by3". Did you mean'],
    [['by1', 'by2', '--x', 'parms'], 'Unknown number for --x "parms". Did you mean "params"'],
    [['by1', 'by2', '--x', 'card.depth'], 'by1 has no card: there is no '],
  ])('%j', async ([...names], message) => {
    const words = names.map((word) => (existsSync(model(word)) ? model(word) : word));
    const { code, stderr } = await invariance(['compare', ...words, ...pictures, '--out', out('wrong')]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(existsSync(out('wrong'))).toBe(false);
  });

  test('a card without the number: says which it has', async () => {
    mkdirSync(model('carded'), { recursive: true });
    circularNetwork(model('carded'), 2);
    writeFileSync(path.join(model('carded'), 'card.json'), JSON.stringify({ depth: 3, note: 'x', on: { top: 0.5 } }));
    const compared = (key: string): Promise<Finished> =>
      invariance([
        ...['compare', model('carded'), `twin=${model('carded')}`, '--x', `card.${key}`, '--no-timing', '--no-report'],
        ...['--out', out('carded'), '--fresh', ...pictures],
      ]);
    expect((await compared('width')).stderr).toMatch(/"width" in the card of carded .* It has these numbers: depth\./);
    expect((await compared('note')).code).toBe(2);
    expect((await compared('on.top')).code).toBe(0);
    expect(resultOf(out('carded')).against?.values).toContainEqual({ model: 'twin', value: 0.5 });
  });
});
