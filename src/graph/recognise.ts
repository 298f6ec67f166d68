// Says what a file is by its first bytes, so that "not a model" also says what it is instead.

type Signature = { readonly what: string; readonly at: number; readonly bytes: readonly number[] | string };

/** Magic numbers of files that are met in a model's place; offsets and bytes from each format's specification. */
const SIGNATURES: readonly Signature[] = [
  { what: 'a Git LFS pointer', at: 0, bytes: 'version https://git-lfs' },
  { what: 'a zip archive (a PyTorch checkpoint, a Keras model or a packed download)', at: 0, bytes: 'PK\u0003\u0004' },
  { what: 'a JPEG picture', at: 0, bytes: [0xff, 0xd8, 0xff] },
  { what: 'a PNG picture', at: 0, bytes: [0x89, 0x50, 0x4e, 0x47] },
  { what: 'an HDF5 file (a Keras model)', at: 0, bytes: [0x89, 0x48, 0x44, 0x46] },
  { what: 'a gzip archive', at: 0, bytes: [0x1f, 0x8b] },
  { what: 'a Python pickle (an old PyTorch checkpoint)', at: 0, bytes: [0x80, 0x02] },
  { what: 'a TensorFlow Lite model', at: 4, bytes: 'TFL3' },
  { what: "a model in onnxruntime's own ORT format", at: 4, bytes: 'ORTM' },
  { what: 'a safetensors file (weights without a graph)', at: 8, bytes: '{"' },
  { what: 'an XML document', at: 0, bytes: '<?xml' },
];

/** What to do about a file of a kind: only where more helps than "give an ONNX file". */
const REMEDIES: Readonly<Record<string, string>> = {
  'a Git LFS pointer': 'Fetch the file itself with "git lfs pull".',
  'a TensorFlow Lite model': 'Convert the model that it was made from with tensorflowjs_converter or to ONNX.',
  'an HDF5 file (a Keras model)': 'Convert it with tensorflowjs_converter --input_format=keras, or to ONNX.',
  'an HTML page': 'The download saved a web page: download the file itself again.',
};

function startsWith(bytes: Uint8Array, { at, bytes: wanted }: Signature): boolean {
  for (let i = 0; i < wanted.length; i++) {
    const byte = typeof wanted === 'string' ? wanted.charCodeAt(i) : wanted[i];
    if (bytes[at + i] !== byte) return false;
  }
  return bytes.length >= at + wanted.length;
}

/**
 * What a file that isn't an ONNX model looks like, as a noun phrase ("an HTML page"), and what to do about it.
 *
 * @returns null where its first bytes are those of no known format
 */
export function looksLike(bytes: Uint8Array): { readonly what: string; readonly todo: string } | null {
  const what =
    bytes.length === 0 ? 'empty' : (SIGNATURES.find((known) => startsWith(bytes, known))?.what ?? textKind(bytes));
  if (what === null) return null;
  return { what, todo: REMEDIES[what] ?? 'Give an .onnx file or a folder with one.' };
}

function textKind(bytes: Uint8Array): string | null {
  const start = new TextDecoder('utf-8').decode(bytes.subarray(0, 256)).trimStart().toLowerCase();
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return 'an HTML page';
  if (start.startsWith('{') || start.startsWith('[')) return 'JSON';
  const printable = /^[\p{L}\p{N}\p{P}\p{S}\p{Zs}\r\n\t]+$/u;
  return printable.test(start.replace(/\ufffd+$/, '')) ? 'plain text' : null;
}
