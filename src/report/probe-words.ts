// How steps and views are called under probes whose views aren't shifts. A new probe is one entry here.
import type { Words } from './words.js';

type ProbeWords = Pick<Words, 'step' | 'steps' | 'heading' | 'title' | 'further' | 'centre' | 'everywhere'> &
  Partial<Pick<Words, 'pooled'>>;

export const probeWords: Readonly<Record<string, ProbeWords>> = {
  kernels: {
    step: 'change of the resize kernel',
    steps: 'changes of the resize kernel',
    heading: 'What the resize kernel does',
    title: 'Resize kernels',
    further: 'resized by another kernel',
    centre: 'with the model’s own kernel',
    everywhere: 'with every kernel',
  },
  frames: {
    step: 'step from frame to frame',
    steps: 'steps from frame to frame',
    heading: 'What one frame does',
    title: 'Frame by frame',
    further: 'one frame later',
    centre: 'in the first frame',
    everywhere: 'in every frame',
  },
  scale: {
    step: 'step to the next size',
    steps: 'steps to the next size',
    heading: 'What the next size does',
    title: 'Sizes',
    further: 'one size larger',
    centre: 'at the reference size',
    everywhere: 'at every size',
  },
  'box-crop': {
    step: 'shift of the box',
    steps: 'shifts of the box',
    heading: 'What a shift of the box does',
    title: 'Box crops',
    further: 'moved on by one step',
    centre: 'at the box’s own place',
    everywhere: 'at every shift',
  },
  tta: {
    step: 'shift without averaging',
    steps: 'shifts without averaging',
    heading: 'What a shift does without averaging',
    title: 'Test-time averaging',
    further: 'moved on by one step',
    centre: 'at the centre',
    everywhere: 'at every shift',
  },
  rotate: {
    step: 'turn to the next angle',
    steps: 'turns to the next angle',
    heading: 'What the next angle does',
    title: 'Rotations',
    further: 'turned on by one angle',
    centre: 'unturned',
    everywhere: 'at every angle',
  },
  sequences: {
    step: 'step from frame to frame',
    steps: 'steps from frame to frame',
    heading: 'What one frame does',
    title: 'Sequences',
    further: 'one frame later',
    centre: 'unmoved',
    everywhere: 'in every frame of the sequence',
    pooled: 'pooled over the sequences',
  },
  spatial: {
    step: 'pair of neighbouring poses',
    steps: 'pairs of neighbouring poses',
    heading: 'What another pose does',
    title: 'Turned and moved',
    further: 'in another pose',
    centre: 'unmoved',
    everywhere: 'in every pose',
    pooled: 'pooled over the attacks',
  },
};
