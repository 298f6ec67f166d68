// The page's sections in their order: from the answer to the evidence to the method.
import { all } from './all.js';
import { answer } from './answer.js';
import { boxCrop } from './box-crop.js';
import { compare } from './compare.js';
import { frames } from './frames.js';
import { gallery } from './gallery.js';
import { kernels } from './kernels.js';
import { layers } from './layers.js';
import { method } from './method.js';
import { picture } from './picture.js';
import { positions } from './positions.js';
import type { Facts } from '../facts.js';
import { partSection } from './part.js';
import type { Drawings, Section, SectionMaker } from './section.js';
import { remedies } from './remedies.js';
import { rotate } from './rotate.js';
import { scale } from './scale.js';
import { sequences } from './sequences.js';
import { shift } from './shift.js';
import { spatial } from './spatial.js';
import { sweep } from './sweep.js';
import { tta } from './tta.js';

const before: readonly SectionMaker[] = [answer, picture, all, positions, sweep];
const after: readonly SectionMaker[] = [compare, remedies, layers, gallery, method];

/** Sections of single probes: null where the probe is another. They serve the first part of a run and the further ones. */
const probeSections: readonly SectionMaker[] = [
  shift,
  rotate,
  sequences,
  spatial,
  kernels,
  frames,
  scale,
  boxCrop,
  tta,
];

/** The sections of a page: from the answer to the evidence, further probes, models, layers and method. */
export function sectionsOf(facts: Facts, drawings: Drawings): Section[] {
  const make = (makers: readonly SectionMaker[], of: Facts): Section[] =>
    makers.flatMap((maker) => maker(of, drawings) ?? []);
  return [
    ...make([...before, ...probeSections], facts),
    ...facts.parts.map(({ name, facts: part }) => partSection(name, part, make(probeSections, part))),
    ...make(after, facts),
  ];
}
