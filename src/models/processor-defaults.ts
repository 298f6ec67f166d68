// What the image processors of Hugging Face transformers do where preprocessor_config.json leaves a key out. Facts
// from their signatures (transformers 4.x, src/transformers/models/*/image_processing_*.py). Keys for which its
// versions disagree, or that saved files always hold, are left out: they are asked for.

/** Means and standard deviations by the names that transformers, timm and CLIP give them. */
export const IMAGENET_MEAN = [0.485, 0.456, 0.406] as const;
export const IMAGENET_STD = [0.229, 0.224, 0.225] as const;
export const CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073] as const;
export const CLIP_STD = [0.26862954, 0.26130258, 0.27577711] as const;
const HALF = [0.5, 0.5, 0.5] as const;

/** How a processor reads `size` given as one number, and what it makes of `crop_pct`. */
type Conventions = {
  /** One number means the shorter side, or both sides. */
  readonly numberIs: 'shortest-edge' | 'exact';
  /** "convnext": resize to size / crop_pct and crop to size below 384, else squash; "scale": resize to size / crop_pct. */
  readonly cropShare?: 'convnext' | 'scale';
  /** Factor on the shorter side's length. */
  readonly enlarge?: number;
};

export type ProcessorDefaults = Conventions & { readonly keys: Readonly<Record<string, unknown>> };

const BICUBIC = 3;
const BILINEAR = 2;
const square = (side: number): Readonly<Record<string, number>> => ({ height: side, width: side });
const mobileNet: ProcessorDefaults = {
  numberIs: 'shortest-edge',
  keys: {
    size: { shortest_edge: 256 },
    resample: BILINEAR,
    do_center_crop: true,
    crop_size: square(224),
    image_mean: HALF,
    image_std: HALF,
  },
};
const clip: ProcessorDefaults = {
  numberIs: 'shortest-edge',
  keys: {
    size: { shortest_edge: 224 },
    resample: BICUBIC,
    do_center_crop: true,
    crop_size: square(224),
    image_mean: CLIP_MEAN,
    image_std: CLIP_STD,
  },
};
const vit = (resample: number, mean: readonly number[], std: readonly number[]): ProcessorDefaults => ({
  numberIs: 'exact',
  keys: { size: square(224), resample, do_center_crop: false, image_mean: mean, image_std: std },
});

/** Defaults by processor, its name without "ImageProcessor", "ImageProcessorFast" or "FeatureExtractor". */
export const PROCESSORS: Readonly<Record<string, ProcessorDefaults>> = {
  ViT: vit(BILINEAR, HALF, HALF),
  Siglip: vit(BICUBIC, HALF, HALF),
  Pvt: vit(BILINEAR, IMAGENET_MEAN, IMAGENET_STD),
  Beit: { numberIs: 'exact', keys: { resample: BICUBIC, image_mean: HALF, image_std: HALF } },
  DeiT: {
    numberIs: 'exact',
    keys: {
      size: square(256),
      resample: BICUBIC,
      do_center_crop: true,
      crop_size: square(224),
      image_mean: HALF,
      image_std: HALF,
    },
  },
  Bit: clip,
  CLIP: clip,
  MobileNetV1: mobileNet,
  MobileNetV2: mobileNet,
  ConvNext: {
    numberIs: 'shortest-edge',
    cropShare: 'convnext',
    keys: {
      size: { shortest_edge: 384 },
      crop_pct: 224 / 256,
      resample: BILINEAR,
      do_center_crop: false,
      image_mean: HALF,
      image_std: HALF,
    },
  },
  PoolFormer: {
    numberIs: 'shortest-edge',
    cropShare: 'scale',
    keys: {
      size: { shortest_edge: 224 },
      crop_pct: 0.9,
      resample: BICUBIC,
      do_center_crop: true,
      crop_size: square(224),
      image_mean: IMAGENET_MEAN,
      image_std: IMAGENET_STD,
    },
  },
  Levit: {
    numberIs: 'shortest-edge',
    enlarge: 256 / 224,
    keys: {
      size: { shortest_edge: 224 },
      resample: BICUBIC,
      do_center_crop: true,
      crop_size: square(224),
      image_mean: IMAGENET_MEAN,
      image_std: IMAGENET_STD,
    },
  },
  EfficientNet: {
    numberIs: 'exact',
    keys: {
      size: square(346),
      do_center_crop: false,
      crop_size: square(289),
      rescale_offset: false,
      include_top: true,
      image_mean: HALF,
      image_std: HALF,
    },
  },
  MobileViT: {
    numberIs: 'shortest-edge',
    keys: {
      size: { shortest_edge: 224 },
      resample: BILINEAR,
      do_center_crop: true,
      crop_size: square(256),
      do_normalize: false,
      do_flip_channel_order: true,
    },
  },
};

/** "ConvNextImageProcessorFast" → "ConvNext". */
export function processorName(type: string): string {
  return type.replace(/(ImageProcessor|FeatureExtractor)(Fast|Pil)?$/, '');
}
