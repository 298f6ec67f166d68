// --corrupt and lists of paths: what they ask for, and what is refused.
import { describe, expect, test } from 'vitest';
import { protocolHash } from '../../src/core/protocol.js';
import { makeParts } from '../../src/probes/parts.js';
import { makeProtocol, parseProtocol } from '../../src/probes/protocol.js';

describe('corruption', () => {
  test('is in the protocol of every part, and in its file', async () => {
    const parts = await makeParts({ shift: '1px', corrupt: 'jpeg:90', flags: { rotate: '4' } });
    for (const { protocol } of parts) {
      expect(protocol.corruption).toEqual({ kind: 'jpeg', quality: 90, subsampling: '4:2:0', margin: 32 });
      expect(parseProtocol(JSON.stringify(protocol), 'p.json')).toEqual(protocol);
    }
    const short = '{"probe": {"name": "shift"}, "corruption": {"kind": "jpeg", "quality": 90}}';
    expect(protocolHash(parseProtocol(short, 'p.json'))).toBe(protocolHash(parts[0]!.protocol));
    expect((await makeProtocol({ corrupt: 'noise:0.5' })).corruption).toEqual({
      kind: 'noise',
      deviation: 0.5,
      margin: 32,
    });
    expect(() => parseProtocol(short.replace('90', '900'), 'p.json')).toThrow(
      'Expected a quality from 1 to 100 for p.json.corruption.quality but received 900.',
    );
  });

  test.each([
    ['jpeg', 'Expected a quality from 1 to 100, such as jpeg:90 for --corrupt jpeg but received "jpeg".'],
    ['jpeg:0', 'Expected a quality from 1 to 100, such as jpeg:90 for --corrupt jpeg'],
    ['jpeg:90.5', 'Expected a quality from 1 to 100, such as jpeg:90 for --corrupt jpeg'],
    ['noise:-1', 'Expected a standard deviation above 0, at most 128'],
    ['noise:0', 'Expected a standard deviation above 0, at most 128'],
    ['blur:3', 'Unknown corruption (--corrupt) "blur". Valid: jpeg:90, noise:2.'],
    ['', 'Unknown corruption (--corrupt) "".'],
  ])('%s is refused in words', async (corrupt, message) => {
    await expect(makeProtocol({ corrupt })).rejects.toThrow(message);
  });
});

describe('several paths', () => {
  test('are parts, the first the shift; passes are for the random ones', async () => {
    const parts = await makeParts({
      shift: '2px',
      path: 'diagonal,horizontal:6,random-pair:8',
      repeat: 3,
      canvas: 200,
    });
    expect(parts.map(({ name, protocol }) => [name, protocol.repeat, protocol.probe.options])).toEqual([
      ['shift', 1, expect.objectContaining({ path: 'diagonal', reach: 4, step: 2, canvas: 200 })],
      ['horizontal', 1, expect.objectContaining({ path: 'horizontal', reach: 3, step: 2, canvas: 200 })],
      ['random-pair', 3, expect.objectContaining({ path: 'random-pair', range: [-8, 8], canvas: 200 })],
    ]);
    const alone = await makeProtocol({ shift: '2px', canvas: 200 });
    expect(protocolHash(parts[0]!.protocol)).toBe(protocolHash(alone));
  });

  test.each([
    ['diagonal,diagonal', 'Expected every path of --path once but received "diagonal" twice. Leave one out.'],
    ['random:3', 'Expected random alone, which goes one step for --path but received "random:3".'],
    ['grid:x', 'Expected whole pixels from the centre behind the colon, such as "random-pair:8" for --path'],
    ['diagonl', 'Unknown path "diagonl". Did you mean "diagonal"?'],
    ['diagonal,', 'Unknown path ""'],
  ])('%s is refused in words', async (path, message) => {
    await expect(makeParts({ shift: '1px', path })).rejects.toThrow(message);
  });

  test('a line of half steps is refused', async () => {
    await expect(makeParts({ shift: '2px', path: 'diagonal:5' })).rejects.toThrow(
      'Expected a multiple of the step of 2 px behind the colon for --path but received "diagonal:5".',
    );
    await expect(makeParts({ shift: '1px', path: 'diagonal,horizontal', repeat: 2 })).rejects.toThrow(
      'nothing in it is random',
    );
  });
});
