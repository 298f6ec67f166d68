import { describe, expect, it } from 'vitest';
import type { Label } from '../../src/core/picture.js';
import { className, classResolver, imageNetOffset } from '../../src/models/classes.js';
import { IMAGENET_CLASSES } from '../../src/models/imagenet-classes.js';

function model(count: number, classes: readonly string[] | null = null) {
  return { name: 'm', classes, output: { name: 'y', classes: count, kind: 'logits', type: 'float32' } } as const;
}

function index(label: Label, count: number, classes: readonly string[] | null = null): number {
  return classResolver(model(count, classes))(label, 'a.png');
}

const pets = ['tabby, tabby cat', 'golden retriever', 'Goldfish, Carassius auratus', 'red_fox'];
const imagenet = IMAGENET_CLASSES.map(({ name }) => name.replaceAll('_', ' '));

describe("ImageNet's classes", () => {
  it('are the 1,000 in the order of their WordNet ids', () => {
    expect(IMAGENET_CLASSES).toHaveLength(1000);
    const wnids = IMAGENET_CLASSES.map(({ wnid }) => wnid);
    expect(wnids).toEqual([...wnids].sort());
    expect(new Set(wnids).size).toBe(1000);
    expect([0, 1, 207, 999].map((i) => IMAGENET_CLASSES[i])).toEqual([
      { wnid: 'n01440764', name: 'tench' },
      { wnid: 'n01443537', name: 'goldfish' },
      { wnid: 'n02099601', name: 'golden_retriever' },
      { wnid: 'n15075141', name: 'toilet_tissue' },
    ]);
  });

  it('are recognised in a model by count and names', () => {
    expect(imageNetOffset(model(1000))).toBe(0);
    expect(imageNetOffset(model(1001))).toBe(1);
    expect(imageNetOffset(model(10))).toBeNull();
    expect(imageNetOffset(model(1000, imagenet))).toBe(0);
    expect(imageNetOffset(model(1001, ['background', ...imagenet]))).toBe(1);
    expect(imageNetOffset(model(1000, [...imagenet].reverse()))).toBeNull();
  });
});

describe('labels', () => {
  it('by index, within range', () => {
    expect(index({ index: 3 }, 4, pets)).toBe(3);
    expect(() => index({ index: 4 }, 4, pets)).toThrow(
      'Picture "a.png" is labelled class 4, but model "m" has the classes 0 to 3.',
    );
  });

  it.each([
    ['red_fox', 3],
    ['Red Fox', 3],
    ['GOLDEN_RETRIEVER', 1],
    ['tabby', 0],
    ['tabby cat', 0],
    ['tabby, tabby cat', 0],
    ['carassius auratus', 2],
  ])('by name: %s', (name, wanted) => {
    expect(index({ name }, 4, pets)).toBe(wanted);
  });

  it('prefer a name that is written exactly so', () => {
    expect(index({ name: 'Fox' }, 2, ['fox', 'Fox'])).toBe(1);
  });

  it("by WordNet id: in ImageNet's order, by the model's own ids, or by the id's name", () => {
    expect(index({ wnid: 'n01443537' }, 1000)).toBe(1);
    expect(index({ wnid: 'n01443537' }, 1001)).toBe(2);
    expect(index({ wnid: 'n01443537' }, 1000, imagenet)).toBe(1);
    expect(index({ wnid: 'n01443537' }, 2, ['n01440764', 'n01443537'])).toBe(1);
    expect(index({ wnid: 'n01443537' }, 4, pets)).toBe(2);
    expect(index({ name: 'goldfish' }, 1000)).toBe(1);
  });

  it.each<[string, Label, number, readonly string[] | null, string]>([
    [
      'unknown name',
      { name: 'goldfisch' },
      4,
      pets,
      'Picture "a.png" is labelled "goldfisch", but model "m" has no such class among its 4. Nearest: "Goldfish".',
    ],
    [
      'no names',
      { name: 'cat' },
      4,
      null,
      'Picture "a.png" is labelled "cat", but model "m" has no class names. Put a config.json with "id2label" beside it, or label by class index.',
    ],
    [
      'two classes of a name',
      { name: 'crane' },
      1000,
      imagenet,
      'Picture "a.png" is labelled "crane", but model "m" has several classes of that name: 134 ("crane") and 517 ("crane"). Label by class index or WordNet id.',
    ],
    [
      'unknown WordNet id',
      { wnid: 'n00000001' },
      1000,
      null,
      'Picture "a.png" is labelled n00000001, but that is none of ImageNet\'s 1,000 WordNet ids.',
    ],
    [
      'WordNet id that the model lacks',
      { wnid: 'n01440764' },
      2,
      ['cat', 'dog'],
      'Picture "a.png" is labelled n01440764 (tench), but model "m" has no such class among its 2.',
    ],
  ])('say what is wrong: %s', (_, label, count, classes, message) => {
    expect(() => index(label, count, classes)).toThrow(message);
  });

  it('have names for people', () => {
    expect(className(model(4, pets), 3)).toBe('red_fox');
    expect(className(model(1000), 207)).toBe('golden retriever');
    expect(className(model(1001), 208)).toBe('golden retriever');
    expect(className(model(7), 5)).toBe('class 5');
  });
});
