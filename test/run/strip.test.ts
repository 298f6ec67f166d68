// Film strips: which layers, views and maps are shown, and that their pictures are those of the maps.
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { LayerMaps } from '../../src/core/layers.js';
import { stripLayers, stripRecorder, stripViews } from '../../src/run/strip.js';

const layer = (i: number, selected = true, operator = 'Conv') => ({
  name: `layer ${i}`,
  operator,
  channels: 3,
  rows: 4,
  columns: 4,
  factor: { y: 1, x: 1 },
  field: null,
  selected,
  depth: null,
});
const layers = (count: number) => [layer(0, true, 'picture'), ...Array.from({ length: count }, (_, i) => layer(i + 1))];

describe('what is shown', () => {
  it('is every selected layer but the picture where there are no more than eight', () => {
    const some = [...layers(4), layer(5, false)];
    expect(stripLayers({ layers: some, subsamplings: [] })).toEqual([1, 2, 3, 4]);
  });

  it('is the first, the last, those behind strides, and others evenly between', () => {
    const cuts = [5, 11].map((after) => ({ node: '', operator: '', before: after - 1, after, stageEnd: after }));
    const shown = stripLayers({ layers: layers(20), subsamplings: cuts });
    expect(shown).toHaveLength(8);
    expect(shown).toEqual([...shown].sort((a, b) => a - b));
    for (const kept of [1, 5, 11, 20]) expect(shown).toContain(kept);
  });

  it('is every view of a path, and nine of many', () => {
    const views = Array.from({ length: 81 }, (_, i) => i);
    expect(stripViews(views.slice(0, 17))).toHaveLength(17);
    expect(stripViews(views)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80]);
  });
});

/** Maps whose channel c has the value of `of(c)` at place (1, 2) and 0 elsewhere. */
const spot = (values: readonly number[]): LayerMaps => {
  const data = new Float32Array(values.length * 16);
  values.forEach((value, c) => (data[c * 16 + 6] = value));
  return { channels: values.length, rows: 4, columns: 4, data };
};

describe('a strip', () => {
  const views = [
    [10, 10, 1, 100],
    [20, 11, 1, 100],
    [30, 12, 9, 100],
  ];
  const made = async () => {
    const recorder = stripRecorder([0], [3, 4, 5], () => views.map((view) => Float32Array.from(view)));
    for (const view of views) recorder.add([spot(view)]);
    return recorder.strip();
  };

  it('shows the least steady, the middle and the steadiest of the louder half', async () => {
    const { layers: rows, views: shown } = await made();
    expect(shown).toEqual([3, 4, 5]);
    // Means 20, 11, 3.7 and 100: the median of four is the third, so 3.7 and 11 are too quiet.
    expect(rows[0]?.maps.map(({ channel, kind, deviation, sums }) => [channel, kind, deviation, sums])).toEqual([
      [0, 'least steady', 0.5, [10, 20, 30]],
      [3, 'steadiest', 0, [100, 100, 100]],
    ]);
  });

  it('has sheets with a cell a view, from the lowest value over all views to the highest', async () => {
    const [row] = (await made()).layers;
    const sheet = row?.maps[0]?.sheet.split(',')[1] ?? '';
    const { data, info } = await sharp(Buffer.from(sheet, 'base64'))
      .removeAlpha()
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, row?.width, row?.height]).toEqual([12, 4, 4, 4]);
    // Place (1, 2) of each of three cells of 4 × 4.
    expect([0, 1, 2].map((view) => data[12 + 4 * view + 2])).toEqual([85, 170, 255]);
    expect(data[0]).toBe(0);
  });

  it('averages large maps down by whole steps', async () => {
    const data = Float32Array.from({ length: 120 * 120 }, (_, i) => (Math.floor(i / 120) % 2 === 0 ? 2 : 0));
    const recorder = stripRecorder([0], [0], () => [Float32Array.of(1)]);
    recorder.add([{ channels: 1, rows: 120, columns: 120, data }]);
    const [row] = (await recorder.strip()).layers;
    expect([row?.width, row?.height]).toEqual([40, 40]);
  });

  it('leaves out a layer all of whose maps are silent', async () => {
    const recorder = stripRecorder([0], [0], () => [Float32Array.of(0)]);
    recorder.add([spot([0])]);
    expect((await recorder.strip()).layers).toEqual([]);
  });
});
