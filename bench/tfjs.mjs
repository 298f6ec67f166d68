// What TensorFlow.js costs beside onnxruntime: the same weights on every engine that is installed, in one worker and in one a
// core, in turn; classifiers alone, on input that was prepared beforehand.
//   npm run build && node bench/tfjs.mjs
// INVARIANCE_TFJS_NODE=PROJECT adds TensorFlow's own library, installed there by scripts/install-tfjs-node.sh.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const built = (file) => import(path.join(root, 'dist', file));

if (isMainThread) await main();
else await loop();

/** One worker: its own classifier, run for so many seconds. */
async function loop() {
  const { openClassifier } = await built('runtimes/registry.js');
  const { model, views, seconds } = workerData;
  const classifier = await openClassifier(model);
  const { width, height } = model.input;
  const input = Float32Array.from({ length: views * 3 * width * height }, (_, i) => Math.sin(i));
  for (let i = 0; i < 5; i++) await classifier.run(input, views);
  parentPort.postMessage('ready');
  await new Promise((resolve) => parentPort.once('message', resolve));
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < seconds * 1000) {
    await classifier.run(input, views);
    count += views;
  }
  parentPort.postMessage(count / ((performance.now() - start) / 1000));
  await classifier.close();
}

async function main() {
  const rounds = Number(process.env.ROUNDS ?? 3);
  const seconds = Number(process.env.SECONDS ?? 2);
  const cores = os.availableParallelism();
  const project = process.env.INVARIANCE_TFJS_NODE;
  if (project) process.chdir(project);
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'invariance-bench-'));
  try {
    const rivals = await rivalsIn(scratch, project, cores);
    console.log(
      `\n${os.cpus()[0].model.trim()}, ${cores} cores, Node ${process.versions.node}; ${rounds} rounds, medians`,
    );
    for (const views of [1, 4]) {
      const rates = rivals.map(() => []);
      for (let round = 0; round < rounds; round++) {
        for (const [i, rival] of rivals.entries()) rates[i].push(await rateOf(rival, views, seconds));
      }
      const [reference, ...medians] = [rates[0], ...rates].map(
        (all) => all.sort((a, b) => a - b)[Math.floor(rounds / 2)],
      );
      console.log(
        `\n${rivals[0].model.name}, ${views} ${views === 1 ? 'view' : 'views'} a call`.padEnd(71) + 'views/s   ratio',
      );
      for (const [i, { title }] of rivals.entries()) {
        console.log(
          `${title.padEnd(68)} ${Math.round(medians[i]).toLocaleString('en-US').padStart(8)} ${(medians[i] / reference).toFixed(2).padStart(7)}`,
        );
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The same weights in three files: the shared models, else a network of the zoo. */
function foldersOf(scratch) {
  const shared = path.join(root, '..', 'shared', 'real', 'models', 'mobilenet-v1-0.25-128');
  if (existsSync(shared)) return { onnx: shared, layers: `${shared}-tfjs-layers`, graph: `${shared}-tfjs-graph` };
  const made = ['layers', 'graph'].map((kind) => {
    const folder = path.join(scratch, kind);
    spawnSync(process.execPath, [path.join(root, 'zoo', 'to-tfjs.mjs'), 'stride', kind, folder], { stdio: 'inherit' });
    return folder;
  });
  return { onnx: path.join(root, 'zoo', 'models', 'stride'), layers: made[0], graph: made[1] };
}

async function rivalsIn(scratch, project, cores) {
  const { loadModel } = await built('models/load.js');
  const folders = foldersOf(scratch);
  const all = cores === 1 ? [1] : [1, cores];
  const workers = (count) => (count === 1 ? '1 worker' : `${count} workers`);
  const rivals = [];
  for (const [kind, backend] of [
    ['onnx', null],
    ['graph', 'wasm'],
    ['layers', 'wasm'],
    ...(project
      ? [
          ['graph', 'node'],
          ['layers', 'node'],
        ]
      : []),
  ]) {
    const model = await loadModel(folders[kind]);
    const runtime = backend === null ? 'onnxruntime-node' : `TensorFlow.js ${kind} model, ${backend}`;
    for (const count of backend === 'node' ? [1] : all) {
      rivals.push({
        title: `${runtime}, ${backend === 'node' ? "1 worker with the library's own threads" : workers(count)}`,
        model: backend === null ? model : { ...model, engine: { backend, runtime } },
        workers: count,
      });
    }
  }
  return rivals;
}

/** Views a second of all workers together, from when the last one is ready. */
async function rateOf({ model, workers }, views, seconds) {
  const all = Array.from(
    { length: workers },
    () => new Worker(new URL(import.meta.url), { workerData: { model, views, seconds } }),
  );
  const answers = () =>
    Promise.all(
      all.map((worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))),
    );
  const ended = Promise.all(all.map((worker) => new Promise((resolve) => worker.once('exit', resolve))));
  await answers();
  const rates = answers();
  for (const worker of all) worker.postMessage('go');
  const sum = (await rates).reduce((total, rate) => total + rate, 0);
  await ended;
  return sum;
}
