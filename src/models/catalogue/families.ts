// What the published models want done to a picture, family by family, each with where that is said. Where no source
// says it, or sources disagree and none was measured, it stays unknown: a guess would decide every number.
import type { Preprocessing } from '../../core/model.js';

/** How a family's pictures are prepared, or why that isn't known. */
export type PublishedPreprocessing = Omit<Preprocessing, 'source'> | { readonly unknown: string };

/** Models of one origin that are prepared alike. */
export type Family = {
  /** Names without the last "-N" (the opset). */
  readonly members: readonly string[];
  /** What it tells apart. */
  readonly task: 'ImageNet-1k' | 'ILSVRC2013 detection, 200 classes' | 'MNIST digits, grey pictures';
  readonly preprocessing: PublishedPreprocessing;
  /** Where the preprocessing is said, or where it was looked for. */
  readonly source: string;
  /** As the model zoo's page of the family states it. */
  readonly licence: string;
};

const SIDE = { width: 224, height: 224 };

/** Values 0…255, blue first, less the mean colour: what Caffe's models were trained on. */
const BGR_MEAN_ONLY = {
  scale: 1,
  offset: 0,
  mean: [103.939, 116.779, 123.68],
  std: [1, 1, 1],
  channels: 'bgr',
} as const satisfies Partial<Preprocessing>;

const CENTRE_OF_256 = {
  resize: { to: 'shortest-edge', size: 256, kernel: 'bilinear' },
  crop: SIDE,
} as const satisfies Partial<Preprocessing>;

/** As torchvision and Gluon: v/255, ImageNet's mean and standard deviation. */
const IMAGENET: PublishedPreprocessing = {
  ...CENTRE_OF_256,
  scale: 1 / 255,
  offset: 0,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  channels: 'rgb',
};

/** The whole picture squeezed to 224×224, then Caffe's values. Pillow's default kernel is bicubic since 7.0. */
const SQUEEZED_BGR: PublishedPreprocessing = {
  resize: { to: 'exact', ...SIDE, kernel: 'bicubic' },
  crop: null,
  ...BGR_MEAN_ONLY,
};

const README = 'github.com/onnx/models validated/vision/classification';
const MEASURED = 'github.com/intel/neural-compressor examples/onnxrt/image_recognition/onnx_model_zoo';
const OPENVINO = 'github.com/openvinotoolkit/open_model_zoo models/public';

