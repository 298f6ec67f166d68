// Published values that a run's own may be looked at beside: only where the protocols are alike.
import type { Protocol } from '../core/protocol.js';
import { shiftOptions } from './words.js';

export type Published = {
  /** Where they stand. */
  readonly source: string;
  /** In what they differ from this run. */
  readonly caution: string;
  /** Values by metric. */
  readonly values: Readonly<Record<string, readonly { readonly name: string; readonly value: number }[]>>;
};

const SOURCE = 'Azulay & Weiss, JMLR 2019';
const values = (vgg: number, resnet: number, densenet: number): { name: string; value: number }[] => [
  { name: 'VGG16', value: vgg },
  { name: 'ResNet50', value: resnet },
  { name: 'DenseNet121', value: densenet },
];

const CROP: Published = {
  source: SOURCE,
  caution: 'other pictures, other crops',
  values: { top1Change: values(0.062, 0.061, 0.068), meanAbsoluteChange: values(0.038, 0.04, 0.045) },
};

const MEAN: Published = {
  source: SOURCE,
  caution: 'other pictures',
  values: { top1Change: values(0.18, 0.2, 0.19), meanAbsoluteChange: values(0.06, 0.086, 0.079) },
};

/** Classes of ImageNet, which the published values are about: fewer make another, easier or harder, question. */
const IMAGENET_CLASSES = 1000;

/**
 * Published values for one-pixel steps along the diagonal of a crop, or of a picture on the mean colour; else null.
 *
 * @param classes the fewest classes that a model of the run has
 */
export function publishedFor(protocol: Protocol, classes: number): Published | null {
  if (protocol.probe.name !== 'shift' || classes < IMAGENET_CLASSES) return null;
  const { surround, path, step } = shiftOptions(protocol) ?? {};
  if (path !== 'diagonal' || step !== 1) return null;
  return surround === 'crop' || surround === 'random-crop' ? CROP : surround === 'fill-mean' ? MEAN : null;
}
