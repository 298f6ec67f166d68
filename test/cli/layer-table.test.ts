// The structural audit in the terminal: rows and totals from literals of small graphs, and the built program's options.
import { describe, expect, it } from 'vitest';
import { layerTable, parseLayers } from '../../src/cli/layer-table.js';
import { auditGraph } from '../../src/graph/audit/audit.js';
import { inceptionV3, mobilenetV2, network, resnet50, vitB16 } from '../graph/audit-networks.js';
import { invariance } from '../support/cli.js';

describe('layerTable', () => {
  it('prints the structure, with the padding of Pad nodes at the layer behind', () => {
    const net = network(['N', 3, 32, 32]);
    const pads = net.whole('pads', [0, 0, 0, 0, 0, 0, 1, 1]);
    const padded = net.add('Pad', ['pixels', pads], 'stem/pad', { mode: 'edge' });
    const stem = net.add(
      'Relu',
      [net.conv(padded, 'stem/conv', [3, 8], { kernel: 3, stride: 2, bias: true })],
      'stem/relu',
    );
    const mean = net.add('GlobalAveragePool', [stem], 'gate/mean');
    const gate = net.add('Sigmoid', [net.conv(mean, 'gate/conv', [8, 8], { kernel: 1 })], 'gate/sigmoid');
    const onnx = net.finish(net.add('Mul', [stem, gate], 'gated'));
    expect(layerTable(auditGraph(onnx, { scales: 3 }), null)).toEqual([
      'layer      operator  output   kernel  padding   factor  field   MACs  weights',
      'stem/conv  Conv      8×16×16  3×3 /2  0/1 edge       2      3  55.3k      224',
      'gate/conv  Conv      8×1×1    1×1     0                   all     64       64',
      'gated      Mul       8×16×16                         2     3+',
      '',
      '2 more only pad, or work at each place by themselves: --layers all prints them too.',
      'Field with +: a branch that saw the whole picture joins in.',
      'total factor            2: pixels from one place of the coarsest map to the next',
      'unchanged share         1 in 4 translations (25 %) can leave a strided representation unchanged',
      'pictures for each view  12 = 2 × 2 translations × 3 scales',
      'multiply-accumulates    55.4k',
      'parameters              288',
      'note                    From gated on, a branch that saw the whole picture joins in; fields are',
      '                        those of the local path.',
    ]);
  });

  it.each([
    ['ResNet-50', resnet50('3x3')],
    ['MobileNetV2', mobilenetV2()],
    ['Inception-v3', inceptionV3()],
    ['ViT-B/16', vitB16()],
  ])('prints %s within 100 columns, all layers too', (_, onnx) => {
    const audit = auditGraph(onnx);
    const lines = [...layerTable(audit, null), ...layerTable(audit, audit.layers)];
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});

it('reads lists, with commas inside braces left to the glob', () => {
  expect(parseLayers('stem, layer{1,2}.0/*,head')).toEqual(['stem', 'layer{1,2}.0/*', 'head']);
});

describe('models inspect --layers', () => {
  it('prints the table', async () => {
    const { code, stdout } = await invariance(['models', 'inspect', 'stride', '--layers', '--rotations', '4']);
    expect(code).toBe(0);
    expect(stdout).toContain('stage4/conv  Conv      64×4×4    3×3 /2  1            16     31  442k    27.7k\n');
    expect(stdout).toContain('1024 = 16 × 16 translations × 4 rotations\n');
  });

  it('prints JSON and nothing else', async () => {
    const { code, stdout } = await invariance(['models', 'inspect', 'dense', '--layers', 'stage*/relu', '--json']);
    expect(code).toBe(0);
    const parsed = JSON.parse(stdout) as { model: string; unchangedShare: number; layers: { name: string }[] };
    expect(parsed).toMatchObject({ model: 'dense', unchangedShare: 1 });
    expect(parsed.layers.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5].map((stage) => `stage${stage}/relu`));
  });

  it('refuses a layer that is not there', async () => {
    const { code, stderr } = await invariance(['models', 'inspect', 'stride', '--layers', 'stage6/relu']);
    expect(code).toBe(2);
    expect(stderr).toContain('Unknown layer "stage6/relu". Did you mean "stage1/relu"');
  });
});
