// Folders of rewritten models: what is written, from which kinds of models, and what is left where something is wrong.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunError } from '../../src/core/errors.js';
import { toFloat16 } from '../../src/core/float16.js';
import { parseShiftSet } from '../../src/core/shift-sets.js';
import { externalTensor, model, node, tensor, value } from '../../src/graph/build.js';
import { TensorProto_DataType as DataType } from '../../src/graph/onnx_pb.js';
import { parseKind, variantsAsked } from '../../src/graph/rewrite/asked.js';
import { averagedVariant } from '../../src/graph/rewrite/averaged.js';
import { normalForm } from '../../src/graph/rewrite/normal.js';
import type { Identity, Variant } from '../../src/graph/rewrite/variant.js';
import { encodeModel } from '../../src/graph/write.js';
import { loadModel } from '../../src/models/load.js';
import { makeVariant, openOriginal } from '../../src/run/variants.js';
import type { Original } from '../../src/run/variants.js';
import { randomFor } from '../../src/core/random.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { folder } = temporaryFolder();
const failure = async (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'no error',
    (error: unknown) => (error instanceof RunError ? error.message : `not a RunError: ${String(error)}`),
  );
const big = (...values: readonly number[]): bigint[] => values.map(BigInt);

type Net = {
  readonly last?: boolean;
  readonly half?: boolean;
  readonly external?: boolean;
  readonly batch?: number;
  readonly bare?: boolean;
  /** The picture is multiplied by this inside the network. */
  readonly scale?: number;
};

/** Two strided convolutions with ReLU, mean, linear; as a folder or as a file alone. */
function written(
  name: string,
  { last = false, half = false, external = false, batch, bare = false, scale }: Net = {},
): string {
  const random = randomFor(3, name);
  const noise = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.uniform() - 0.5);
  const type = half ? DataType.FLOAT16 : DataType.FLOAT;
  const data = (values: Float32Array): Float32Array | Uint16Array =>
    half ? Uint16Array.from(values, toFloat16) : values;
  const [first, second] = [noise(8 * 3 * 9), noise(8 * 8 * 9)];
  const pads = { strides: big(2, 2), pads: big(1, 1, 1, 1), kernel_shape: big(3, 3) };
  const at = path.join(folder, name);
  mkdirSync(path.join(at, 'weights'), { recursive: true });
  if (external) {
    writeFileSync(path.join(at, 'weights', 'all.bin'), Buffer.from(Float32Array.of(...first, ...second).buffer));
  }
  const outside = (key: string, dims: number[], offset: number, count: number) =>
    externalTensor(key, dims, DataType.FLOAT, {
      location: 'weights/all.bin',
      offset: 4 * offset,
      length: 4 * count,
    });
  const onnx = model({
    inputs: [value('x', type, [batch ?? 'N', 3, 32, 32])],
    outputs: [value('y', type, [batch ?? 'N', 4])],
    nodes: [
      ...(scale === undefined ? [] : [node('Mul', ['x', 'scale'], ['scaled'])]),
      node('Conv', [scale === undefined ? 'x' : 'scaled', 'w1'], ['stage1/conv'], pads),
      ...(last
        ? [
            node('Transpose', ['stage1/conv'], ['stage1/turned'], { perm: big(0, 2, 3, 1) }),
            node('Relu', ['stage1/turned'], ['stage1/active']),
            node('Transpose', ['stage1/active'], ['stage1/relu'], { perm: big(0, 3, 1, 2) }),
          ]
        : [node('Relu', ['stage1/conv'], ['stage1/relu'])]),
      node('Conv', ['stage1/relu', 'w2'], ['stage2/conv'], pads),
      node('Relu', ['stage2/conv'], ['stage2/relu']),
      node('GlobalAveragePool', ['stage2/relu'], ['pool']),
      node('Flatten', ['pool'], ['flat']),
      node('Gemm', ['flat', 'head', 'bias'], ['y'], { transB: 1n }),
    ],
    initializers: [
      ...(scale === undefined ? [] : [tensor('scale', [], Float32Array.of(scale))]),
      external ? outside('w1', [8, 3, 3, 3], 0, first.length) : tensor('w1', [8, 3, 3, 3], data(first)),
      external ? outside('w2', [8, 8, 3, 3], first.length, second.length) : tensor('w2', [8, 8, 3, 3], data(second)),
      tensor('head', [4, 8], data(noise(32))),
      tensor('bias', [4], data(noise(4))),
    ],
  });
  const file = path.join(at, bare ? `${name}.onnx` : 'model.onnx');
  writeFileSync(file, encodeModel(onnx));
  if (bare) return file;
  writeFileSync(path.join(at, 'LICENSE'), 'free');
  writeFileSync(path.join(at, 'card.json'), '{"licence": "MIT", "depth": 3}');
  writeFileSync(
    path.join(at, 'config.json'),
    '{"output": "logits", "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}}',
  );
  const size = { height: 32, width: 32 };
  writeFileSync(
    path.join(at, 'preprocessor_config.json'),
    JSON.stringify({
      do_resize: true,
      size,
      resample: 2,
      do_rescale: true,
      rescale_factor: 1 / 255,
      do_normalize: false,
    }),
  );
  return at;
}

