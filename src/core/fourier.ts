// Band-limited cyclic shifts of a sampled signal: the shift theorem of the discrete Fourier transform, as weights.

/**
 * Weights of a band-limited cyclic shift to the right by `by` elements on a grid of `length`: the shifted signal is
 * Σ_j weight[(i − j) mod length] · signal[j]. The Nyquist component of even lengths keeps its real part.
 */
export function shiftKernel(length: number, by: number): Float64Array {
  const even = length % 2 === 0;
  const last = even ? length / 2 - 1 : (length - 1) / 2;
  return Float64Array.from({ length }, (_, i) => {
    let sum = 1;
    for (let k = 1; k <= last; k++) sum += 2 * Math.cos((2 * Math.PI * k * (i - by)) / length);
    if (even) sum += Math.cos(Math.PI * i) * Math.cos(Math.PI * by);
    return sum / length;
  });
}
