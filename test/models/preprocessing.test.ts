// Against the definitions of transformers' image processors and timm's transforms, worked out by hand.
import { describe, expect, it } from 'vitest';
import { huggingFacePreprocessing } from '../../src/models/huggingface.js';
import { askedPreprocessing, PREPROCESSINGS } from '../../src/models/preprocess.js';
import { kernelNamed } from '../../src/models/resize-kernels.js';
import { timmPreprocessing, timmSettings } from '../../src/models/timm.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { write } = temporaryFolder();

function found(content: Record<string, unknown>) {
  return huggingFacePreprocessing({ name: 'p.json', content }, 'p.json');
}

function geometry(content: Record<string, unknown>) {
  const { resize, crop } = found(content).preprocessing;
  return { resize, crop };
}

const half = { image_mean: 0.5, image_std: 0.5 };
const shortest = (size: number, kernel: string) => ({ to: 'shortest-edge', size, kernel });
const exact = (side: number, kernel: string) => ({ to: 'exact', width: side, height: side, kernel });
const square = (side: number) => ({ width: side, height: side });

describe('geometry of processors with every key left out', () => {
  it.each([
    ['ViTImageProcessor', exact(224, 'bilinear'), null],
    ['ViTFeatureExtractor', exact(224, 'bilinear'), null],
    ['DeiTImageProcessor', exact(256, 'bicubic'), square(224)],
    ['BitImageProcessor', shortest(224, 'bicubic'), square(224)],
    ['CLIPImageProcessorFast', shortest(224, 'bicubic'), square(224)],
    ['ConvNextImageProcessor', exact(384, 'bilinear'), null],
    ['MobileNetV1ImageProcessor', shortest(256, 'bilinear'), square(224)],
    ['MobileNetV2ImageProcessor', shortest(256, 'bilinear'), square(224)],
    ['MobileViTImageProcessor', shortest(224, 'bilinear'), square(256)],
    ['LevitImageProcessor', shortest(256, 'bicubic'), square(224)],
    ['PoolFormerImageProcessor', shortest(248, 'bicubic'), square(224)],
    ['SiglipImageProcessor', exact(224, 'bicubic'), null],
    ['PvtImageProcessor', exact(224, 'bilinear'), null],
  ])('%s', (image_processor_type, resize, crop) => {
    expect(geometry({ image_processor_type })).toEqual({ resize, crop });
  });

  it('EfficientNet, whose resample must be given', () => {
    expect(geometry({ image_processor_type: 'EfficientNetImageProcessor', resample: 0 })).toEqual({
      resize: exact(346, 'nearest'),
      crop: null,
    });
    expect(() => found({ image_processor_type: 'EfficientNetImageProcessor' })).toThrow(
      'Expected the key "resample" in p.json (the processor "EfficientNet" has no known default for it). Add it, or use --preprocess NAME|file.json.',
    );
  });
});

