// JSON that the page carries, parsed once.

const parsed = new Map<string, unknown>();

/** The JSON in the element `id`; null where the page has none. */
export function embedded(id: string): unknown {
  if (!parsed.has(id)) parsed.set(id, JSON.parse(document.getElementById(id)?.textContent ?? 'null'));
  return parsed.get(id);
}
