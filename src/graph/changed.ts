// Rewriting without touching the original: a copy of a protobuf message that shares what stays.

/** A copy of a message with some fields replaced; everything else, unknown fields too, is shared. */
export function changed<Message extends object>(message: Message, fields: Partial<Message>): Message {
  return Object.assign(Object.create(Object.getPrototypeOf(message) as object) as Message, message, fields);
}
