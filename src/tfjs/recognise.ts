// Tells a TensorFlow.js model by its content, whatever the file is called.

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** A Keras model's class and configuration: beside each other in files of `model.save`, else under `model_config`. */
export function kerasModelIn(topology: unknown): Readonly<Record<string, unknown>> | null {
  if (!isRecord(topology)) return null;
  const inner = topology['model_config'] ?? topology;
  return isRecord(inner) && typeof inner['class_name'] === 'string' ? inner : null;
}

/** Which kind of TensorFlow.js model a parsed JSON file is; null where it is none. */
export function tfjsKindOf(json: unknown): 'layers' | 'graph' | null {
  if (!isRecord(json)) return null;
  const topology = json['modelTopology'];
  if (isRecord(topology) && Array.isArray(topology['node'])) return 'graph';
  return kerasModelIn(topology) === null ? null : 'layers';
}
