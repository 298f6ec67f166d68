// The page's sections in their order: from the answer to the evidence to the method.
import { against } from './against.js';
import { all } from './all.js';
import { answer } from './answer.js';
import { attribution } from './attribution.js';
import { boxCrop } from './box-crop.js';
import { compare } from './compare.js';
import { flips } from './flips.js';
import { frames } from './frames.js';
import { gallery } from './gallery.js';
import { kernels } from './kernels.js';
import { layers } from './layers.js';
import { mended } from './mended.js';
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

const before: readonly SectionMaker[] = [answer, attribution, picture, all, positions, sweep];
/** What tells several models apart: the page of a comparison begins with it. */
const between: readonly SectionMaker[] = [compare, against, flips, mended];
const after: readonly SectionMaker[] = [remedies, layers, gallery, method];

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

/**
 * The sections of a page: from the answer to the evidence, further probes, models, layers and method; a comparison's models
 * first. Variants of an attribution are told by its own section.
 */
export function sectionsOf(facts: Facts, drawings: Drawings): Section[] {
  const make = (makers: readonly SectionMaker[], of: Facts): Section[] =>
    makers.flatMap((maker) => maker(of, drawings) ?? []);
  const { comparing } = facts;
  return [
    ...(comparing ? make(between, facts) : []),
    ...make([...before, ...probeSections], facts),
    ...facts.parts.map(({ name, facts: part }) => partSection(name, part, make(probeSections, part))),
    ...(comparing || facts.input.result.attribution ? [] : make(between, facts)),
    ...make(after, facts),
  ];
}