export const FAMILIES: readonly Family[] = [
  {
    members: [
      ...['resnet18-v1', 'resnet34-v1', 'resnet50-v1', 'resnet101-v1', 'resnet152-v1'],
      ...['resnet18-v2', 'resnet34-v2', 'resnet50-v2', 'resnet101-v2', 'resnet152-v2'],
    ],
    task: 'ImageNet-1k',
    preprocessing: IMAGENET,
    source: `${README}/resnet/README.md, "Preprocessing"`,
    licence: 'Apache-2.0',
  },
  {
    members: ['vgg16', 'vgg16-bn', 'vgg19', 'vgg19-bn'],
    task: 'ImageNet-1k',
    preprocessing: IMAGENET,
    source: `${README}/vgg/README.md, "Preprocessing", and imagenet_preprocess.py (MXNet's models)`,
    licence: 'Apache-2.0',
  },
  {
    members: ['mobilenetv2'],
    task: 'ImageNet-1k',
    preprocessing: IMAGENET,
    source: `${README}/mobilenet/README.md, "Preprocessing", and imagenet_preprocess.py`,
    licence: 'Apache-2.0',
  },
  {
    members: ['squeezenet1.1'],
    task: 'ImageNet-1k',
    preprocessing: IMAGENET,
    source: `${README}/squeezenet/README.md, "Preprocessing", and imagenet_preprocess.py (MXNet's model)`,
    licence: 'Apache-2.0',
  },
  {
    members: ['shufflenet-v2'],
    task: 'ImageNet-1k',
    preprocessing: IMAGENET,
    source: `${README}/shufflenet/README.md, "Preprocessing steps"`,
    licence: 'BSD-3-Clause',
  },
  {
    members: ['efficientnet-lite4'],
    task: 'ImageNet-1k',
    preprocessing: {
      ...CENTRE_OF_256,
      scale: 1,
      offset: 0,
      mean: [127, 127, 127],
      std: [128, 128, 128],
      channels: 'rgb',
    },
    source: `${README}/efficientnet-lite4/README.md, "Preprocessing steps": 224/0.875 = 256, centre crop, (v − 127)/128`,
    licence: 'MIT',
  },
  {
    members: ['bvlcalexnet'],
    task: 'ImageNet-1k',
    preprocessing: SQUEEZED_BGR,
    source: `${README}/alexnet/README.md refers to ${MEASURED}/alexnet/quantization/ptq_static/main.py`,
    licence: 'BSD-3-Clause',
  },
  {
    members: ['caffenet'],
    task: 'ImageNet-1k',
    preprocessing: SQUEEZED_BGR,
    source: `${MEASURED}/caffenet/quantization/ptq_static/main.py; accuracy with it: github.com/onnx/models pull 571`,
    licence: 'BSD-3-Clause',
  },
  {
    members: ['googlenet'],
    task: 'ImageNet-1k',
    preprocessing: SQUEEZED_BGR,
    source: `${README}/inception_and_googlenet/googlenet/README.md, "Pre-processing steps"`,
    licence: 'BSD-3-Clause',
  },
  {
    members: ['inception-v1'],
    task: 'ImageNet-1k',
    preprocessing: SQUEEZED_BGR,
    source: `${README}/inception_and_googlenet/inception_v1/README.md refers to ${MEASURED}/inception/quantization/ptq_static/main.py`,
    licence: 'MIT',
  },
  {
    members: ['zfnet512'],
    task: 'ImageNet-1k',
    preprocessing: SQUEEZED_BGR,
    source: `${MEASURED}/zfnet/quantization/ptq_static/main.py`,
    licence: 'MIT',
  },
  {
    members: ['squeezenet1.0'],
    task: 'ImageNet-1k',
    preprocessing: SQUEEZED_BGR,
    source: `${README}/squeezenet/README.md refers to ${MEASURED}/squeezenet/quantization/ptq_static/main.py for this one (Caffe2); with the README's own steps, meant for 1.1, it answers wrongly: github.com/onnx/models issues 199 and 659. By its layers it is SqueezeNet 1.1: issue 578`,
    licence: 'Apache-2.0',
  },
  {
    members: ['vgg19-caffe2'],
    task: 'ImageNet-1k',
    preprocessing: { ...CENTRE_OF_256, ...BGR_MEAN_ONLY },
    source: `${OPENVINO}/vgg19-caffe2: model.yml and accuracy-check.yml, measured on the Caffe2 model that this one was converted from`,
    licence: 'Apache-2.0',
  },
  {
    members: ['resnet50-caffe2-v1'],
    task: 'ImageNet-1k',
    preprocessing: {
      ...CENTRE_OF_256,
      scale: 1,
      offset: 0,
      mean: [103.53, 116.28, 123.675],
      std: [57.375, 57.12, 58.395],
      channels: 'bgr',
    },
    source: `${OPENVINO}/resnet-50-caffe2: model.yml and accuracy-check.yml, measured on the Caffe2 model that this one was converted from; an early README of the model zoo says mean 128, std 128 without a measurement`,
    licence: 'Apache-2.0',
  },
  {
    members: ['densenet'],
    task: 'ImageNet-1k',
    preprocessing: {
      ...CENTRE_OF_256,
      scale: 1,
      offset: 0,
      mean: [103.94, 116.78, 123.68],
      std: [58.8235294, 58.8235294, 58.8235294],
      channels: 'bgr',
    },
    source: `${OPENVINO}/densenet-121-caffe2: accuracy-check.yml, measured on the Caffe2 model that this one was converted from; the model zoo's 60.96 % is with red first`,
    licence: 'MIT',
  },
  {
    members: ['inception-v2'],
    task: 'ImageNet-1k',
    preprocessing: {
      unknown:
        'no source says it, nobody reports a run that reaches its accuracy, and its classes may be in another order',
    },
    source: `${README}/inception_and_googlenet/inception_v2/README.md; github.com/onnx/models issues 86, 210 and 471`,
    licence: 'MIT',
  },
  {
    members: ['shufflenet'],
    task: 'ImageNet-1k',
    preprocessing: {
      unknown:
        "the README's steps were written for ShuffleNet v2, and nobody reports this model's accuracy with them (to try them: --preprocess imagenet)",
    },
    source: `${README}/shufflenet/README.md; github.com/onnx/models issue 123`,
    licence: 'BSD-3-Clause',
  },
  {
    members: ['rcnn-ilsvrc13'],
    task: 'ILSVRC2013 detection, 200 classes',
    preprocessing: { unknown: 'it scores cut-out regions of a detector, and no source says how they are prepared' },
    source: `${README}/rcnn_ilsvrc13/README.md; github.com/onnx/models issue 471`,
    licence: 'BSD-3-Clause',
  },
  {
    members: ['mnist'],
    task: 'MNIST digits, grey pictures',
    preprocessing: { unknown: 'it takes grey pictures of one channel, which can’t be measured here' },
    source: `${README}/mnist/README.md, "Preprocessing"`,
    licence: 'MIT',
  },
];

/**
 * Published top-1 accuracies, fraction of ImageNet-1k's validation pictures: the tables of the READMEs above; for
 * efficientnet-lite4 what its README reports for this file at 224 pixels; for caffenet-12 pull request 571; for Caffe2's
 * models (resnet50-caffe2, vgg19-caffe2, densenet) Open Model Zoo's accuracy-check.yml.
 */
export const PUBLISHED_TOP1: Readonly<Record<string, number>> = {
  'resnet18-v1-7': 0.6993,
  'resnet34-v1-7': 0.7373,
  'resnet50-v1-7': 0.7493,
  'resnet50-v1-12': 0.7497,
  'resnet101-v1-7': 0.7648,
  'resnet152-v1-7': 0.7711,
  'resnet18-v2-7': 0.697,
  'resnet34-v2-7': 0.7336,
  'resnet50-v2-7': 0.7581,
  'resnet101-v2-7': 0.7742,
  'resnet152-v2-7': 0.782,
  'resnet50-caffe2-v1-9': 0.7638,
  'vgg16-7': 0.7262,
  'vgg16-bn-7': 0.7271,
  'vgg19-7': 0.7372,
  'vgg19-bn-7': 0.7383,
  'vgg19-caffe2-9': 0.71062,
  'mobilenetv2-7': 0.7094,
  'squeezenet1.0-12': 0.5685,
  'squeezenet1.1-7': 0.5634,
  'shufflenet-v2-10': 0.6936,
  'efficientnet-lite4-11': 0.777,
  'bvlcalexnet-12': 0.548,
  'caffenet-12': 0.5627,
  'googlenet-12': 0.6778,
  'inception-v1-12': 0.6723,
  'densenet-12': 0.74904,
};
