import { describe, expect, it } from 'vitest';
import { answerFrom, answersFrom, argmax, softmax } from '../../src/runtimes/softmax.js';

describe('softmax', () => {
  it('equals numpy in double precision', () => {
    // numpy 2.4: e = exp(l - l.max()); e / e.sum()
    const wanted = [
      0.098647035350872, 0.017142284342616495, 0.4421053401532558, 0.4421053401532558, 8.188307143912938e-46,
    ];
    const got = softmax([1.5, -0.25, 3, 3, -100]);
    wanted.forEach((value, i) => expect(got[i]).toBe(Math.fround(value)));
  });

  it('stands logits that overflow an exponential', () => {
    expect(Array.from(softmax([1e30, 0]))).toEqual([1, 0]);
  });
});

describe('answers', () => {
  it('takes the lower index of equals', () => {
    expect(argmax([1, 3, 3])).toBe(1);
    expect(answerFrom(Float32Array.of(0, 0), 'logits')).toEqual({
      ok: true,
      top1: 0,
      probabilities: Float32Array.of(0.5, 0.5),
    });
  });

  it.each<[string, number[], 'logits' | 'probabilities', string]>([
    ['one NaN', [NaN, 1, 2], 'logits', '1 of 3 logits is NaN'],
    ['several NaN', [NaN, 1, NaN, 2], 'logits', '2 of 4 logits are NaN'],
    ['infinite', [Infinity, 1, 2], 'logits', '1 of 3 logits is infinite'],
    ['both', [-Infinity, NaN, 2], 'logits', '2 of 3 logits are NaN or infinite'],
    ['NaN probabilities', [NaN, 1], 'probabilities', '1 of 2 probabilities is NaN'],
    ['logits taken for probabilities', [2, 3], 'probabilities', 'the 2 probabilities sum to 5 instead of 1'],
    ['negative', [-1, 2], 'probabilities', 'a probability is -1, below 0'],
  ])('has none, but a reason: %s', (_, raw, kind, reason) => {
    expect(answerFrom(Float32Array.from(raw), kind)).toEqual({ ok: false, reason });
  });

  it('passes probabilities on as they are', () => {
    const raw = Float32Array.of(0.25, 0.7, 0.051);
    expect(answerFrom(raw, 'probabilities')).toEqual({ ok: true, top1: 1, probabilities: raw });
  });

  it('splits a batch', () => {
    const answers = answersFrom(Float32Array.of(0, 9, 9, 0, NaN, 0), 3, { classes: 2, kind: 'logits' });
    expect(answers.map((answer) => (answer.ok ? answer.top1 : answer.reason))).toEqual([1, 0, '1 of 2 logits is NaN']);
  });
});