function asked({ onnx, model: { input, path: file } }: Original, kind: string, at: string[] | null = null): Variant[] {
  return variantsAsked(normalForm(onnx, { input }), parseKind(kind), at, file);
}

const KINDS = ['dense', 'phases', 'blur3', 'blur5-folded', 'aps', 'avgpool', 'circular', 'aps+circular'];

describe('a variant’s folder', () => {
  it.each<readonly [string, Net]>([
    ['plain', {}],
    ['half', { half: true }],
    ['external', { external: true }],
    ['batch-of-1', { batch: 1 }],
    ['channels-last', { last: true }],
  ])('holds a model that was checked, for every kind: %s', async (name, net) => {
    const original = await openOriginal(written(name, net));
    const into = path.join(folder, `from ${name}`);
    for (const kind of KINDS) {
      for (const variant of asked(original, kind)) {
        const { folder: made, written: fresh, card } = await makeVariant(original, variant, into);
        expect([fresh, path.basename(made)]).toEqual([true, `${name}-${variant.suffix}`]);
        const loaded = await loadModel(made);
        expect(loaded).toMatchObject({
          sha256: card.sha256,
          input: { width: 32, height: 32, type: net.half ? 'float16' : 'float32' },
          output: { classes: 4, kind: 'logits' },
          classes: ['a', 'b', 'c', 'd'],
          preprocessing: original.model.preprocessing,
        });
        expect(card).toMatchObject({ partner: name, licence: 'MIT', original: { sha256: original.model.sha256 } });
        expect(readFileSync(path.join(made, 'LICENSE'), 'utf8')).toBe('free');
        expect(existsSync(path.join(made, 'weights', 'all.bin'))).toBe(
          net.external === true && kind !== 'blur5-folded',
        );
      }
    }
    expect(readdirSync(into).filter((entry) => entry.startsWith('.'))).toEqual([]);
    expect(statSync(into).isDirectory()).toBe(true);
  });

  it('of an average says that its output is probabilities', async () => {
    const original = await openOriginal(written('mean'));
    const set = parseShiftSet('grid4', '--export');
    const made = await makeVariant(original, averagedVariant(original.onnx, original.model, set), folder);
    expect(made.card).toMatchObject({ name: 'mean-grid4', output: 'probabilities', macsRatio: 4 });
    const config = JSON.parse(readFileSync(path.join(made.folder, 'config.json'), 'utf8')) as object;
    expect(config).toMatchObject({ output: 'probabilities', id2label: { 0: 'a' } });
    expect((await loadModel(made.folder)).output.kind).toBe('probabilities');
  });

  it('of a file alone has the preprocessing that was said, or none', async () => {
    const file = written('alone', { bare: true });
    const silent = await openOriginal(file);
    const [aps] = asked(silent, 'aps') as [Variant];
    const none = await makeVariant(silent, aps, path.join(folder, 'silent'));
    expect(readdirSync(none.folder).sort()).toEqual(['README.md', 'card.json', 'model.onnx']);

    const set = parseShiftSet('0,0;1,2', '--export');
    const { folder: mean } = await makeVariant(silent, averagedVariant(silent.onnx, silent.model, set), folder);
    expect(path.basename(mean)).toMatch(/^alone-average2-[0-9a-f]{6}$/);
    expect(readFileSync(path.join(mean, 'config.json'), 'utf8')).toBe('{\n  "output": "probabilities"\n}\n');
    rmSync(path.join(mean, 'config.json'));
    const { output, findings } = await loadModel(mean, { preprocess: 'none' });
    expect([output.kind, findings['output.kind']]).toEqual([
      'probabilities',
      'probabilities: last nodes are a Softmax and a mean of its answers',
    ]);

    const named = await makeVariant(await openOriginal(file, 'inception'), aps, path.join(folder, 'named'));
    const { preprocessing } = await loadModel(named.folder);
    expect(preprocessing).toMatchObject({
      source: 'preprocessor_config.json',
      resize: { to: 'shortest-edge', size: 37, kernel: 'bilinear' },
      mean: [0.5, 0.5, 0.5],
    });
  });

  it('is left as it is where the very variant lies there, and refused where anything else does', async () => {
    const original = await openOriginal(written('again'));
    const [blur] = asked(original, 'blur3') as [Variant];
    const into = path.join(folder, 'twice');
    const first = await makeVariant(original, blur, into);
    expect((await makeVariant(original, blur, into)).written).toBe(false);

    const other = { ...blur, record: { ...blur.record, at: [] } };
    await expect(makeVariant(original, other, into)).rejects.toThrow(
      `Expected no folder ${first.folder}, or one with this very variant, but it holds another variant. Remove it, or give another folder with -o.`,
    );
    const prepared = { ...original, preprocessing: { ...original.model.preprocessing, crop: null } };
    await expect(makeVariant(prepared, blur, into)).rejects.toThrow(/it holds this variant with another preprocessing/);
    writeFileSync(path.join(into, 'again-aps'), 'a file');
    const [aps] = asked(original, 'aps') as [Variant];
    await expect(makeVariant(original, aps, into)).rejects.toThrow(/again-aps, .*but it is a file/);
  });

  it('is refused where the model in its place has other weights by now, though its graph is the same', async () => {
    const at = written('retrained', { external: true });
    const [blur] = asked(await openOriginal(at), 'blur3') as [Variant];
    const into = path.join(folder, 'of old weights');
    await makeVariant(await openOriginal(at), blur, into);
    const weights = path.join(at, 'weights', 'all.bin');
    const bytes = readFileSync(weights);
    writeFileSync(weights, Buffer.from(bytes.map((byte, i) => (i % 4 === 0 ? byte ^ 1 : byte))));
    await expect(makeVariant(await openOriginal(at), blur, into)).rejects.toThrow(
      /retrained-blur3, .*but it holds this variant of another model, or of other weights/,
    );

    writeFileSync(weights, bytes);
    expect((await makeVariant(await openOriginal(at), blur, into)).written).toBe(false);
    writeFileSync(
      path.join(at, 'config.json'),
      '{"output": "logits", "id2label": {"0": "b", "1": "a", "2": "c", "3": "d"}}',
    );
    await expect(makeVariant(await openOriginal(at), blur, into)).rejects.toThrow(
      /it holds this variant with another config\.json/,
    );
  });

  it('isn’t there after a check that failed', async () => {
    const original = await openOriginal(written('wrong'));
    const [blur] = asked(original, 'blur3') as [Variant];
    const [aps] = asked(original, 'aps') as [Variant];
    const lies: Variant = {
      ...blur,
      identities: [{ kind: 'same-answer', as: aps.model, what: 'the answer of adaptive sampling' }],
    };
    const into = path.join(folder, 'nothing', 'deep', 'down');
    const message = await failure(makeVariant(original, lies, into));
    expect(message).toMatch(
      /^wrong-blur3 failed its check: expected the answer of adaptive sampling, but the largest difference is \d.* Nothing was written\./,
    );
    expect(existsSync(path.join(folder, 'nothing'))).toBe(false);
    const shifted: Variant = { ...blur, identities: [{ kind: 'cyclic', promised: true }] };
    expect(await failure(makeVariant(original, shifted, into))).toMatch(/expected the same answer under cyclic shifts/);
  });
});

