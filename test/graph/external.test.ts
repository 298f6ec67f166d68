import { describe, expect, it } from 'vitest';
import { externalFiles, presentExternalFiles } from '../../src/graph/external.js';
import { decodeModel } from '../../src/graph/read.js';
import { IDENTITY, meanClassifier } from '../support/mean-classifier.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { folder, write } = temporaryFolder();
const weights = new Uint8Array(IDENTITY.buffer);
const asking = (external: string) => decodeModel(meanClassifier({ external }), 'm.onnx');

describe('external weights', () => {
  it('lists each file with the first tensor in it', () => {
    expect(externalFiles(asking('sub/w.bin'), '/models/m.onnx')).toEqual([
      { location: 'sub/w.bin', path: '/models/sub/w.bin', tensor: 'weights', needed: 36 },
    ]);
    expect(externalFiles(decodeModel(meanClassifier(), 'm.onnx'), '/models/m.onnx')).toEqual([]);
  });

  it.each(['../w.bin', 'sub/../../w.bin', '/etc/passwd', '..\\w.bin', 'C:\\w.bin'])('refuses %s', (location) => {
    expect(() => externalFiles(asking(location), 'm.onnx')).toThrow(
      /^Expected external weights inside the folder of m\.onnx but tensor "weights" asks for ".*"\. Such a path is refused: save the model with its weights beside it\.$/,
    );
  });

  it('names a missing file and its tensor', async () => {
    await expect(presentExternalFiles(asking('gone.bin'), `${folder}/m.onnx`)).rejects.toThrow(
      `The weights of ${folder}/m.onnx are missing: tensor "weights" lies in "gone.bin", which is not beside the model. Download or copy that file into the model's folder too.`,
    );
  });

  it('names a truncated file', async () => {
    write('short.bin', weights.subarray(0, 20));
    await expect(presentExternalFiles(asking('short.bin'), `${folder}/m.onnx`)).rejects.toThrow(
      `The weights of ${folder}/m.onnx are truncated: "short.bin" has 20 bytes and needs at least 36. Download or copy that file again.`,
    );
  });

  it('finds files that are there', async () => {
    write('w.bin', weights);
    await expect(presentExternalFiles(asking('w.bin'), `${folder}/m.onnx`)).resolves.toHaveLength(1);
  });
});
