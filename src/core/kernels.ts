// What the kernels probe says of a model beside its estimates: which kernels disagree, and on which pictures.

export type KernelsResult = {
  /** Names of the kernels, in the order of the views. */
  readonly kernels: readonly string[];
  /** The model's own. */
  readonly reference: string;
  /** By kernel and kernel: the share of pictures that both answer, to which they give another top-1; null without any. */
  readonly disagreement: readonly (readonly (number | null)[])[];
  /** Pictures to which every kernel gave the very same probabilities: they needn't be resized. */
  readonly untouched: number;
  /** Pictures whose top-1 depends on the kernel. */
  readonly dependent: number;
  /** The first of these (at most 60), largest swing first. */
  readonly pictures: readonly KernelPicture[];
};

/** A picture whose answer depends on the kernel. */
export type KernelPicture = {
  readonly picture: string;
  readonly label: number | null;
  /** Highest minus lowest probability, over the kernels, of the class that the model's own kernel answers. */
  readonly swing: number;
  /** The answers, the own kernel's first, then by the number of kernels. */
  readonly answers: readonly KernelAnswer[];
};

export type KernelAnswer = {
  readonly top1: number;
  /** Indices into `KernelsResult.kernels`, the surest first. */
  readonly kernels: readonly number[];
  /** The class's probability under each of them. */
  readonly p: readonly number[];
};
