// Remedies through models with known answers: what they mend and what not, windows that are run once, corrupted frames,
// and a run that goes on after a stop.
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Model } from '../../src/core/model.js';
import type { Observation, ViewObservation } from '../../src/core/observation.js';
import type { Raster } from '../../src/core/picture.js';
import { protocolHash, type Protocol } from '../../src/core/protocol.js';
import type { Result } from '../../src/core/result.js';
import { makeProtocol, type ProtocolRequest } from '../../src/probes/protocol.js';
import { parseRemedies } from '../../src/remedies/registry.js';
import { withRemedies } from '../../src/remedies/variants.js';
import { noStages, openMeasurer, openVariants } from '../../src/run/measure.js';
import { openModels } from '../../src/run/open.js';
import { invariance, temporaryFolder } from '../support/cli.js';
import { circularNetwork, dotPictures, parityNetwork } from '../support/networks.js';
import { randomFor } from '../../src/core/random.js';

const folder = temporaryFolder();
const parity = parityNetwork(path.join(folder, 'parity'));
const strided = circularNetwork(path.join(folder, 'net'), 4);

function drawn(side: number, value: (x: number, y: number) => number): Raster {
  const data = Uint8Array.from({ length: 3 * side * side }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return value(pixel % side, Math.floor(pixel / side));
  });
  return { width: side, height: side, data };
}

async function models(where: string, remedies: string): Promise<Model[]> {
  return withRemedies(await openModels([{ where }]), parseRemedies([remedies]));
}

async function measured(
  variants: readonly Model[],
  raster: Raster,
  request: ProtocolRequest | Protocol,
): Promise<Observation[]> {
  const protocol = 'probe' in request ? request : await makeProtocol(request);
  const measurer = await openVariants(variants, protocol, 1, noStages());
  try {
    return await measurer.measure({ id: 'p', raster, boxes: [] }, null);
  } finally {
    await measurer.close();
  }
}

const tops = ({ views }: Observation): (number | string)[] =>
  views.map((view) => ('invalid' in view ? view.invalid : (view.top[0] ?? -1)));
const firstProbabilities = ({ views }: Observation): number[] =>
  views.map((view) => ('invalid' in view ? Number.NaN : (view.p[0] ?? 0)));

/** Different answers among the views, to four digits. */
const different = ({ views }: Observation): number =>
  new Set(views.map((view) => ('invalid' in view ? '' : view.p.map((p) => p.toPrecision(4)).join()))).size;

