// npm run bench: the product's views/s beside bare loops in the same run, its memory, and where its time goes.
// Ratios are what counts: both sides are measured in turn, several times, and compared by their medians.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const shared = path.join(root, '..', 'shared', 'real');
const cli = path.join(root, 'dist', 'cli', 'main.js');
const workers = os.availableParallelism();
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const SECONDS = Number(process.env.SECONDS ?? 4);

/** ONLY=inside runs the section on layers alone. */
const onlyInside = process.env.ONLY === 'inside';

const real = existsSync(shared);
const models = real
  ? ['efficientnet-lite0', 'mobilenet-v1-0.5-160', 'mobilenet-v1-0.25-128'].map((name) =>
      path.join(shared, 'models', name),
    )
  : ['stride', 'maxpool', 'blurpool'].map((name) => path.join(root, 'zoo', 'models', name));
const images = real ? path.join(shared, 'imagenet', 'images') : path.join(root, 'fixtures', 'pictures');
if (!real)
  console.log('The models and pictures of ../shared are not there: measuring the zoo on the fixtures instead.\n');

const scratch = mkdtempSync(path.join(os.tmpdir(), 'invariance-bench-'));
try {
  console.log(
    `${os.cpus()[0].model.trim()}, ${workers} cores, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
  );
  console.log(`${ROUNDS} rounds, medians; photographs decoded from JPEG; bare loops on prepared input\n`);
  if (!onlyInside) await beside();

  console.log('\nlooking inside (seconds of measuring; sums of the default layers with every view, 9 views a picture)');
  console.log(`${''.padEnd(24)} layers   plain   traced   ratio   with maps of 16 pictures   and the local error of 8`);
  for (const model of models) {
    const kinds = [
      [],
      ['--layers', '--map-pictures', '0', '--local-pictures', '0'],
      ['--layers', '--local-pictures', '0'],
      ['--layers'],
    ];
    const seconds = kinds.map(() => []);
    let layers = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, flags] of kinds.entries()) {
        const run = await productRun(model, images, flags);
        seconds[i].push(run.seconds);
        layers = Math.max(layers, run.layers);
      }
    }
    const [plain, traced, maps, local] = seconds.map(median);
    console.log(
      `${path.basename(model).padEnd(24)} ${String(layers).padStart(6)} ${plain.toFixed(2).padStart(7)} ${traced.toFixed(2).padStart(8)} ${(traced / plain).toFixed(2).padStart(7)} ${maps.toFixed(2).padStart(15)} ${local.toFixed(2).padStart(25)}`,
    );
  }

  if (!onlyInside) await memory();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Views/s beside bare loops, and where the workers' time goes. */
async function beside() {
  console.log('views/s                            product   bare workers   ratio   one session   ratio');
  for (const model of models) {
    for (const [title, flags] of [
      ['9 views a picture', []],
      ['81 views a picture', ['--path', 'grid', '--limit', '60']],
    ]) {
      const product = [];
      const bare = [];
      const single = [];
      for (let round = 0; round < ROUNDS; round++) {
        product.push((await productRun(model, images, flags)).rate);
        bare.push(await bareLoops(model, workers, 1));
        single.push(await bareLoops(model, 1, workers));
      }
      const [p, b, s] = [product, bare, single].map(median);
      console.log(
        `${`${path.basename(model)}, ${title}`.padEnd(42)} ${whole(p).padStart(6)} ${whole(b).padStart(12)} ${(p / b).toFixed(2).padStart(9)} ${whole(s).padStart(11)} ${(p / s).toFixed(2).padStart(9)}`,
      );
    }
  }

  console.log('\nwhere the time of the workers goes (seconds, summed over workers; 9 views a picture)');
  for (const model of models) {
    const { stages } = await productRun(model, images, []);
    const all = Object.values(stages).reduce((a, b) => a + b, 0);
    const parts = Object.entries(stages).map(
      ([name, seconds]) => `${name} ${seconds.toFixed(2)} (${Math.round((100 * seconds) / all)} %)`,
    );
    console.log(`${path.basename(model).padEnd(24)} ${parts.join(', ')}`);
  }
}

/** Peak memory against the number of pictures. */
async function memory() {
  console.log('\npeak memory (resident, MB)');
  const many = path.join(scratch, 'many');
  const files = readdirSync(images).filter((name) => /\.(jpe?g|png|webp)$/i.test(name));
  for (const count of [100, 2000]) {
    const folder = path.join(many, String(count));
    mkdirSync(folder, { recursive: true });
    for (let i = 0; i < count; i++) {
      const name = files[i % files.length];
      cpSync(path.join(images, name), path.join(folder, `${String(i).padStart(5, '0')}${path.extname(name)}`));
    }
    const { peak } = await productRun(models.at(-1), folder, []);
    console.log(`${String(count).padStart(5)} pictures   ${whole(peak / 1024)}`);
  }
}

/** One run of the product: views/s over its measuring time (starting workers and sessions included), memory, stages. */
async function productRun(model, pictures, flags) {
  const out = mkdtempSync(path.join(scratch, 'run-'));
  const peak = path.join(out, 'peak');
  const args = [
    'probe',
    '--shift',
    '1px',
    '--model',
    model,
    '--images',
    pictures,
    '--out',
    path.join(out, 'run'),
    '--no-report',
    '--quiet',
    '--json',
    ...flags,
  ];
  const memory = pathToFileURL(path.join(root, 'bench', 'peak-memory.mjs')).href;
  const text = await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', memory, cli, ...args], {
      env: { ...process.env, INVARIANCE_PEAK: peak },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`invariance ${args.join(' ')} ended with ${code}`)),
    );
  });
  const result = JSON.parse(text);
  const record = JSON.parse(readFileSync(path.join(out, 'run', 'run.json'), 'utf8'));
  const views = result.models[0].views.reduce((sum, view) => sum + view.pictures, 0);
  return {
    rate: views / record.seconds,
    seconds: record.seconds,
    layers: record.layers?.[0].layers.length ?? 0,
    stages: record.stages,
    peak: Number(readFileSync(peak, 'utf8')),
  };
}

/** Views/s of `count` bare workers with `threads` threads each, started together. */
async function bareLoops(model, count, threads) {
  const config = JSON.parse(readFileSync(path.join(model, 'config.json'), 'utf8'));
  const side = config.image_size;
  const pool = Array.from(
    { length: count },
    () =>
      new Worker(new URL('./bare-loop.mjs', import.meta.url), {
        workerData: {
          file: path.join(model, 'model.onnx'),
          input: config.input_name,
          shape: [1, 3, side, side],
          threads,
          seconds: SECONDS,
        },
      }),
  );
  const message = (worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await Promise.all(pool.map(message));
  const done = pool.map(message);
  for (const worker of pool) worker.postMessage('go');
  const results = await Promise.all(done);
  await Promise.all(pool.map((worker) => worker.terminate()));
  return results.reduce((sum, { views, seconds }) => sum + views / seconds, 0);
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function whole(value) {
  return Math.round(value).toLocaleString('en-US');
}
