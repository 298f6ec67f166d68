// Options in their normal form, the texts of flags, and the message of everything that is wrong with them.
import { describe, expect, test } from 'vitest';
import { normaliseShiftOptions } from '../../src/probes/shift/options.js';
import { parseObject, parseStep, parseTranslateFlag } from '../../src/probes/shift/flags.js';
import { findProbe } from '../../src/probes/registry.js';
import { frameOf } from './frames.js';
import { messageOf } from '../support/message-of.js';

describe('normal form', () => {
  test('every default is written out', () => {
    const common = { step: 1, repeat: 1 };
    const line = { path: 'diagonal', reach: 4, order: 'ascending' };
    expect(normaliseShiftOptions({})).toEqual({ surround: 'crop', canvas: 'model', ...line, ...common });
    expect(normaliseShiftOptions({ surround: 'fill-mean', path: 'random' })).toEqual({
      surround: 'fill-mean',
      object: { of: 'picture', size: { share: 0.625 } },
      anchor: 'centre',
      path: 'random',
      ...common,
    });
    expect(normaliseShiftOptions({ surround: 'random-crop', path: 'map' })).toEqual({
      surround: 'random-crop',
      share: 0.7,
      aspect: [0.75, 4 / 3],
      margin: 10,
      path: 'map',
      positions: 9,
      ...common,
    });
    expect(normaliseShiftOptions({ path: 'grid', step: 3 })).toMatchObject({ range: [-12, 12] });
    expect(normaliseShiftOptions({ step: 0.5 })).toMatchObject({ step: 0.5, interpolation: 'bilinear' });
    expect(normaliseShiftOptions({ step: 0.5, surround: 'cyclic' })).toMatchObject({ interpolation: 'fourier' });
    expect(normaliseShiftOptions({ path: 'map', range: [-3, 4] })).toMatchObject({ range: [-3, 4], positions: 9 });
  });
  test('it is its own normal form', () => {
    for (const surround of ['crop', 'cyclic', 'fill-edge', 'fill-telea', 'random-crop']) {
      for (const [path, step] of [
        ['horizontal', 1],
        ['random', 0.5],
        ['random-pair', 1],
        ['grid', 0.1],
        ['map', 2],
      ]) {
        const options = normaliseShiftOptions({ surround, path, step });
        expect(normaliseShiftOptions(JSON.parse(JSON.stringify(options)))).toEqual(options);
      }
    }
  });
});

describe('wrong options', () => {
  test.each<[unknown, string]>([
    [
      { surround: 'croop' },
      'Unknown surround "croop". Did you mean "crop"? Valid: crop, cyclic, fill-mean, fill-black, fill-edge, fill-reflect, fill-inpaint, fill-telea, random-crop.',
    ],
    [
      { path: 'diagnal' },
      'Unknown path "diagnal". Did you mean "diagonal"? Valid: diagonal, horizontal, vertical, random, random-pair, grid, map.',
    ],
    [{ step: 0 }, 'Expected a number of pixels, 0.001 or more for shift options.step but received 0.'],
    [
      { interpolation: 'fourier' },
      '"interpolation" has no meaning with a step of 1 px: whole shifts are exact copies. Leave it out or take a fraction such as 0.5.',
    ],
    [{ step: 0.5, interpolation: 'cubic' }, 'Unknown interpolation "cubic". Valid: fourier, bilinear.'],
    [
      { phase: 0.5 },
      '"phase" has no meaning with surround crop and path diagonal; it goes with grid. Leave it out or choose one of these.',
    ],
    [{ stepp: 1 }, 'Expected no other keys for shift options but received "stepp". Remove that key.'],
    [
      { canvas: 'big' },
      'Expected whole pixels (4 or more), "model" or {"ratio": [256, 224]} for shift options.canvas but received "big".',
    ],
    [
      { surround: 'fill-mean', canvas: 256 },
      '"canvas" has no meaning with surround fill-mean and path diagonal; it goes with crop, cyclic. Leave it out or choose one of these.',
    ],
    [{ path: 'grid', range: [3, -3] }, 'Expected the lower number first for range but received [3, -3]. Swap them.'],
    [
      { repeat: 5 },
      'Expected repeat 1 for surround crop with path diagonal but received 5: nothing in it is random, so every pass would be the same. Leave --repeat out.',
    ],
    [[], 'Expected an object for shift options but received [] (array).'],
    [
      { surround: 'random-crop', share: 0 },
      'Expected a share above 0, at most 1 for shift options.share but received 0.',
    ],
  ])('%j', (input, message) => {
    expect(messageOf(() => normaliseShiftOptions(input))).toBe(message);
  });
});

