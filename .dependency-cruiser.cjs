// Imports go one way (docs/design.md): each rule says why it is there.
const room = (name) => `^src/${name}/`;
const only = (name, allowed, why) => ({
  name: `${name}-stands-on-${allowed.length ? allowed.join('-') : 'nothing'}`,
  severity: 'error',
  comment: why,
  from: { path: room(name) },
  to: { path: '^src/', pathNot: [room(name), ...allowed.map(room)] },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle means that two files are one concept, or that one of them is in the wrong room.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that nobody imports is dead.',
      from: {
        orphan: true,
        path: '^src/',
        pathNot: ['^src/(index|cli/main|run/worker)\\.ts$', '^src/report/browser/', '\\.d\\.ts$'],
      },
      to: {},
    },
    only('core', [], 'core holds the types that all rooms share: it would carry along whatever it imported.'),
    only('image', ['core'], 'Pixel functions are pure and know nothing of probes or models.'),
    only('probes', ['core', 'image'], 'A probe makes views and never sees a model: it must serve any runtime.'),
    only(
      'remedies',
      ['core', 'image'],
      'A remedy decides by pixels where a model looks and what is averaged: it must serve any model and any runtime.',
    ),
    only('graph', ['core'], 'Reading and rewriting graphs needs neither pictures nor a runtime.'),
    only(
      'tfjs',
      ['core', 'graph'],
      'Reading TensorFlow.js models needs no engine; their structure is told by ONNX graphs.',
    ),
    only(
      'models',
      ['core', 'graph', 'tfjs'],
      'What a model folder is can be told without running it; a runtime that models needed would be a cycle.',
    ),
    only(
      'runtimes',
      ['core', 'graph', 'tfjs', 'models'],
      'Runtimes run what models describe; pictures reach them as canvases.',
    ),
    only('pictures', ['core', 'dataset'], 'Listing pictures, labels and boxes needs neither pixels nor models.'),
    only(
      'dataset',
      ['core', 'metrics'],
      'What boxes say of a data set needs neither pixels nor models; their readers must serve probes too.',
    ),
    only('metrics', ['core'], 'Metrics are pure functions of observations: every figure can be tested from a literal.'),
    only(
      'report',
      ['core', 'metrics'],
      'A report is made from results alone: it must be possible to make it again years later.',
    ),
    only(
      'run',
      ['core', 'image', 'pictures', 'probes', 'remedies', 'graph', 'tfjs', 'models', 'runtimes', 'metrics', 'report'],
      'The run joins the rooms; the command line joins runs.',
    ),
    {
      name: 'nothing-imports-cli',
      severity: 'error',
      comment: 'Only the command line prints and exits: a library must do neither.',
      from: { path: '^src/(?!cli/)' },
      to: { path: room('cli') },
    },
    {
      name: 'metrics-and-report-touch-no-machine',
      severity: 'error',
      comment:
        'No files, clocks, networks or threads in metrics and report, so that a figure depends on its input alone; the page reads its own bundle in one place.',
      from: { path: '^src/(metrics|report)/', pathNot: '^src/report/bundle\\.ts$' },
      to: { path: '^(node:)?(fs|fs/promises|http|https|net|child_process|worker_threads|os)$' },
    },
    {
      name: 'runtimes-behind-the-seam',
      severity: 'error',
      comment: 'One seam to each engine: a second engine is a new file in runtimes, nothing else.',
      from: { path: '^src/', pathNot: ['^src/runtimes/', '^src/run/versions\\.ts$'] },
      to: { path: 'node_modules/(onnxruntime-node|@tensorflow)' },
    },
    {
      name: 'not-to-dev-dependencies',
      severity: 'error',
      comment: 'The package is installed without them.',
      from: { path: '^src/', pathNot: '^src/report/browser/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: "An import that can't be found fails only when it is reached.",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
