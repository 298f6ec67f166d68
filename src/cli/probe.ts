// `invariance probe`: its options. What it does is loaded when it is called, so that help comes at once.
import { Command } from 'commander';
import type { ProbeOptions } from './actions/probe.js';
import { withEngineOptions } from './engine-options.js';
import { repeated, wholeNumber } from './options.js';

export function probeCommand(): Command {
  return withProbeOptions(
    new Command('probe').description('measure how far the answers of models change when the picture moves'),
  ).action(async (options: ProbeOptions) => (await import('./actions/probe.js')).probe(options));
}

/** The options that measuring commands share. */
export function withProbeOptions(command: Command): Command {
  return withEngineOptions(command)
    .option('--shift <Npx>', 'step between neighbouring views: 1px, 3px, or a fraction: 0.5px')
    .option(
      '--model <path|name>',
      'an .onnx file, a model.json of TensorFlow.js (also by its URL), a model folder, or a name of the zoo (`models list`); several for a comparison; NAME=PATH names one',
      repeated,
      [],
    )
    .option('--images <path>', 'a picture, a folder, a folder of class folders, or a CSV with file and label')
    .option(
      '--labels <csv>',
      'labels apart from the pictures: columns file and class_index, wnid or name; optional boxes; none = ignore those of class folders',
    )
    .option(
      '--preprocess <name|file>',
      'imagenet, inception, clip, none or a JSON file, in place of what the model folder says',
    )
    .option(
      '--surround <name>',
      'what enters: crop, cyclic, fill-mean, fill-black, fill-edge, fill-reflect, fill-inpaint, fill-telea, random-crop',
    )
    .option(
      '--path <names>',
      'diagonal, horizontal, vertical, random, random-pair, grid, map; random-pair:8 goes 8 px from the centre; several, comma-separated, are measured one after the other',
    )
    .option(
      '--canvas <pixels>',
      "shorter side that pictures are resized to before the crop (default: the model's own)",
      wholeNumber('--canvas', 1),
    )
    .option(
      '--object <pixels|fraction>',
      'object on filled surrounds: 150 (pixels) or 0.6 (of the input), of the whole picture; square:0.6 its centre square, box:0.6 its box',
    )
    .option(
      '--translate <range>',
      'the object (--object) moved over a filled canvas, as a map of positions: 16 (each way), -8..8x4 (every 4 pixels)',
    )
    .option('--fill <name>', 'with --translate: inpaint (default), telea, mean, black, edge, reflect')
    .option('--rotate <range>', 'the picture turned, degrees: 30 (each way), -15..15x31 (in 31 angles)')
    .option(
      '--scale <sizes>',
      'object size against accuracy: 0.25..2x8 (geometric steps), 0.5,1,2, or object:0.25..1x6 (the box as a share of the input)',
    )
    .option(
      '--scale-surround <name>',
      'with --scale: mean (default), black, edge, reflect, inpaint, real (what the picture has there), crop (only that)',
    )
    .option('--crop <box>', 'box: square crops round the largest box, moved pixel by pixel')
    .option('--crop-margin <share>', 'with --crop: added on each side of the box (10%)')
    .option('--crop-small <name>', 'with --crop: boxes smaller than the input: skip (default), widen, enlarge')
    .option(
      '--kernels [names]',
      'the same picture through every resize kernel, or those named: opencv-linear,tensorflow1-bilinear',
    )
    .option(
      '--frames <path>',
      'films in place of pictures: a folder of numbered pictures, a folder of films, or an animated GIF or WebP',
    )
    .option('--tta <changes>', 'what averaging over changed views buys and costs: shift:5,flip,scale:3')
    .option('--boxes <path>', 'boxes apart from the pictures: Pascal-VOC XML (a folder), COCO JSON or CSV')
    .option(
      '--remedy <names>',
      'each model also with a remedy, on the same views: means over shifts (grid2, grid4, quin8, lat8, shifts:0,0;1,0), aligned crops (align8, align16), selected crops (crops16), both (align16+grid4); comma-separated',
      repeated,
      [],
    )
    .option(
      '--corrupt <what>',
      'what each view goes through by itself after the shift: jpeg:90 (quality), noise:2 (standard deviation of 0…255)',
    )
    .option('--protocol <name|file>', 'a published protocol (`invariance protocols`) or a JSON file')
    .option('--repeat <n>', 'passes with new random numbers each', wholeNumber('--repeat', 1, 1000))
    .option('--seed <n>', 'seed of everything random', wholeNumber('--seed', 0))
    .option('--limit <n>', 'at most so many pictures, spread over the list', wholeNumber('--limit', 1))
    .option('--workers <n>', 'worker threads (default: one a core)', wholeNumber('--workers', 1, 1024))
    .option('--threads <n>', 'threads of each worker’s session', wholeNumber('--threads', 1, 1024), 1)
    .option('--shard <i/n>', 'measure only part i of n; `invariance report` joins the parts')
    .option('-o, --out <folder>', 'the run’s folder (default: reports/<name of the run>)')
    .option('--fresh', 'drop what the folder holds and start again')
    .option('--strict', 'stop at the first picture that can’t be used')
    .option(
      '--fail-if <expression>',
      'exit with 1 if it holds, e.g. "top1Change > 0.05" or "accuracy.low < 70%"; repeatable',
      repeated,
      [],
    )
    .option('--json', 'print result.json on standard output and nothing else')
    .option('--no-report', 'leave out the page, the figures and the Parquet file')
    .option('--quiet', 'no progress')
    .option(
      '--layers [all|glob|names]',
      'look inside the networks too: each block (default), all layers, a glob like "stage*/relu", or names, comma-separated',
    )
    .option(
      '--sum-tolerance <share>',
      'with --layers: a map whose global sum leaves its mean by more is not shiftable (20%)',
    )
    .option(
      '--maps <n>',
      'with --layers: so many maps of each layer, drawn by --seed (default: all)',
      wholeNumber('--maps', 1),
    )
    .option(
      '--map-pictures <n>',
      'with --layers: pictures whose whole maps are compared and drawn (16)',
      wholeNumber('--map-pictures', 0),
    )
    .option(
      '--local-pictures <n>',
      'with --layers: pictures whose local equivariance error is measured (8)',
      wholeNumber('--local-pictures', 0),
    );
}