describe('geometry by its keys', () => {
  const convnext = { image_processor_type: 'ConvNextImageProcessor', resample: 3 };

  it('ConvNeXT resizes to size / crop_pct and crops below 384, and squashes from there on', () => {
    expect(geometry({ ...convnext, size: { shortest_edge: 224 } })).toEqual({
      resize: shortest(256, 'bicubic'),
      crop: square(224),
    });
    expect(geometry({ ...convnext, size: 288, crop_pct: 0.95, crop_size: 9 })).toEqual({
      resize: shortest(303, 'bicubic'),
      crop: square(288),
    });
    expect(geometry({ ...convnext, size: { shortest_edge: 384 }, crop_pct: 0.5 })).toEqual({
      resize: exact(384, 'bicubic'),
      crop: null,
    });
  });

  it('PoolFormer takes crop_pct for squares and rectangles', () => {
    const pool = { image_processor_type: 'PoolFormerImageProcessor', crop_pct: 0.9 };
    expect(geometry({ ...pool, size: { height: 180, width: 180 } }).resize).toEqual(shortest(200, 'bicubic'));
    expect(geometry({ ...pool, size: { height: 90, width: 180 } }).resize).toEqual({
      to: 'exact',
      width: 200,
      height: 100,
      kernel: 'bicubic',
    });
  });

  it('reads one number as the processor does', () => {
    expect(geometry({ image_processor_type: 'ViTFeatureExtractor', size: 384 }).resize).toEqual(exact(384, 'bilinear'));
    expect(geometry({ image_processor_type: 'CLIPFeatureExtractor', size: 336, crop_size: 336 })).toEqual({
      resize: shortest(336, 'bicubic'),
      crop: square(336),
    });
    expect(() => found({ image_processor_type: 'NewImageProcessor', size: 224, resample: 2, ...half })).toThrow(
      'Expected {"shortest_edge": 224} or {"height": 224, "width": 224} for "size" in p.json but received 224: what one number means depends on the processor, and "New" is not known here. Write it out.',
    );
  });

  it('honours do_resize and do_center_crop', () => {
    const bit = { image_processor_type: 'BitImageProcessor' };
    expect(geometry({ ...bit, do_resize: false })).toEqual({ resize: null, crop: square(224) });
    expect(geometry({ ...bit, do_center_crop: false }).crop).toBeNull();
    expect(geometry({ ...bit, crop_size: { height: 200, width: 100 } }).crop).toEqual({ height: 200, width: 100 });
    // null counts as left out, as in transformers' newer processors.
    expect(geometry({ ...bit, do_resize: null, crop_size: null })).toEqual(geometry(bit));
  });

  it('works without a processor where all keys are there', () => {
    const all = { size: { height: 8, width: 6 }, resample: 'bicubic', ...half };
    expect(geometry(all)).toEqual({ resize: { to: 'exact', width: 6, height: 8, kernel: 'bicubic' }, crop: null });
    expect(geometry({ ...all, size: { shortest_edge: 100 }, crop_pct: 0.8 })).toEqual({
      resize: shortest(125, 'bicubic'),
      crop: square(100),
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'longest edge',
      { size: { shortest_edge: 1, longest_edge: 2 } },
      'Expected a number, {"shortest_edge": …} or {"height": …, "width": …} for "size" in p.json but received {"shortest_edge":1,"longest_edge":2} (object). Sizes that depend on the picture (longest_edge) give no fixed input.',
    ],
    [
      'crop without sides',
      { do_center_crop: true, crop_size: { shortest_edge: 3 } },
      'Expected a number or {"height": …, "width": …} for "crop_size" in p.json but received {"shortest_edge":3} (object).',
    ],
    [
      'fraction of a pixel',
      { size: { shortest_edge: 10.5 } },
      'Expected a whole number of pixels above 0 for "size.shortest_edge" in p.json but received 10.5.',
    ],
    [
      'resample',
      { resample: 9 },
      'Unknown resize kernel in "resample" in p.json "9". Did you mean "0" or "1" or "2"? Valid: 0, 1, 2, 3, 4, 5, nearest, nearest-exact, lanczos, lanczos3, bilinear, bicubic, box, hamming.',
    ],
    [
      'mean',
      { image_mean: [0.5, 0.5] },
      'Expected a number or a list of three (red, green, blue) for "image_mean" in p.json but received [0.5,0.5] (array).',
    ],
    [
      'std of 0',
      { image_std: [1, 0, 1] },
      'Expected numbers above 0 for "image_std" in p.json but received [1,0,1] (array).',
    ],
    ['flag', { do_resize: 'yes' }, 'Expected true or false for "do_resize" in p.json but received "yes".'],
    ['factor', { rescale_factor: 0 }, 'Expected a number above 0 for "rescale_factor" in p.json but received 0.'],
  ])('refuses a wrong %s', (_, keys, message) => {
    expect(() => found({ image_processor_type: 'ViTImageProcessor', ...keys })).toThrow(message);
  });

  it('asks for keys by name where no processor is named', () => {
    expect(() => found({ size: { height: 8, width: 8 } })).toThrow(
      'Expected the key "resample" in p.json (no image_processor_type is given). Add it, or use --preprocess NAME|file.json.',
    );
  });
});

describe('values', () => {
  const values = (content: Record<string, unknown>) =>
    found({ image_processor_type: 'ViTImageProcessor', ...content }).preprocessing;

  it('rescales and normalises as asked', () => {
    expect(values({})).toMatchObject({
      scale: 1 / 255,
      offset: 0,
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
      channels: 'rgb',
    });
    expect(values({ do_rescale: false, do_normalize: false })).toMatchObject({
      scale: 1,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    });
    expect(values({ rescale_factor: 0.01, image_mean: [1, 2, 3], image_std: 2 })).toMatchObject({
      scale: 0.01,
      mean: [1, 2, 3],
      std: [2, 2, 2],
    });
  });

  it('EfficientNet divides by std a second time with include_top, and shifts with rescale_offset', () => {
    const efficient = {
      image_processor_type: 'EfficientNetImageProcessor',
      resample: 0,
      image_mean: 0.25,
      image_std: 0.5,
    };
    expect(values(efficient)).toMatchObject({ mean: [0.25, 0.25, 0.25], std: [0.25, 0.25, 0.25] });
    expect(values({ ...efficient, include_top: false })).toMatchObject({ std: [0.5, 0.5, 0.5] });
    expect(values({ ...efficient, do_normalize: false })).toMatchObject({ mean: [0, 0, 0], std: [0.5, 0.5, 0.5] });
    expect(values({ ...efficient, rescale_offset: true, rescale_factor: 1 / 127.5 }).offset).toBe(-1);
  });

  it('MobileViT wants blue first and no normalising', () => {
    expect(values({ image_processor_type: 'MobileViTImageProcessor' })).toMatchObject({
      channels: 'bgr',
      scale: 1 / 255,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    });
  });
});

describe('findings', () => {
  it('reports keys that are not applied and defaults that were filled in', () => {
    const { findings } = found({
      image_processor_type: 'ViTImageProcessor',
      resample: 3,
      do_pad: true,
      do_thumbnail: false,
      do_convert_rgb: true,
      crop_pct: 0.9,
    });
    expect(findings['preprocessing.ignored']).toBe('do_pad, crop_pct: keys that are not applied');
    expect(findings['preprocessing.defaults']).toBe(
      'size, do_center_crop, image_mean, image_std: left out, defaults of ViTImageProcessor',
    );
  });

  it('says that a crop was taken from crop_size alone', () => {
    const { findings, preprocessing } = found({ size: { shortest_edge: 8 }, crop_size: 6, resample: 2, ...half });
    expect(preprocessing.crop).toEqual(square(6));
    expect(findings['preprocessing.crop']).toBe('do_center_crop is left out; taken as true because crop_size is given');
  });
});

describe('resize kernels', () => {
  it("by Pillow's numbers and names", () => {
    expect([0, 1, 2, 3, 4, 5].map((number) => kernelNamed(number, 'x'))).toEqual([
      'nearest',
      'lanczos3',
      'bilinear',
      'bicubic',
      'box',
      'hamming',
    ]);
    expect(kernelNamed('PILImageResampling.LANCZOS', 'x')).toBe('lanczos3');
    expect(kernelNamed('InterpolationMode.BICUBIC', 'x')).toBe('bicubic');
  });
});

describe('timm', () => {
  const cfg = {
    input_size: [3, 224, 224],
    interpolation: 'bicubic',
    crop_pct: 0.9,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  };
  const timm = (settings: Record<string, unknown>, side: number | null = null) =>
    timmPreprocessing(
      timmSettings({ name: 'config.json', content: { pretrained_cfg: settings } }) ?? expect.fail('not timm'),
      side,
    );

  it('resizes the shorter side to floor(side / crop_pct), or squashes', () => {
    expect(timm(cfg).preprocessing).toMatchObject({
      resize: shortest(248, 'bicubic'),
      crop: square(224),
      scale: 1 / 255,
      mean: cfg.mean,
    });
    expect(timm({ ...cfg, crop_mode: 'squash', crop_pct: 1 }).preprocessing.resize).toEqual(exact(224, 'bicubic'));
    expect(timm({ ...cfg, crop_pct: undefined }).preprocessing.resize).toEqual(shortest(256, 'bicubic'));
  });

  it('uses the test size where the model has that input', () => {
    const both = { ...cfg, test_input_size: [3, 288, 288], test_crop_pct: 1 };
    expect(timm(both, 224).preprocessing.crop).toEqual(square(224));
    expect(timm(both, 288).preprocessing).toMatchObject({ resize: shortest(288, 'bicubic'), crop: square(288) });
  });

  it('refuses what has no fixed size', () => {
    expect(() => timm({ ...cfg, crop_mode: 'border' })).toThrow(
      'Expected "center" or "squash" for "crop_mode" in pretrained_cfg of config.json but received "border". Use --preprocess file.json to say what to do.',
    );
    expect(() => timm({ ...cfg, input_size: [1, 28, 28] })).toThrow(
      'Expected a list [3, height, width] for "input_size" in pretrained_cfg of config.json but received [1,28,28] (array).',
    );
  });
});

describe('--preprocess', () => {
  it.each([
    ['imagenet', 224, shortest(256, 'bilinear'), 224],
    ['imagenet', 160, shortest(183, 'bilinear'), 160],
    ['inception', 299, shortest(342, 'bilinear'), 299],
    ['clip', 336, shortest(336, 'bicubic'), 336],
  ])('%s at %d', async (name, side, resize, crop) => {
    const { preprocessing } = await askedPreprocessing(name, square(side));
    expect(preprocessing).toMatchObject({ source: `--preprocess ${name}`, resize, crop: square(crop) });
  });

  it('none leaves values as they are', async () => {
    const { preprocessing } = await askedPreprocessing('none', { width: 6, height: 8 });
    expect(preprocessing).toEqual({
      source: '--preprocess none',
      resize: { to: 'exact', width: 6, height: 8, kernel: 'bilinear' },
      crop: null,
      scale: 1,
      offset: 0,
      mean: [0, 0, 0],
      std: [1, 1, 1],
      channels: 'rgb',
    });
  });

  it('inception maps bytes to −1…1', () => {
    const { scale, mean, std } = PREPROCESSINGS['inception']?.make(square(299)) ?? expect.fail();
    expect([0, 255].map((value) => (value * scale - mean[0]) / std[0])).toEqual([-1, 1]);
  });

  it('reads a file in the form of preprocessor_config.json', async () => {
    const path = write('p.json', { image_processor_type: 'BitImageProcessor', size: { shortest_edge: 99 } });
    expect((await askedPreprocessing(path, null)).preprocessing).toMatchObject({
      source: `--preprocess ${path}`,
      resize: shortest(99, 'bicubic'),
    });
  });
});
