// The product against an independent Python/onnxruntime script (test/reference/shift.py): same pictures, same views.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Observation } from '../../src/core/observation.js';
import type { Result } from '../../src/core/result.js';
import { withoutProfile } from '../reference/without-profile.js';
import { invariance, root, temporaryFolder } from '../support/cli.js';
import { hasShared, shared } from '../support/shared.js';

type Reference = {
  readonly files: readonly string[];
  readonly models: Record<string, Record<'crop' | 'cyclic', Record<string, number> & { readonly top1: number[][] }>>;
};

const reference = JSON.parse(readFileSync(path.join(root, 'test', 'reference', 'shift.json'), 'utf8')) as Reference;
const folder = temporaryFolder();
const pictures = path.join(folder, 'pictures');

describe.skipIf(!hasShared)('the product equals the Python reference', () => {
  beforeAll(() => {
    mkdirSync(pictures);
    const source = shared('real', 'imagenet-256');
    copyFileSync(path.join(source, 'labels.csv'), path.join(pictures, 'labels.csv'));
    for (const file of readdirSync(source).filter((name) => name.endsWith('.png'))) {
      writeFileSync(path.join(pictures, file), withoutProfile(readFileSync(path.join(source, file))));
    }
  });

  for (const model of Object.keys(reference.models)) {
    for (const surround of ['crop', 'cyclic'] as const) {
      test(`${model}, ${surround}`, async () => {
        const out = path.join(folder, `${model}-${surround}`);
        const { code, stderr, stdout } = await invariance([
          ...['probe', '--shift', '1px', '--surround', surround, '--canvas', '256', '--json', '--no-report', '--quiet'],
          ...['--model', shared('real', 'models', model), '--images', pictures],
          ...['--labels', path.join(pictures, 'labels.csv'), '--out', out],
        ]);
        expect(stderr).toBe('');
        expect(code).toBe(0);
        const expected = reference.models[model]![surround];
        const lines = readFileSync(path.join(out, 'observations', `${model}.jsonl`), 'utf8')
          .trim()
          .split('\n');
        const observations = new Map(lines.map((line) => JSON.parse(line) as Observation).map((o) => [o.picture, o]));
        expect(observations.size).toBe(expected['pictures']);
        reference.files.forEach((file, i) => {
          const observation = observations.get(path.basename(file))!;
          const top1 = observation.views.map((view) => ('top' in view ? view.top[0] : null));
          expect(top1, file).toEqual(expected.top1[i]);
        });
        const { estimates } = (JSON.parse(stdout) as Result).models[0]!;
        for (const name of ['top1Change', 'jaggedness', 'accuracy', 'top5Accuracy', 'worstAccuracy']) {
          expect(estimates[name], name).toMatchObject({ value: expect.closeTo(expected[name]!, 9) });
        }
        expect(estimates['meanAbsoluteChange']).toMatchObject({
          value: expect.closeTo(expected['meanAbsoluteChange']!, 4),
        });
      });
    }
  }
});
