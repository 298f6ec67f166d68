import { describe, expect, it } from 'vitest';
import * as format from '../../src/report/format.js';

describe('numbers', () => {
  it.each([
    [format.percent(0.183), '18.3\u202f%'],
    [format.percent(null), '–'],
    [format.percent(0.0002), '<\u202f0.1\u202f%'],
    [format.percent(0.5, 0), '50\u202f%'],
    [format.plainPercent(0), '0\u202f%'],
    [format.plainPercent(1), '100\u202f%'],
    [format.plainPercent(0.061), '6.1\u202f%'],
    [format.interval({ low: 0.127, high: 0.243 }), '12.7 to 24.3\u202f%'],
    [format.estimateText({ value: 0.1, low: 0.05, high: 0.2 }), '10.0\u202f% [5.0 to 20.0\u202f%]'],
    [format.signed(-3), '−3'],
    [format.signed(0), '0'],
    [format.plain(-3), '−3'],
    [format.grouped(1234567), '1,234,567'],
    [format.pValue(0.0001), '< 0.001'],
    [format.pValue(0.004), '0.004'],
    [format.pValue(0.314), '0.31'],
    [format.duration(48), '48\u202fs'],
    [format.duration(720), '12\u202fmin'],
    [format.duration(12_000), '3\u202fh 20\u202fmin'],
    [format.date('2026-11-22T04:45:12.000Z'), '22 November 2026'],
    [format.date('unknown'), 'unknown'],
    [format.count(3), 'three'],
    [format.count(1600), '1,600'],
    [format.times(0), 'never'],
    [format.times(2), 'twice'],
    [format.times(13), '13 times'],
    [format.counted(0, 'change'), 'no changes'],
    [format.counted(1, 'change'), '1 change'],
    [format.counted(1600, 'step'), '1,600 steps'],
  ])('%s', (written, expected) => {
    expect(written).toBe(expected);
  });
});

it('shortens names of pictures where they stay apart', () => {
  expect(format.pictureNames(['n01443537_goldfish.JPEG', 'x/great_white.png'])).toEqual(['goldfish', 'great white']);
  expect(format.pictureNames(['a/1.png', 'b/1.png', '.png'])).toEqual(['a/1.png', 'b/1.png', '.png']);
});

it('breaks commands before options, not inside quotes', () => {
  expect(format.commandLines(`invariance probe --shift 1px --images 'my --odd folder'`)).toBe(
    `invariance probe \\\n  --shift 1px \\\n  --images 'my --odd folder'`,
  );
});