describe('--shift', () => {
  test.each([
    ['1px', 1],
    ['3px', 3],
    ['+12px', 12],
    [' 2 PX ', 2],
    ['0.5px', 0.5],
    ['0,25px', 0.25],
    ['1.5px', 1.5],
  ])('%s', (text, step) => expect(parseStep(text)).toBe(step));

  test.each([
    ['1', 'Expected a number with its unit for --shift but received "1". Write "1px".'],
    [
      '-1px',
      'Expected a step above 0px for --shift but received "-1px". Paths run both ways from the centre; write "1px".',
    ],
    [
      '0px',
      'Expected a step above 0px for --shift but received "0px". Paths run both ways from the centre; write "1px".',
    ],
    [
      '0.0005px',
      'Expected a step of 0.001px or more for --shift but received "0.0005px". Smaller ones drown in rounding; write "0.1px".',
    ],
    ['px', 'Expected a number before the unit, such as "1px" for --shift but received "px". Write "1px".'],
    ['1pxx', 'Expected the unit px for --shift but received "1pxx". Write "1px".'],
    ['2%', 'Expected the unit px for --shift but received "2%". Write "2px".'],
    ['', 'Expected a number before the unit, such as "1px" for --shift but received "". Write "1px".'],
    ['one pixel', 'Expected a number of pixels such as "1px" for --shift but received "one pixel". Write "1px".'],
    ['1-2px', 'Expected a number of pixels such as "1px" for --shift but received "1-2px". Write "1px".'],
  ])('"%s"', (text, message) => expect(messageOf(() => parseStep(text))).toBe(message));
});

describe('--object', () => {
  test.each([
    ['140', { of: 'picture', size: { pixels: 140 } }],
    ['140px', { of: 'picture', size: { pixels: 140 } }],
    ['0.625', { of: 'picture', size: { share: 0.625 } }],
    ['1.0', { of: 'picture', size: { share: 1 } }],
    ['square:.5', { of: 'centre-square', size: { share: 0.5 } }],
    ['box:64', { of: 'box', size: { pixels: 64 } }],
  ])('%s', (text, object) => expect(parseObject(text)).toEqual(object));

  test.each(['', 'half', '1.5', '0.0', '-4', '50%', 'mask:4'])('"%s"', (text) => {
    expect(messageOf(() => parseObject(text))).toMatch(
      /^Expected pixels \("140"\) or a share of the model's input \("0\.625"\).* but received /,
    );
  });
  test('a size of 1 is asked back: 1 px or all of it?', () => {
    expect(messageOf(() => parseObject('1'))).toBe(
      'Expected at least 4 pixels, or a share with a decimal point such as "1.0" for --object but received "1".',
    );
  });
});

describe('--translate', () => {
  const whole = { path: 'map', positions: 9 };
  test.each([
    ['16', { ...whole, range: [-16, 16] }],
    [' 8px ', { ...whole, range: [-8, 8] }],
    ['-8..8x4', { path: 'grid', range: [-8, 8], step: 4 }],
    ['-20..10', { ...whole, range: [-20, 10] }],
    ['+3..+12x3px', { path: 'grid', range: [3, 12], step: 3 }],
  ])('%s', (text, options) => expect(parseTranslateFlag(text)).toEqual({ surround: 'fill-inpaint', ...options }));
  test('with a fill and an object', () => {
    expect(parseTranslateFlag('4', 'telea', 'box:0.5')).toMatchObject({
      surround: 'fill-telea',
      object: { of: 'box', size: { share: 0.5 } },
    });
  });
  const what =
    'Expected whole pixels each way such as "16", or a range with its step such as "-8..8x4" for --translate';
  test.each([
    ['', `${what} but received "". Write "16".`],
    ['0', `${what} but received "0". Write a number above 0.`],
    ['-4', `${what} but received "-4". Write a number above 0.`],
    ['0.5', `${what} but received "0.5". Write "16".`],
    ['8..-8', `${what} but received "8..-8". Write the lower number first.`],
    ['-8..8x0', `${what} but received "-8..8x0". Write a step of 1 pixel or more after the "x".`],
    ['-8..8x20', `${what} but received "-8..8x20". Write a step of at most 16 pixels.`],
    ['right', `${what} but received "right". Write "16".`],
  ])('"%s"', (text, message) => expect(messageOf(() => parseTranslateFlag(text))).toBe(message));
  test('an unknown fill', () => {
    expect(messageOf(() => parseTranslateFlag('16', 'inpain'))).toBe(
      'Unknown fill (--fill) "inpain". Did you mean "inpaint"? Valid: mean, black, edge, reflect, inpaint, telea.',
    );
  });
});

