// Resize kernels: the share of pictures whose answer depends on the kernel, which kernels disagree, and the pictures where
// it shows most. After the trap that readers of Azulay & Weiss (JMLR 2019) meet: "bag" in one library, "clothes" in another.
import { isEstimate } from '../../core/estimate.js';
import type { KernelAnswer, KernelPicture } from '../../core/kernels.js';
import { matrixIds } from '../charts/kernels.js';
import { className, type Facts } from '../facts.js';
import { count, counted, estimateText, grouped, percent, pictureNames } from '../format.js';
import { dataTable, markup, table, type Html } from '../html.js';
import { farthestKernels, kernelModels, type KernelModel } from '../kernel-rows.js';
import { modelMark } from '../model-mark.js';
import { isShowable, viewOf, viewsOf } from '../static-views.js';
import { slot, type SectionMaker } from './section.js';

/** Pictures shown, and the bytes that their images may take. */
const PICTURES = 6;
const BYTES = 500_000;

export const kernels: SectionMaker = (facts, drawings) => {
  const models = kernelModels(facts);
  const [subject] = models;
  if (!subject) return null;
  const many = subject.kernels.kernels.length;
  const grey = models.length > 1 ? ' Grey: the other models.' : '';
  const content = markup`<h2>Which kernels disagree</h2>
    <p class="lead">
      Each picture was resized by ${count(many)} kernels, each as its library has it; all else is the model’s own
      preprocessing. ${models.map((model) => markup`${finding(model)} `)}
    </p>
    <p class="second">${farthest(subject)}</p>
    <div class="panels one">
    <figure class="panel">
      <figcaption>
        Pictures with another answer than with the own kernel<span class="soft"
          >Blue: ${modelMark(subject.name)} with 95 % intervals.${grey}</span
        >
      </figcaption>
      ${slot(drawings, 'kernels-own')}
    </figure>
    ${matrixIds(facts).map(
      ({ name, id }) =>
        markup`<figure class="panel">
          <figcaption>
            ${modelMark(name)}: kernels against each other<span class="soft"
              >Per cent of pictures on which two kernels give different answers</span
            >
          </figcaption>
          <div class="scroll" tabindex="0" role="region" aria-label="Kernels against each other, ${name}">
            <div style="min-width:${220 + 24 * many}px">${slot(drawings, id)}</div>
          </div>
        </figure>`,
    )}
    </div>
    ${gallery(facts, subject)} ${dataTable('kernels', markup`${models.map(kernelTable)}${pictureTable(facts, subject)}`)}`;
  return { id: 'kernels', nav: 'Kernels', content };
};

/** How many pictures depend on the kernel. */
function finding({ name, pictures, kernels: { dependent, untouched, reference } }: KernelModel): Html {
  const all = pictures.measured;
  const whole =
    untouched === 0
      ? ''
      : untouched === all
        ? ' Every kernel gave the same pixels: the pictures have the wanted size already.'
        : ` (${counted(untouched, 'picture')} had the wanted size already.)`;
  const share = all === 0 ? '' : ` (${percent(dependent / all, 0)})`;
  return markup`${modelMark(name)}, made for ${reference}, gives
    ${dependent === 0 ? 'every picture one answer whatever the kernel' : `${grouped(dependent)} of ${counted(all, 'picture')}${share} answers that depend on the kernel`}.${whole}`;
}

function farthest({ name, kernels }: KernelModel): Html | null {
  const most = farthestKernels(kernels);
  return (
    most &&
    markup`Farthest apart for ${modelMark(name)}: ${most.a} and ${most.b}, which disagree on ${percent(most.share)} of the pictures.`
  );
}

/** The pictures that depend on the kernel most, a view for each answer. */
function gallery(facts: Facts, { name, kernels }: KernelModel): Html | null {
  const model = facts.names.indexOf(name);
  const names = pictureNames(kernels.pictures.map(({ picture }) => picture));
  const shown: Html[] = [];
  let bytes = 0;
  kernels.pictures.forEach((found, i) => {
    const image = facts.input.images[name]?.[found.picture];
    if (shown.length >= PICTURES || !isShowable(image) || bytes + image.dataUrl.length > BYTES) return;
    bytes += image.dataUrl.length;
    const figures = found.answers.map(
      (answer) =>
        markup`<figure>
          ${viewOf(image, answer.kernels[0] ?? 0, `${names[i]}, resized by ${kernels.kernels[answer.kernels[0] ?? 0]}`)}
          <figcaption>
            ${said(facts, model, found, answer)}
            <span class="soft">${answer.kernels.map((kernel) => kernels.kernels[kernel]).join(', ')}</span>
          </figcaption>
        </figure>`,
    );
    shown.push(
      markup`<div>
        <h4>${names[i]}</h4>
        ${viewsOf(image, figures)}
      </div>`,
    );
  });
  return shown.length === 0
    ? null
    : markup`<h3>One picture, several answers</h3>
        <p>
          The pictures of ${modelMark(name)} with the largest swing of confidence. Below each answer: the kernels that lead to it,
          the surest first, whose view is shown.
        </p>
        <div class="sides">${shown}</div>`;
}

function said(facts: Facts, model: number, { label, answers }: KernelPicture, { top1, p }: KernelAnswer): Html {
  const focus = label ?? answers[0]?.top1;
  return markup`<b class="${top1 === focus ? 'is-right' : 'is-wrong'}">${className(facts, model, top1)}</b>
    <span class="num">${percent(p[0] ?? null, 0)}</span>`;
}

function kernelTable({ name, series, estimates, kernels: { reference } }: KernelModel): Html {
  const text = (estimate: KernelModel['estimates'][string] | undefined): string =>
    isEstimate(estimate) ? estimateText(estimate) : '–';
  return table(
    name,
    ['Kernel', 'Another answer than the own kernel’s', 'Accuracy'],
    [
      [`${reference} (own)`, '–', text(estimates['accuracy'])],
      ...series.map(({ at, estimates: found }) => [
        String(at['kernel']),
        text(found['top1Change']),
        text(found['accuracy']),
      ]),
    ],
  );
}

function pictureTable(facts: Facts, { name, kernels }: KernelModel): Html | null {
  if (kernels.pictures.length === 0) return null;
  const model = facts.names.indexOf(name);
  const names = pictureNames(kernels.pictures.map(({ picture }) => picture));
  return table(
    `${name}: pictures whose answer depends on the kernel${kernels.dependent > kernels.pictures.length ? `, the first ${kernels.pictures.length} of ${grouped(kernels.dependent)}` : ''}`,
    ['Picture', 'Swing of confidence', 'Answers'],
    kernels.pictures.map(({ swing, answers }, i) => [
      names[i] ?? '',
      percent(swing),
      answers
        .map(
          (answer) =>
            `${className(facts, model, answer.top1)} (${answer.kernels.map((kernel) => kernels.kernels[kernel]).join(', ')})`,
        )
        .join('; '),
    ]),
  );
}