describe('known answers', () => {
  // One bright column; the network answers with the parity of its place in the window.
  const column = drawn(64, (x) => (x === 31 ? 255 : 0));
  const crop = { shift: '1px', path: 'horizontal', canvas: 64 };

  test('of a network that tells even columns from odd ones', async () => {
    const variants = await models(parity, 'grid2,grid4,shifts:0,0;0,1,shifts:0,0;2,0,align2,align8+grid4,crops8');
    const found = await measured(variants, column, crop);
    const alternating = [0, 1, 0, 1, 0, 1, 0, 1, 0].map((top) =>
      tops(found[0] as Observation)[0] === 0 ? top : 1 - top,
    );
    const [plain, grid2, grid4, down, two, align2, both, crops] = found;
    expect(tops(plain as Observation)).toEqual(alternating);
    // Half of the windows see the column at even places: a draw at every view, which the first class wins.
    for (const steady of [grid2, grid4, both] as Observation[]) {
      expect(tops(steady)).toEqual(Array(9).fill(0));
      expect(firstProbabilities(steady)).toEqual(Array(9).fill(0.5));
    }
    // Shifts along the column, or by two columns, don't change its parity.
    expect(tops(down as Observation)).toEqual(alternating);
    expect(tops(two as Observation)).toEqual(alternating);
    // Windows that are chosen see the column where they want it.
    expect(tops(align2 as Observation)).toEqual(Array(9).fill(0));
    expect(new Set(tops(crops as Observation)).size).toBe(1);
  });

  test('of what an answer takes', async () => {
    const variants = await models(parity, 'grid2,grid4,shifts:0,0;1,0,align2,crops8');
    const uses = (await measured(variants, column, crop)).map(({ remedy }) => remedy);
    expect(uses).toEqual([
      undefined,
      // Horizontal path, 9 views: diagonal neighbours share nothing; a square's columns are shared by its neighbours.
      { answers: 9, windows: 18, pairs: 8, shared: 0 },
      { answers: 9, windows: 20, pairs: 8, shared: 16 },
      { answers: 9, windows: 10, pairs: 8, shared: 8 },
      // Neighbours see the same window in every second pair: the column's place mod 2.
      { answers: 9, windows: 5, pairs: 8, shared: 4 },
      { answers: 9, windows: 1, pairs: 8, shared: 8 },
    ]);
    const diagonal = await measured(variants, column, { ...crop, path: 'diagonal' });
    expect(diagonal[1]?.remedy).toEqual({ answers: 9, windows: 10, pairs: 8, shared: 8 });
  });

  test('where the canvas ends its border is repeated, and cyclic views wrap', async () => {
    // The canvas is the window: a bright last column enters from outside when the content moves to the left.
    const last = drawn(32, (x) => (x === 31 ? 255 : 0));
    const variants = await models(parity, 'shifts:0,0;-2,0');
    const protocol = await makeProtocol({ shift: '1px', surround: 'cyclic', path: 'horizontal', canvas: 32 });
    const cyclic = (await measured(variants, last, protocol))[1] as Observation;
    expect(firstProbabilities(cyclic)).toEqual(Array(9).fill(1));
    const kernels = {
      ...protocol,
      probe: { name: 'kernels', options: { kernels: ['pillow-nearest', 'pillow-bilinear'] } },
    };
    const repeated = (await measured(variants, last, kernels))[1] as Observation;
    // Columns 29, 30, 31 are bright in the moved window (two odd, one even), 31 alone in the view's own: odd wins both.
    expect(tops(repeated)).toEqual([1, 1]);
    expect(firstProbabilities(repeated)[0]).toBeCloseTo(1, 6);
  });
});

describe('windows that are run once', () => {
  const random = randomFor(3, 'noise');
  const picture = drawn(56, () => random.below(256));
  const request = { shift: '1px', path: 'grid', canvas: 56 };

  test('give the answers of each remedy measured alone, with one run for each window', async () => {
    const together = await models(strided, 'grid2,grid4,lat8,align8,align8+grid4,crops4');
    const all = await measured(together, picture, request);
    const protocol = await makeProtocol(request);
    for (const [i, model] of together.entries()) {
      const measurer = await openMeasurer(model, protocol, 1, noStages());
      const alone = await measurer.measure({ id: 'p', raster: picture, boxes: [] }, null);
      await measurer.close();
      expect(alone.remedy).toEqual(all[i]?.remedy);
      alone.views.forEach((view, v) => expectClose(view, all[i]?.views[v]));
    }
  });

  test('leave views and plain answers as they are without any remedy', async () => {
    const [plain] = await models(strided, 'grid2');
    const [alone] = await measured([plain as Model], picture, request);
    const [beside] = await measured(await models(strided, 'lat8,crops8'), picture, request);
    expect(beside).toEqual(alone);
  });
});

function expectClose(a: ViewObservation, b: ViewObservation | undefined): void {
  if ('invalid' in a || b === undefined || 'invalid' in b) throw new Error('no answer');
  expect(a.top).toEqual(b.top);
  a.p.forEach((p, i) => expect(Math.abs(p - (b.p[i] ?? 0))).toBeLessThan(1e-6));
}

