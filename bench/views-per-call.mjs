// What several views a call gain: one bare single-threaded session with one and with four views a call, in turn.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const ROUNDS = Number(process.env.ROUNDS ?? 3);
const SECONDS = Number(process.env.SECONDS ?? 4);
const folder = fileURLToPath(new URL('../../shared/real/models/', import.meta.url));
const models = ['efficientnet-lite0', 'mobilenet-v1-0.5-160', 'mobilenet-v1-0.25-128'];

if (existsSync(folder)) {
  console.log('\nviews/s of one bare thread              1 a call   4 a call   ratio');
  for (const name of models) {
    const single = [];
    const four = [];
    for (let round = 0; round < ROUNDS; round++) {
      single.push(await rate(path.join(folder, name), 1));
      four.push(await rate(path.join(folder, name), 4));
    }
    const [a, b] = [single, four].map((rates) => rates.sort((x, y) => x - y)[Math.floor(ROUNDS / 2)]);
    console.log(
      `${name.padEnd(38)} ${String(Math.round(a)).padStart(9)} ${String(Math.round(b)).padStart(10)} ${(b / a).toFixed(2).padStart(7)}`,
    );
  }
}

async function rate(model, views) {
  const { image_size: side, input_name: input } = JSON.parse(readFileSync(path.join(model, 'config.json'), 'utf8'));
  const worker = new Worker(new URL('./bare-loop.mjs', import.meta.url), {
    workerData: {
      file: path.join(model, 'model.onnx'),
      input,
      shape: [views, 3, side, side],
      threads: 1,
      seconds: SECONDS,
    },
  });
  const message = () => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await message();
  const done = message();
  worker.postMessage('go');
  const { views: count, seconds } = await done;
  await worker.terminate();
  return count / seconds;
}
