// Converts a network of the zoo to TensorFlow.js, weight by weight, so that the same network can be measured on both engines.
//   npm run build && node zoo/to-tfjs.mjs MODEL layers|graph FOLDER
// MODEL is the name of one of the zoo's networks or the folder of one; FOLDER is made. What other operators than those
// of zoo/tensorflowjs/read.mjs compute isn't converted: the script says so and writes nothing.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { graphModel } from './tensorflowjs/graph.mjs';
import { layersModel } from './tensorflowjs/layers.mjs';
import { readNetwork } from './tensorflowjs/read.mjs';

const KINDS = { layers: layersModel, graph: graphModel };
const WEIGHTS = 'group1-shard1of1.bin';

const [name, kind, folder] = process.argv.slice(2);
if (folder === undefined || !(kind in KINDS)) {
  process.stderr.write('usage: node zoo/to-tfjs.mjs MODEL layers|graph FOLDER\n');
  process.exit(2);
}
const zoo = path.join(path.dirname(fileURLToPath(import.meta.url)), 'models');
const source = existsSync(path.join(zoo, name)) ? path.join(zoo, name) : name;
if (!existsSync(path.join(source, 'model.onnx'))) {
  const names = readdirSync(zoo).filter((each) => existsSync(path.join(zoo, each, 'model.onnx')));
  process.stderr.write(
    `error: Expected the name of a network of the zoo or a folder with model.onnx but received "${name}". Networks: ${names.join(', ')}.\n`,
  );
  process.exit(2);
}
const json = (file) => JSON.parse(readFileSync(path.join(source, file), 'utf8'));

const network = await readNetwork(path.join(source, 'model.onnx')).catch((error) => {
  process.stderr.write(`error: ${error.message}\n`);
  process.exit(2);
});
const { model, weights } = KINDS[kind](network);
const manifest = [
  { paths: [WEIGHTS], weights: weights.map(({ name, shape, values }) => ({ name, shape, dtype: typeOf(values) })) },
];
mkdirSync(folder, { recursive: true });
const write = (file, content) => writeFileSync(path.join(folder, file), content);
write('model.json', JSON.stringify({ ...model, convertedBy: 'zoo/to-tfjs.mjs', weightsManifest: manifest }));
write(WEIGHTS, Buffer.concat(weights.map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength))));
write('config.json', `${JSON.stringify({ ...json('config.json'), input_layout: 'NHWC' }, null, 2)}\n`);
write('preprocessor_config.json', readFileSync(path.join(source, 'preprocessor_config.json')));

function typeOf(values) {
  return values instanceof Int32Array ? 'int32' : 'float32';
}
