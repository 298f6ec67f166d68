// The convergence test behind the step sizes of the local equivariance error: docs/layers.md holds its output.
//   npm run build && node scripts/local-steps.mjs [MODEL] [PICTURES]
import {
  auditGraph,
  decodePicture,
  defaultPictures,
  listPictures,
  makeProtocol,
  openModels,
  randomFor,
  readModel,
} from 'invariance';
import { planLocal } from '../dist/graph/local.js';
import { findProbe } from '../dist/probes/registry.js';
import { frameOf } from '../dist/run/measure.js';
import { LOCAL_STEPS, openLocal } from '../dist/runtimes/onnx-local.js';
import { cutWindow, prepareCanvas } from '../dist/runtimes/prepare.js';

const [where = 'stride', images = defaultPictures()] = process.argv.slice(2);
const COUNT = 6;
const SIZES = {
  curved: [1, 0.1, 0.01, 1e-3, 3e-4, 1e-4, 3e-5],
  whole: [0.1, 0.01, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5],
  push: [0.1, 0.01, 1e-3, 1e-4, 5e-5, 2e-5, 1e-5],
};

const [model] = await openModels([{ where }]);
const { model: onnx } = await readModel(model.path);
const plan = planLocal(onnx, auditGraph(onnx, { input: model.input }), model.output.name);
const protocol = await makeProtocol({ shift: '1px', surround: 'cyclic' });
const { entries } = await listPictures({ images });
const inputs = [];
for (let i = 0; i < COUNT; i++) inputs.push(await centralView(entries[Math.floor((i * entries.length) / COUNT)]));

const usual = await measured({});
console.log(`${model.name}, ${COUNT} pictures; default sizes ${JSON.stringify(LOCAL_STEPS)}\n`);
console.log('step of       size      total    sum of steps   unexplained (median)   largest change of a step');
for (const [kind, sizes] of Object.entries(SIZES)) {
  for (const size of sizes) {
    const { total, steps, unexplained } = await measured({ [kind]: size });
    const sum = (list) => list.reduce((all, value) => all + value, 0);
    const shown = [total, sum(steps)].map((value) => value.toPrecision(4).padStart(10)).join('   ');
    const change = Math.max(
      ...steps.map((value, i) => (usual.steps[i] > 0.01 * sum(usual.steps) ? Math.abs(value / usual.steps[i] - 1) : 0)),
    );
    const mark = size === LOCAL_STEPS[kind] ? '  default' : '';
    console.log(
      `${kind.padEnd(8)} ${size.toExponential(0).padStart(9)} ${shown}   ${unexplained.toPrecision(2).padStart(15)}   ${change.toPrecision(2).padStart(18)}${mark}`,
    );
  }
}

/** Means over the pictures: total, each step, and the median of what is unexplained. */
async function measured(sizes) {
  const measurer = await openLocal(model, onnx, plan, 1, { ...LOCAL_STEPS, ...sizes });
  const found = [];
  for (const input of inputs) found.push(await measurer.measure(input));
  await measurer.close();
  const mean = (value) => found.reduce((all, one) => all + value(one), 0) / found.length;
  return {
    total: mean(({ total }) => total),
    steps: plan.steps.map((_, i) => mean(({ steps }) => steps[i].all)),
    unexplained: found.map(({ unexplained }) => unexplained).sort((a, b) => a - b)[Math.floor(found.length / 2)],
  };
}

/** The reference view as the model takes it. */
async function centralView({ id, path, boxes }) {
  const raster = await decodePicture(path, id);
  const probe = findProbe(protocol.probe.name);
  const generator = probe.views({ id, raster, boxes }, frameOf(model), protocol.probe.options, (...keys) =>
    randomFor(protocol.seed, ...keys),
  );
  const view = generator.next([]).value[4];
  const { width, height } = model.input;
  const input = new Float32Array(3 * width * height);
  cutWindow(prepareCanvas(view.canvas, model.input, model.preprocessing), view.x, view.y, view.wrap, input, 0);
  return input;
}