describe('room', () => {
  const message = (options: object, frame = frameOf(224, 256)) =>
    messageOf(() => {
      const probe = findProbe('shift');
      probe.check(probe.normalise(options), frame);
    });

  test.each<[object, string]>([
    [{ step: 4 }, 'no error'],
    [
      { step: 5 },
      "The shift goes 20 px from the centre (reach 4, step 5 px), but a canvas of 256 px leaves the model's input of 224x224 px 16 px of room. The largest step that fits is 4 px; take that or set --canvas to at least 264.",
    ],
    [{ step: 5, canvas: 264 }, 'no error'],
    [
      { canvas: 226 },
      "The shift goes 4 px from the centre (reach 4, step 1 px), but a canvas of 226 px leaves the model's input of 224x224 px 1 px of room. No step fits; set --canvas to at least 232.",
    ],
    [
      { canvas: 200 },
      "Expected a canvas of at least 224 px for --canvas but received 200 px: the model's input of 224x224 px is cut from it. Take a larger one.",
    ],
    [
      { path: 'grid', range: [-40, 2] },
      "The shift goes 40 px from the centre (path grid, step 1 px), but a canvas of 256 px leaves the model's input of 224x224 px 16 px of room. Take a range within [-16, 16] or set --canvas to at least 304.",
    ],
    [
      { surround: 'random-crop', step: 2 },
      "The shift goes 8 px from the centre (reach 4, step 2 px), but a random crop with a margin of 10 px leaves the model's input of 224x224 px 4 px of room. The largest step that fits is 1 px; take that.",
    ],
    [
      { surround: 'fill-black', step: 28 },
      "The shift goes 112 px from the centre (reach 4, step 28 px), but the object's middle must stay inside the model's input of 224x224 px, which allows 111 px. The largest step that fits is 27 px; take that.",
    ],
    [
      { surround: 'fill-black', path: 'map', object: { size: { share: 1 } } },
      "The path map needs at least two positions 1 px apart, but surround fill-black leaves the model's input of 224x224 px offsets from 0 to 0. Take a smaller step or a smaller --object.",
    ],
    [
      { surround: 'fill-black', object: { size: { pixels: 300 } } },
      "Expected an object of at most 224 px for --object but received 300 px: the model's input is 224x224 px. Take a smaller object.",
    ],
    [
      { surround: 'cyclic', step: 224 },
      'Expected a step of at most 223px for cyclic shifts of 224x224 px for --shift but received "224px". A roll by the whole side is no shift.',
    ],
    [{ surround: 'cyclic', step: 100 }, 'no error'],
    [{ step: 4, canvas: 256 }, 'no error'],
    [
      { step: 4.5 },
      "The shift goes 18 px from the centre (reach 4, step 4.5 px), but a canvas of 256 px leaves the model's input of 224x224 px 16 px of room. The largest step that fits is 4 px; take that or set --canvas to at least 260.",
    ],
    [
      { surround: 'fill-black', path: 'map', range: [-150, 150] },
      "The shift goes 150 px from the centre (path map, step 1 px), but the object's middle must stay inside the model's input of 224x224 px, which allows 111 px. Take a range within [-111, 111].",
    ],
  ])('%j', (options, expected) => expect(message(options)).toBe(expected));
});
