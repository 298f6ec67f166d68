import { describe, expect, it } from 'vitest';
import { labelsIn } from '../../src/models/labels.js';

function labels(content: Record<string, unknown>) {
  return labelsIn({ name: 'config.json', content });
}

describe('class names in config.json', () => {
  it('come from id2label, whatever the order of its keys', () => {
    expect(labels({ id2label: { 1: 'dog', 0: 'cat', 2: 'fox' } })).toEqual(['cat', 'dog', 'fox']);
  });

  it('come from timm’s label_names with their descriptions', () => {
    const config = { label_names: ['n01440764', 'n01443537'], label_descriptions: { n01440764: 'tench, Tinca tinca' } };
    expect(labels(config)).toEqual(['n01440764, tench, Tinca tinca', 'n01443537']);
  });

  it('are none where they are placeholders or left out', () => {
    expect(labels({ id2label: { 0: 'LABEL_0', 1: 'LABEL_1' } })).toBeNull();
    expect(labels({ num_labels: 2 })).toBeNull();
    expect(labels({ id2label: null })).toBeNull();
  });

  it('are refused where they are no table', () => {
    expect(() => labels({ id2label: ['cat'] })).toThrow(
      'Expected an object of class names by index for "id2label" in config.json but received ["cat"] (array).',
    );
  });
});
