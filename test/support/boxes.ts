// Boxes with a known distribution: for the fixtures (scripts/fixture-boxes.mjs) and for simulations.
import { randomFor } from '../../src/core/random.js';

export type MadeBox = {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly className: string;
  readonly xmin: number;
  readonly ymin: number;
  readonly xmax: number;
  readonly ymax: number;
};

/**
 * - `uniform`: heights uniform on (0, 1], each box anywhere in the picture with equal probability. Its centres are not
 *   uniform on the picture, since large boxes can't be near an edge: only the size-aware test knows.
 * - `specks`: boxes of 1 × 1 pixels anywhere: uniform in every sense but size.
 * - `centred`: as photographers do it: centres normal round the middle (standard deviation 12 % of the side), heights
 *   round 45 % of the picture.
 */
export type Bias = 'uniform' | 'specks' | 'centred';

/** `count` boxes of a class, one a picture of 500 × 400 pixels or the like. */
export function madeBoxes(bias: Bias, className: string, count: number, seed: number): MadeBox[] {
  const { uniform, below } = randomFor(seed, bias, className);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return Array.from({ length: count }, (_, i) => {
    const [width, height] = [400 + 50 * below(5), 320 + 40 * below(5)];
    const file = `${className}-${String(i).padStart(4, '0')}.jpg`;
    const made = (w: number, h: number, x: number, y: number): MadeBox => {
      const [xmin, ymin] = [Math.max(0, Math.min(width - w, x)), Math.max(0, Math.min(height - h, y))];
      return { file, width, height, className, xmin, ymin, xmax: xmin + w, ymax: ymin + h };
    };
    if (bias === 'specks') return made(1, 1, below(width), below(height));
    if (bias === 'uniform') {
      const [w, h] = [1 + below(Math.floor(0.8 * width)), 1 + below(height)];
      return made(w, h, below(width - w + 1), below(height - h + 1));
    }
    const h = Math.round(height * Math.min(0.95, Math.max(0.05, 0.45 + 0.15 * normal())));
    const w = Math.min(width, Math.round(h * (0.7 + 0.6 * uniform())));
    const x = Math.round(width * (0.5 + 0.12 * normal()) - w / 2);
    return made(w, h, x, Math.round(height * (0.5 + 0.12 * normal()) - h / 2));
  });
}

export const BOX_HEADER = 'file,width,height,class,xmin,ymin,xmax,ymax';

/** Rows of a CSV, without the header. */
export function boxRows(boxes: readonly MadeBox[]): string {
  return boxes
    .map(({ file, width, height, className, xmin, ymin, xmax, ymax }) =>
      [file, width, height, className, xmin, ymin, xmax, ymax].join(','),
    )
    .join('\n');
}

/** One picture's boxes as Pascal-VOC XML. */
export function vocXml(boxes: readonly MadeBox[]): string {
  const [first] = boxes as [MadeBox, ...MadeBox[]];
  const objects = boxes.map(
    ({ className, xmin, ymin, xmax, ymax }) =>
      `  <object>\n    <name>${className}</name>\n    <bndbox>\n      <xmin>${xmin}</xmin>\n      <ymin>${ymin}</ymin>\n      <xmax>${xmax}</xmax>\n      <ymax>${ymax}</ymax>\n    </bndbox>\n  </object>`,
  );
  return `<annotation>\n  <filename>${first.file}</filename>\n  <size>\n    <width>${first.width}</width>\n    <height>${first.height}</height>\n    <depth>3</depth>\n  </size>\n${objects.join('\n')}\n</annotation>\n`;
}

/** Boxes as COCO JSON, categories last as COCO has them, a line an entry. */
export function cocoJson(boxes: readonly MadeBox[]): string {
  const files = [...new Map(boxes.map((box) => [box.file, box])).values()];
  const names = [...new Set(boxes.map(({ className }) => className))];
  const lines = (entries: readonly unknown[]): string => entries.map((entry) => JSON.stringify(entry)).join(',\n');
  return `{"info":{},\n"images":[\n${lines(
    files.map(({ file, width, height }, id) => ({ id, file_name: file, width, height })),
  )}],\n"annotations":[\n${lines(
    boxes.map(({ file, className, xmin, ymin, xmax, ymax }, id) => ({
      id,
      image_id: files.findIndex((box) => box.file === file),
      category_id: names.indexOf(className) + 1,
      bbox: [xmin, ymin, xmax - xmin, ymax - ymin],
      iscrowd: 0,
    })),
  )}],\n"categories":[\n${lines(names.map((name, i) => ({ id: i + 1, name })))}]}\n`;
}

/** Eyes of faces as photographers take them: upright, near the upper middle, a fifth of the picture apart. */
export function eyeRows(count: number, seed: number): string {
  const { uniform } = randomFor(seed, 'eyes');
  return Array.from({ length: count }, (_, i) => {
    const apart = 60 + 80 * uniform();
    const [x, y] = [200 + 100 * uniform(), 130 + 60 * uniform()];
    const tilt = 20 * (uniform() - 0.5);
    const points = [x - apart / 2, y - tilt, x + apart / 2, y + tilt].map((value) => value.toFixed(1));
    return [`face-${String(i).padStart(3, '0')}.jpg`, 500, 400, 'face', ...points].join(',');
  }).join('\n');
}