describe('corrupted frames', () => {
  const random = randomFor(4, 'noise');
  const picture = drawn(96, () => 100 + random.below(50));

  test('belong to the protocol, whose hash stays where there are none', async () => {
    const plain = await makeProtocol({ shift: '1px' });
    expect('corruption' in plain).toBe(false);
    const noisy = await makeProtocol({ shift: '1px', corrupt: 'noise:2' });
    expect(noisy.corruption).toEqual({ kind: 'noise', deviation: 2, margin: 32 });
    expect(protocolHash(noisy)).not.toBe(protocolHash(plain));
  });

  test('are the same for all variants and again, and differ from view to view', async () => {
    const variants = await models(strided, 'grid4,align8');
    // A torus rolled by 16 px has the same blocks in the file, so of nine steps by 4 px JPEG tells four apart; noise all.
    for (const [corrupt, answers] of [
      ['jpeg:50', 4],
      ['noise:8', 9],
    ] as const) {
      const still = { shift: '4px', surround: 'cyclic', canvas: 96 };
      const request = { ...still, corrupt };
      const found = await measured(variants, picture, request);
      expect(await measured(variants, picture, request)).toEqual(found);
      expect((await measured(variants.slice(0, 1), picture, request))[0]).toEqual(found[0]);
      // Without corruption a cyclic step of the network's factor changes nothing.
      const clean = await measured(variants.slice(0, 1), picture, still);
      expect(different(clean[0] as Observation)).toBe(1);
      expect(different(found[0] as Observation)).toBe(answers);
      // Frames of their own share no answers; where windows lie is told all the same.
      expect(found[1]?.remedy).toMatchObject({ answers: 9, windows: 36 });
    }
  });
});

describe('through the command line', () => {
  const dots = path.join(folder, 'dots');
  const out = path.join(folder, 'run');
  const command = [
    ...['probe', '--model', strided, '--images', dots, '--quiet', '--no-report', '--out', out],
    ...['--shift', '1px', '--surround', 'cyclic', '--path', 'diagonal,horizontal,random-pair:8', '--repeat', '2'],
    ...['--remedy', 'grid4,align4', '--remedy', 'shifts:0,0;1,0', '--corrupt', 'noise:1'],
  ];
  const result = (): string => readFileSync(path.join(out, 'result.json'), 'utf8');

  beforeAll(async () => {
    await dotPictures(dots, 5);
    const { code, stdout, stderr } = await invariance(command);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(
      'net+grid4: 4 inferences an answer; a view shares 1 of its 4 windows with its neighbour, which flatters it.',
    );
    expect(stdout).toContain('each view with noise of its own (standard deviation 1 of 0…255)');
    expect(stdout).not.toContain('Judge remedies on other paths');
  });

  test('every path is a part, every remedy a model on the same views', () => {
    const { models: found, parts = {}, protocol } = JSON.parse(result()) as Result;
    expect(found.map(({ name }) => name)).toEqual(['net', 'net+grid4', 'net+align4', 'net+shifts_0.0_1.0']);
    expect(found.map(({ remedy }) => remedy?.inferences)).toEqual([undefined, 4, 1, 2]);
    expect(Object.keys(parts)).toEqual(['horizontal', 'random-pair']);
    expect([protocol.repeat, parts['horizontal']?.protocol.repeat, parts['random-pair']?.protocol.repeat]).toEqual([
      1, 1, 2,
    ]);
    expect(parts['random-pair']?.protocol.probe.options).toMatchObject({ path: 'random-pair', range: [-8, 8] });
    expect(found[1]?.remedy?.sharedWithNeighbour).toBe(1);
    expect(parts['horizontal']?.models[1]?.remedy?.sharedWithNeighbour).toBe(2);
  });

  test('a run that was stopped goes on to the same result', async () => {
    const before = result();
    const file = (name: string): string => path.join(out, 'observations', `${name}.jsonl`);
    const lines = readFileSync(file('net+grid4'), 'utf8').split('\n');
    writeFileSync(file('net+grid4'), `${lines.slice(0, 2).join('\n')}\n{"picture":"3.pn`);
    truncateSync(file('net+shifts_0.0_1.0'), 0);
    expect((await invariance(command)).code).toBe(0);
    expect(result()).toBe(before);
  });

  test('another remedy of the same name is another run', async () => {
    const record = path.join(out, 'run.json');
    const text = readFileSync(record, 'utf8');
    writeFileSync(record, text.replace('"align": 4', '"align": 8'));
    const { code, stderr } = await invariance(command);
    writeFileSync(record, text);
    expect(code).toBe(2);
    expect(stderr).toContain('models.2.remedy.0.align was 8, now 4');
  });

  test('a wrong name is refused in words', async () => {
    const { code, stderr } = await invariance(['probe', '--model', strided, '--images', dots, '--remedy', 'quin9']);
    expect(code).toBe(2);
    expect(stderr).toContain('error: Unknown remedy (--remedy) "quin9". Did you mean "quin8"? Valid: grid2, ');
  });
});