describe('checks', () => {
  const identities: readonly Identity[] = [
    { kind: 'cyclic', promised: true },
    { kind: 'mean-over-shifts', shifts: [0, 1].flatMap((dy) => [0, 1].map((dx) => ({ dx, dy }))) },
  ];
  /** The original as it is, under a variant's name. */
  const unchanged = async (net: string, scale: number): Promise<[Original, Variant]> => {
    const original = await openOriginal(written(net, { bare: true, scale }), 'none');
    const [blur] = asked(original, 'blur3') as [Variant];
    return [original, { ...blur, model: original.onnx }];
  };

  it.each(identities)('fail for the unchanged original, whatever range it takes: $kind', async (identity) => {
    for (const [net, scale] of [
      ['to 1', 1 / 255],
      ['to 8', 1 / 32],
    ] as const) {
      const [original, self] = await unchanged(`${net}-${identity.kind}`, scale);
      const into = path.join(folder, 'unchanged');
      expect(await failure(makeVariant(original, { ...self, identities: [identity] }, into))).toMatch(
        /failed its check: expected the (same answer|mean)/,
      );
    }
  });

  it.each(identities)('say so where they prove nothing: $kind', async (identity) => {
    const [original, self] = await unchanged(`blind-${identity.kind}`, 0);
    const { card } = await makeVariant(original, { ...self, identities: [identity] }, path.join(folder, 'blind'));
    expect(card.checks.at(-1)).toMatch(
      /^can't tell whether it gives the .*: on a picture of noise the original passes for that too \(largest difference [\d.e-]+.*\)$/,
    );
  });

  it.each<readonly [string, string, string, RegExp]>([
    [
      'answers are read',
      'config.json',
      '{"output": "probabilities"}',
      /failed its check: it has .*of 4 classes, probabilities, float32 where .*of 4 classes, logits, float32 is expected/,
    ],
    [
      'pictures are prepared',
      'preprocessor_config.json',
      '{"do_resize": true, "size": {"height": 32, "width": 32}, "resample": 2, "do_rescale": false, "do_normalize": false}',
      /failed its check: it wants its pictures as .*"scale":1,.* where the original has .*"scale":0.0039/,
    ],
  ])('fail where the variant’s %s otherwise than the original’s', async (what, file, text, says) => {
    const at = written(`otherwise ${what}`);
    const original = await openOriginal(at);
    const [blur] = asked(original, 'blur3') as [Variant];
    writeFileSync(path.join(at, file), text);
    expect(await failure(makeVariant(original, blur, path.join(folder, 'otherwise')))).toMatch(says);
  });

  it('say so where there is no map to compare', async () => {
    const original = await openOriginal(written('no maps'));
    const [phases] = asked(original, 'phases') as [Variant];
    const identities = phases.identities.map((identity): Identity =>
      identity.kind === 'same-places'
        ? { ...identity, rewritten: { ...identity.rewritten, lattice: new Map(), phases: new Map() } }
        : identity,
    );
    const { card } = await makeVariant(original, { ...phases, identities }, path.join(folder, 'no maps made'));
    expect(card.checks.at(-1)).toBe(
      "can't tell whether it gives the original's values at the places that the original computes: it has no such map of decimals to compare",
    );
  });
});

