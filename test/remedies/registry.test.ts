// Names of remedies: what each stands for, what is refused and how, and the variants of models that they make.
import { describe, expect, test } from 'vitest';
import type { Model } from '../../src/core/model.js';
import { parseRemedies, parseRemedy } from '../../src/remedies/registry.js';
import { windowsOf, type Sight } from '../../src/remedies/remedy.js';
import { variantGroups, withRemedies } from '../../src/remedies/variants.js';
import { messageOf } from '../support/message-of.js';

const flat = { width: 20, height: 20, data: new Uint8Array(1200) };
const sight: Sight = { canvas: flat, x: 6, y: 6, wrap: false, width: 8, height: 8 };
const corners = (name: string): string[] =>
  windowsOf(parseRemedy(name), sight).map(({ x, y }) => `${x - sight.x},${y - sight.y}`);

describe('a remedy by its name', () => {
  test('averages windows that lie against the moves of the content', () => {
    expect(corners('grid2')).toEqual(['0,0', '-1,-1']);
    expect(corners('grid4').toSorted()).toEqual(['-1,-1', '-1,0', '0,-1', '0,0']);
    expect(new Set(corners('quin8'))).toEqual(
      new Set(['1,1', '-1,1', '0,0', '-2,0', '1,-1', '-1,-1', '0,-2', '-2,-2']),
    );
    expect(new Set(corners('lat8'))).toEqual(new Set(['4,4', '3,1', '2,-2', '1,3', '0,0', '-1,-3', '-2,2', '-3,-1']));
    expect(corners('shifts:0,0;3,-2')).toEqual(['0,0', '-3,2']);
  });

  test('has a normal form, a cost and a reach', () => {
    const { steps, inferences, reach, name } = parseRemedy('align16+grid4');
    expect(steps.map(({ form }) => form)).toEqual([
      { align: 16 },
      {
        average: [
          [0, 0],
          [1, 0],
          [0, 1],
          [1, 1],
        ],
      },
    ]);
    expect([name, inferences, reach]).toEqual(['align16+grid4', 4, 9]);
    expect(parseRemedy('rics:16').name).toBe('crops16');
    expect(parseRemedy('crops16').inferences).toBe(1);
  });

  test('stands in lists whose commas are not those of shifts', () => {
    expect(
      parseRemedies(['quin8,shifts:0,0;1,0,align8+shifts:0,0;+1,-1', 'quin8', ' grid2']).map(({ name }) => name),
    ).toEqual(['quin8', 'shifts:0,0;1,0', 'align8+shifts:0,0;1,-1', 'grid2']);
    expect(parseRemedies([])).toEqual([]);
  });

  test('is refused with what there is', () => {
    const all = 'grid2, grid4, quin8, lat8, shifts:0,0;1,0;0,1, align8, align16, align32, crops8, crops16, crops32';
    expect(messageOf(() => parseRemedy('quin9'))).toBe(
      `Unknown remedy (--remedy) "quin9". Did you mean "quin8"? Valid: ${all}.`,
    );
    expect(messageOf(() => parseRemedy('align'))).toContain('Did you mean "align16" or "align32" or "align8"?');
    expect(messageOf(() => parseRemedy('none'))).toContain(`Valid: ${all}.`);
    expect(messageOf(() => parseRemedies(['grid2,']))).toContain('Unknown remedy (--remedy) ""');
    expect(messageOf(() => parseRemedy('align1'))).toBe(
      'Expected a spacing from 2 to 64 pixels, such as align16 for --remedy align but received "align1".',
    );
    expect(messageOf(() => parseRemedy('crops65'))).toBe(
      'Expected a reach from 1 to 64 pixels, such as crops16 for --remedy crops but received "crops65".',
    );
    expect(messageOf(() => parseRemedy('shifts:0,0'))).toBe(
      'Expected 2 to 64 shifts for --remedy shifts but received 1.',
    );
    for (const wrong of ['grid4+align16', 'grid2+quin8', 'align8+crops8', 'align8+grid2+grid2']) {
      expect(messageOf(() => parseRemedy(wrong))).toBe(
        `Expected one remedy, or one that chooses the window and one that averages round it (align16+grid4), for --remedy but received "${wrong}".`,
      );
    }
  });
});

describe('variants', () => {
  const plain = { name: 'net', sha256: 'a', path: 'p', input: {}, output: {}, preprocessing: {} } as unknown as Model;
  const other = { ...plain, name: 'other', sha256: 'b' };
  const long = `shifts:${Array.from({ length: 9 }, (_, i) => `${i},-${i}`).join(';')}`;

  test('follow their model, under names that any file system takes', () => {
    const models = withRemedies([plain, other], parseRemedies(['align16+grid4', 'shifts:0,0;1,0;0,-1', long]));
    expect(models.map(({ name }) => name)).toEqual([
      ...['net', 'net+align16+grid4', 'net+shifts_0.0_1.0_0.-1', expect.stringMatching(/^net\+shifts_[0-9a-f]{8}$/)],
      ...[
        'other',
        'other+align16+grid4',
        'other+shifts_0.0_1.0_0.-1',
        expect.stringMatching(/^other\+shifts_[0-9a-f]{8}$/),
      ],
    ]);
    expect(models[0]).toBe(plain);
    expect(models[1]?.remedy).toMatchObject({ name: 'align16+grid4', inferences: 4 });
    // A variant's name is read again where it is measured.
    expect(parseRemedy(models[3]?.remedy?.name ?? '').inferences).toBe(9);
  });

  test('are grouped with their model, whatever its name', () => {
    const models = withRemedies([plain, other], parseRemedies(['grid2']));
    expect(variantGroups([...models, { ...plain, name: 'again' }])).toEqual([
      [0, 1, 4],
      [2, 3],
    ]);
  });
});
