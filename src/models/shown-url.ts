// URLs as they are shown and kept: users, passwords and queries hold secrets that belong in no message and no result.

/** A text whose URLs have *** in the places of user, password, query and fragment. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(
    /(https?:\/\/)([^/?#\s]*@)?([^?#\s]*)([?#]\S*)?/gi,
    (_, scheme: string, user: string | undefined, rest: string, query: string | undefined) =>
      `${scheme}${user === undefined ? '' : '***@'}${rest}${query === undefined ? '' : '?***'}`,
  );
}