describe('sites that are asked for', () => {
  it('by number, name and from the end', async () => {
    const original = await openOriginal(written('sites'));
    const suffixes = (kind: string, at: string[] | null): string[] =>
      asked(original, kind, at).map(({ suffix }) => suffix);
    expect(suffixes('phases', null)).toEqual(['phases-0', 'phases-1']);
    expect(suffixes('phases+circular', ['0', '1'])).toEqual(['phases+circular-0-1']);
    expect(suffixes('blur3', null)).toEqual(['blur3']);
    expect(suffixes('blur3', ['stage1/conv'])).toEqual(['blur3-at-0']);
    expect(suffixes('blur3', ['0,1'])).toEqual(['blur3']);
    expect(suffixes('dense', ['last'])).toEqual(['dense-last1']);
    expect(suffixes('aps+circular', ['last2'])).toEqual(['aps+circular']);
    expect(() => suffixes('aps', ['stage1/cnov'])).toThrow(
      /Unknown subsampling "stage1\/cnov"\. Did you mean "stage1\/conv"/,
    );
    expect(() => suffixes('aps', ['last3'])).toThrow(/last1 to last2 for --at but received "last3"/);
    expect(() => suffixes('dense', ['0'])).toThrow(/stage2\/conv is kept behind one that is taken off/);
    expect(() => suffixes('circular', ['0'])).toThrow(/no layers with circular alone/);
    expect(() => parseKind('blur4')).toThrow(/Unknown rewriting "blur4"\. Did you mean "blur3"/);
    expect(() => parseKind('circular+circular')).toThrow(/for --subsampling but received "circular\+circular"/);
  });
});
