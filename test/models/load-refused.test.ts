// Every model that can't be measured, with the message it gets.
import { describe, expect, it } from 'vitest';
import { value } from '../../src/graph/build.js';
import { TensorProto_DataType as DataType } from '../../src/graph/onnx_pb.js';
import { loadModel, type LoadOptions } from '../../src/models/load.js';
import { meanClassifier } from '../support/mean-classifier.js';
import { modelFolders, names, preprocessor } from './model-folders.js';

const { loaded, messageOf } = modelFolders();

describe("models that can't be measured", () => {
  const good = meanClassifier();
  const grey = meanClassifier({ shape: ['N', 1, 4, 4] });
  const withInputs = (...more: string[]) =>
    meanClassifier({
      change: (parts) => ({
        ...parts,
        inputs: [...parts.inputs, ...more.map((name) => value(name, DataType.INT64, ['N', 'tokens']))],
      }),
    });
  const flat = meanClassifier({
    change: (parts) => ({ ...parts, inputs: [value('pixels', DataType.FLOAT, ['N', 48])] }),
  });
  const twoOutputs = meanClassifier({
    change: (parts) => ({ ...parts, outputs: [...parts.outputs, value('wide', DataType.FLOAT, ['N', 3])] }),
  });
  const wholeNumbers = meanClassifier({
    change: (parts) => ({ ...parts, outputs: [value('scores', DataType.INT64, ['N'])] }),
  });
  const none: Record<string, object> = {};

  it.each<[string, Record<string, Uint8Array | string | object>, LoadOptions, string]>([
    [
      'no preprocessing',
      { 'model.onnx': good },
      {},
      "How ./no preprocessing/model.onnx wants its pictures can't be found out: there is no preprocessor_config.json beside it. Say it with --preprocess imagenet|inception|clip|none|file.json.",
    ],
    [
      'unknown preprocessing',
      { 'model.onnx': good },
      { preprocess: 'imagnet' },
      'Unknown preprocessing "imagnet". Did you mean "imagenet"? Valid: imagenet, inception, clip, none, file.json.',
    ],
    [
      'missing preprocessing file',
      { 'model.onnx': good },
      { preprocess: './p.json' },
      "Expected a JSON file for --preprocess but ./p.json doesn't exist. Names: imagenet, inception, clip, none.",
    ],
    [
      'not a model',
      { 'model.onnx': '<html>' },
      {},
      'Expected an ONNX model in ./not a model/model.onnx but the file looks like an HTML page. The download saved a web page: download the file itself again.',
    ],
    [
      'no model',
      { 'config.json': none },
      {},
      'Expected a model in the folder ./no model but there is no model.onnx, no onnx/model.onnx, no other .onnx file and no model.json. Give the folder of a model in ONNX or TensorFlow.js format.',
    ],
    [
      'a SavedModel',
      { 'saved_model.pb': 'x', 'variables/variables.index': '' },
      {},
      'Expected a model in ONNX or TensorFlow.js format in the folder ./a SavedModel but saved_model.pb is a TensorFlow SavedModel. Convert it with tensorflowjs_converter --input_format=tf_saved_model --output_format=tfjs_graph_model, or to ONNX with tf2onnx.',
    ],
    [
      'a Keras file',
      { 'keras_model.h5': 'x', 'labels.txt': 'a' },
      {},
      'Expected a model in ONNX or TensorFlow.js format in the folder ./a Keras file but keras_model.h5 is a Keras model. Convert it with tensorflowjs_converter --input_format=keras, or to ONNX with tf2onnx.',
    ],
    [
      'a TensorFlow Lite file',
      { 'model.tflite': 'x' },
      {},
      'Expected a model in ONNX or TensorFlow.js format in the folder ./a TensorFlow Lite file but model.tflite is a TensorFlow Lite model. Convert the model that it was made from with tensorflowjs_converter or to ONNX.',
    ],
    [
      'several models',
      { 'a.onnx': good, 'onnx/b.onnx': good },
      {},
      'Expected one model in the folder ./several models but there are 2: a.onnx, onnx/b.onnx. Give the path of one of them.',
    ],
    [
      'three inputs',
      { 'model.onnx': withInputs('ids', 'mask') },
      {},
      'Expected a model with one image input but ./three inputs/model.onnx has 3: "pixels" [?, 3, 4, 4] float32, "ids" [?, ?] int64, "mask" [?, ?] int64. Export the image classifier alone.',
    ],
    [
      'no image input',
      { 'model.onnx': flat },
      {},
      'Expected an image input [batch, 3, height, width] or [batch, height, width, 3] but the only input of ./no image input/model.onnx is "pixels" [?, 48] float32. Export an image classifier.',
    ],
    [
      'double input',
      { 'model.onnx': meanClassifier({ type: DataType.DOUBLE }) },
      {},
      'Expected an input of float32, float16, uint8 but the input of ./double input/model.onnx is "pixels" [?, 3, 4, 4] float64. Export the model with one of these types.',
    ],
    [
      'grey',
      { 'model.onnx': grey },
      {},
      'Expected a model of colour pictures (3 channels) but the input of ./grey/model.onnx is "pixels" [?, 1, 4, 4] float32: one channel. Models of grey pictures can\'t be measured.',
    ],
    [
      'five channels',
      { 'model.onnx': meanClassifier({ shape: ['N', 5, 4, 4] }) },
      {},
      'Expected 3 channels in the input of ./five channels/model.onnx but it is "pixels" [?, 5, 4, 4] float32. Export the model with its number of channels fixed at 3.',
    ],
    [
      'two outputs',
      { 'model.onnx': twoOutputs },
      {},
      'Expected one output [batch, classes] but ./two outputs/model.onnx has 2 outputs: "scores" [?, 3] float32, "wide" [?, 3] float32. Say which holds the classes with --output-name NAME.',
    ],
    [
      'whole-number output',
      { 'model.onnx': wholeNumbers },
      {},
      'Expected an output of float32, float16, float64 but the output of ./whole-number output/model.onnx is "scores" [?] int64. Export the model with its class scores as output.',
    ],
    [
      'feature map',
      { 'model.onnx': meanClassifier({ outputShape: ['N', 3, 2, 2] }) },
      {},
      'Expected an output [batch, classes] but the output of ./feature map/model.onnx is "scores" [?, 3, 2, 2] float32. Export an image classifier.',
    ],
    [
      'sigmoid',
      { 'model.onnx': meanClassifier({ last: 'Sigmoid' }) },
      {},
      'Expected a model that chooses one class but the last node of ./sigmoid/model.onnx is Sigmoid: a probability of its own for every class. Export the model without it, or with Softmax.',
    ],
    [
      'missing weights',
      { 'model.onnx': meanClassifier({ external: 'w.bin' }) },
      {},
      'The weights of ./missing weights/model.onnx are missing: tensor "weights" lies in "w.bin", which is not beside the model. Download or copy that file into the model\'s folder too.',
    ],
    [
      'label count',
      { 'model.onnx': good, 'config.json': names('cat', 'dog') },
      { preprocess: 'none' },
      'Expected 3 labels in ./label count/config.json, one for each output of ./label count/model.onnx, but it names 2. Use the config.json of this model.',
    ],
    [
      'label keys',
      { 'model.onnx': good, 'config.json': { id2label: { 0: 'a', 2: 'b' } } },
      {},
      'Expected the indices 0 to 1 as keys of "id2label" in ./label keys/config.json but received "2". Mend the file.',
    ],
    [
      'broken JSON',
      { 'model.onnx': good, 'config.json': '{"id2label": ' },
      {},
      "Expected JSON in ./broken JSON/config.json but it can't be parsed: Unexpected end of JSON input. Mend the file.",
    ],
    [
      'JSON list',
      { 'model.onnx': good, 'config.json': '[1]' },
      {},
      'Expected a JSON object for ./JSON list/config.json but received [1] (array).',
    ],
    [
      'output key',
      { 'model.onnx': good, 'config.json': { output: 'scores' } },
      {},
      'Expected "logits" or "probabilities" for "output" in ./output key/config.json but received "scores".',
    ],
    [
      'other size',
      { 'model.onnx': good, 'preprocessor_config.json': { ...preprocessor, size: { height: 8, width: 8 } } },
      {},
      'Expected pictures of 4×4 for ./other size/model.onnx but preprocessor_config.json makes 8×8 (width×height). Use the preprocessing of this model, or --preprocess.',
    ],
  ])('%s', async (name, files, options, message) => {
    expect(await messageOf(loaded(name, files, options))).toBe(message);
  });

  it('names a path that is not there', async () => {
    expect(await messageOf(loadModel('nowhere'))).toBe(
      'Expected a model at nowhere but there is no such file or folder.',
    );
  });
});
