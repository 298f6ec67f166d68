// A model that was rewritten already: rewritten once more under names of its own, or refused where that can't be.
import { describe, expect, it } from 'vitest';
import { parseKind, variantsAsked } from '../../../src/graph/rewrite/asked.js';
import { normalForm } from '../../../src/graph/rewrite/normal.js';
import { withFreshNames } from '../../../src/graph/rewrite/fresh-names.js';
import { readModel, type OnnxModel } from '../../../src/graph/read.js';

const FILE = 'zoo/models/stride/model.onnx';

function rewritten(model: OnnxModel, kind: string, at: readonly string[] | null): OnnxModel {
  const [variant] = variantsAsked(normalForm(model), parseKind(kind), at, FILE);
  return variant!.model;
}

const namesOf = ({ graph }: OnnxModel): string[] => [
  ...graph.node.flatMap(({ output }) => output),
  ...graph.initializer.map(({ name }) => name),
];

describe('a rewritten model', async () => {
  const { model } = await readModel(FILE);

  it('is rewritten again under names that are all different', () => {
    let again = rewritten(model, 'blur3', ['0']);
    for (const kind of ['blur5', 'avgpool', 'aps']) {
      again = rewritten(again, kind, ['0', '1']);
      const names = namesOf(again);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('keeps the names of its inputs and outputs, and an original keeps all', () => {
    expect(withFreshNames(model)).toBe(model);
    const once = rewritten(model, 'blur3', ['0']);
    const fresh = withFreshNames(once);
    expect(fresh).not.toBe(once);
    expect(fresh.graph.input.map(({ name }) => name)).toEqual(model.graph.input.map(({ name }) => name));
    expect(fresh.graph.output.map(({ name }) => name)).toEqual(model.graph.output.map(({ name }) => name));
  });

  it('whose phases go on side by side is refused by name', () => {
    const phases = rewritten(model, 'phases', ['0']);
    for (const kind of ['phases', 'aps', 'blur3', 'circular'])
      expect(() => rewritten(phases, kind, kind === 'circular' ? null : ['1'])).toThrow(
        /joins several maps of one picture on the batch axis.*Rewrite the model that it was made from/,
      );
  });
});
