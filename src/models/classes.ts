// Which index of a model's outputs a picture's label means: by index, WordNet id or name.
import { InputError, nearest } from '../core/errors.js';
import type { Model } from '../core/model.js';
import type { Label } from '../core/picture.js';
import { IMAGENET_CLASSES } from './imagenet-classes.js';

/** Share of names that must agree for a model's 1,000 classes to count as ImageNet's in their usual order. */
const AGREEMENT = 0.5;

type Classified = Pick<Model, 'name' | 'classes' | 'output'>;

/** Lower case, "_" as space, single spaces, NFC: how names are compared where they aren't equal outright. */
function folded(name: string): string {
  return name.normalize('NFC').toLowerCase().replaceAll('_', ' ').replace(/\s+/g, ' ').trim();
}

/** The names of a class: the whole text and each of its comma-separated synonyms. */
function synonyms(text: string): string[] {
  return [...new Set([text, ...text.split(',')].map(folded).filter((name) => name !== ''))];
}

type Names = {
  readonly exact: ReadonlyMap<string, readonly number[]>;
  readonly folded: ReadonlyMap<string, readonly number[]>;
};

function indexNames(classes: readonly string[]): Names {
  const [exact, loose] = [new Map<string, number[]>(), new Map<string, number[]>()];
  const add = (map: Map<string, number[]>, name: string, index: number): void => {
    const list = map.get(name);
    if (list) list.push(index);
    else map.set(name, [index]);
  };
  classes.forEach((text, index) => {
    add(exact, text, index);
    for (const name of synonyms(text)) add(loose, name, index);
  });
  return { exact, folded: loose };
}

/**
 * Offset of ImageNet's order in a model's outputs: 0 for its 1,000 classes, 1 where a background class comes first
 * (1,001 outputs, TensorFlow); null where the outputs aren't ImageNet's.
 */
export function imageNetOffset({ classes, output }: Pick<Model, 'classes' | 'output'>): 0 | 1 | null {
  if (output.classes !== 1000 && output.classes !== 1001) return null;
  const offset = output.classes === 1001 ? 1 : 0;
  if (classes === null) return offset;
  const agreeing = IMAGENET_CLASSES.filter(({ wnid, name }, index) => {
    const own = synonyms(classes[index + offset] ?? '');
    return own.includes(wnid) || own.includes(folded(name));
  });
  return agreeing.length >= AGREEMENT * 1000 ? offset : null;
}

/** The name of class `index` of a model for people: its own, else ImageNet's, else "class 7". */
export function className(model: Pick<Model, 'classes' | 'output'>, index: number): string {
  const own = model.classes?.[index];
  if (own !== undefined) return own;
  const offset = model.classes === null ? imageNetOffset(model) : null;
  const known = offset === null ? undefined : IMAGENET_CLASSES[index - offset]?.name.replaceAll('_', ' ');
  return known ?? `class ${index}`;
}

/**
 * How a model's labels are resolved; made once a model, then called once a picture.
 *
 * @returns a function from a label and the picture's id (for messages) to the index into the model's outputs; it
 *   throws an InputError that names picture, label and model where the model has no such class, or several
 */
export function classResolver(model: Classified): (label: Label, picture: string) => number {
  const offset = imageNetOffset(model);
  const ownNames = model.classes ?? (offset === null ? null : imageNetNames(offset));
  const names = ownNames === null ? null : indexNames(ownNames);
  const wnids = new Map(IMAGENET_CLASSES.map(({ wnid }, index) => [wnid, index]));

  const fail = (picture: string, label: string, why: string): InputError =>
    new InputError(`Picture "${picture}" is labelled ${label}, but ${why}`);

  const byName = (name: string, picture: string, shown: string): number => {
    if (ownNames === null || names === null) {
      throw fail(
        picture,
        shown,
        `model "${model.name}" has no class names. Put a config.json with "id2label" beside it, or label by class index.`,
      );
    }
    const found = names.exact.get(name) ?? names.folded.get(folded(name)) ?? [];
    const [index] = found;
    if (index !== undefined && found.length === 1) return index;
    if (found.length > 1) {
      const several = found.map((each) => `${each} ("${ownNames[each] ?? ''}")`).join(' and ');
      throw fail(
        picture,
        shown,
        `model "${model.name}" has several classes of that name: ${several}. Label by class index or WordNet id.`,
      );
    }
    const near = nearest(name, [...new Set(ownNames.flatMap((text) => text.split(',').map((part) => part.trim())))]);
    const guess = near.length > 0 ? ` Nearest: ${near.map((text) => `"${text}"`).join(', ')}.` : '';
    throw fail(picture, shown, `model "${model.name}" has no such class among its ${ownNames.length}.${guess}`);
  };

  const byWnid = (wnid: string, picture: string): number => {
    const own = model.classes === null ? undefined : names?.folded.get(wnid.toLowerCase());
    if (own?.[0] !== undefined && own.length === 1) return own[0];
    const index = wnids.get(wnid);
    if (index === undefined) throw fail(picture, wnid, `that is none of ImageNet's 1,000 WordNet ids.`);
    if (offset !== null) return index + offset;
    return byName(IMAGENET_CLASSES[index]?.name ?? wnid, picture, `${wnid} (${IMAGENET_CLASSES[index]?.name ?? ''})`);
  };

  return (label, picture) => {
    if ('wnid' in label) return byWnid(label.wnid, picture);
    if ('name' in label) return byName(label.name, picture, `"${label.name}"`);
    const { index } = label;
    if (Number.isInteger(index) && index >= 0 && index < model.output.classes) return index;
    throw fail(picture, `class ${index}`, `model "${model.name}" has the classes 0 to ${model.output.classes - 1}.`);
  };
}

function imageNetNames(offset: 0 | 1): string[] {
  return [...(offset === 1 ? ['background'] : []), ...IMAGENET_CLASSES.map(({ name }) => name)];
}
