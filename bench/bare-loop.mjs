// The rival of the bench: a worker that does nothing but run a session on input that was prepared beforehand.
import { parentPort, workerData } from 'node:worker_threads';
import * as ort from 'onnxruntime-node';

const { file, input, shape, threads, seconds } = workerData;
const session = await ort.InferenceSession.create(file, {
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  executionMode: 'sequential',
});
const pixels = new Float32Array(shape.reduce((a, b) => a * b, 1)).map((_, i) => Math.sin(i));
const run = () => session.run({ [input]: new ort.Tensor('float32', pixels, shape) });
for (let i = 0; i < 5; i++) await run();
parentPort.postMessage('ready');
await new Promise((resolve) => parentPort.once('message', resolve));
const start = performance.now();
let views = 0;
while (performance.now() - start < seconds * 1000) {
  await run();
  views += shape[0];
}
parentPort.postMessage({ views, seconds: (performance.now() - start) / 1000 });
