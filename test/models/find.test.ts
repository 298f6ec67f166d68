import { describe, expect, it } from 'vitest';
import { findModel, listZoo } from '../../src/models/find.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { folder, write } = temporaryFolder();
for (const name of ['stride', 'maxpool', 'bagnet', 'aps-blur']) write(`zoo/${name}/model.onnx`, 'x');
const zoo = `${folder}/zoo`;

describe('what stands after --model', () => {
  it('an embedded model by name', async () => {
    expect(await findModel('stride', zoo)).toEqual([{ name: 'stride', path: `${zoo}/stride` }]);
    expect((await listZoo(zoo)).map(({ name }) => name)).toEqual(['aps-blur', 'bagnet', 'maxpool', 'stride']);
  });

  it('"zoo": those of the default few that are there, in their order', async () => {
    expect((await findModel('zoo', zoo)).map(({ name }) => name)).toEqual(['stride', 'maxpool', 'aps-blur']);
  });

  it('a path', async () => {
    expect(await findModel(zoo, zoo)).toEqual([{ name: null, path: zoo }]);
    expect(await findModel('./stride', zoo)).toEqual([{ name: null, path: './stride' }]);
    expect(await findModel('gone.onnx', zoo)).toEqual([{ name: null, path: 'gone.onnx' }]);
  });

  it.each([
    ['file:///models/a.onnx', 'Write the path alone, without file://.'],
    ['gs://bucket/model.json', 'Download the model and give its path.'],
  ])('an address of another kind: %s', async (text, todo) => {
    await expect(findModel(text, zoo)).rejects.toThrow(
      `Expected a path, a name or a URL with http:// or https:// for --model but received "${text}". ${todo}`,
    );
  });

  it('neither: names the nearest', async () => {
    await expect(findModel('strides', zoo)).rejects.toThrow(
      'Unknown model "strides": no file or folder of that name, and no embedded model. Did you mean "stride"? Embedded: aps-blur, bagnet, maxpool, stride, zoo. Or give the path of an .onnx file or a model.json, or of a folder with one.',
    );
    await expect(findModel('zoo', `${folder}/none`)).rejects.toThrow(
      'Expected the embedded models of --model zoo but this installation has none.',
    );
  });
});
