import { describe, expect, it } from 'vitest';
import { partWords, pooledWords, shortStep, stepWords, sweepWords } from '../../src/report/sweep-words.js';

const crop = { share: 0.4, surround: 'crop' };
const object = { share: 1.6, surround: 'mean' };
const other = { distance: 3, kernel: 'box' };

describe('a step of a sweep in words', () => {
  it.each([
    [crop, 'crop of 40\u202f% of the area', '40\u202f%', 'crop'],
    [object, 'object at 1/1.6 of the frame', '1/1.6', 'object'],
  ])('%j is a size', (at, words, short, part) => {
    expect([stepWords(at), shortStep(at, 'share'), partWords(at)]).toEqual([words, short, part]);
  });

  it('has names of its own where the coordinates are not known', () => {
    expect([stepWords(other), shortStep(other, 'distance'), partWords(other)]).toEqual([
      'distance 3, kernel box',
      '3',
      'box',
    ]);
    expect(sweepWords([crop, other], 'distance')).toMatchObject({ noun: 'distance', axis: 'distance', legend: '' });
  });

  it('is pooled with the others', () => {
    expect(pooledWords([crop, object])).toBe('pooled over the two sizes');
    expect(pooledWords([crop, other])).toBe('pooled over the two steps of the sweep');
    expect(pooledWords([crop])).toBeNull();
  });
});
