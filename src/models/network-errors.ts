// What went wrong on the way to a file, in words: the codes of Node, undici and TLS that people meet, and what to do.
import { InputError, RunError, messageOf } from '../core/errors.js';
import type { Environment } from './cache.js';
import { withoutSecrets } from './shown-url.js';

/** What was expected at a URL, and what the user can do about a wrong one. */
export type UrlAdvice = {
  /** "the model". */
  readonly what: string;
  /** About a URL that leads elsewhere, and one whose access is refused: sentences. */
  readonly wrong: string;
  readonly refused: string;
  /** About a server that can't be reached, after "Try again later"; and after a semicolon. */
  readonly orMirror: string;
  readonly mirror: string;
};

/** Of `models pull`, whose URL is a mirror's. */
export const PULL_ADVICE: UrlAdvice = {
  what: 'the model',
  wrong: 'Check --url, or leave it out.',
  refused: "Give another --url, or credentials in the URL or the proxy's URL.",
  orMirror: ', or give a mirror with --url',
  mirror: '; for a mirror give --url',
};

const DNS = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME']);
const CERTIFICATE = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED|UNABLE_TO_|ERR_TLS_)/;
const CUT = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);

/** The proxy that the environment sets for `url`, without its password; null = none. NO_PROXY isn't looked at. */
function proxyFor(url: string, environment: Environment): string | null {
  const named = (name: string): string => environment[name.toLowerCase()] || environment[name] || '';
  const proxy = (url.startsWith('https:') ? named('HTTPS_PROXY') : '') || named('HTTP_PROXY');
  return proxy === '' ? null : proxy.replace(/\/\/[^/@]*@/, '//');
}

type Root = { readonly code: string; readonly message: string; readonly hostname: string | null };

/** The innermost cause: its code ("" without), its message, and the name that was looked up. */
function rootOf(error: unknown): Root {
  let current = error as { code?: unknown; cause?: unknown; errors?: unknown; hostname?: unknown };
  for (let depth = 0; depth < 8; depth++) {
    const next = current.cause ?? (Array.isArray(current.errors) ? (current.errors as unknown[])[0] : undefined);
    if (next === undefined || next === null) break;
    current = next;
  }
  const { code, hostname } = current;
  return {
    code: typeof code === 'string' ? code : '',
    message: messageOf(current),
    hostname: typeof hostname === 'string' ? hostname : null,
  };
}

/** What is kept after a failure, and how to go on. */
function goingOn(received: number): string {
  return received > 0
    ? `The ${received} bytes received are kept: the same command goes on from there.`
    : 'Try the same command again later.';
}

/**
 * The error to throw for one that the network or the disk threw.
 *
 * @param received bytes of the file that are on the disk
 */
export function transferError(
  error: unknown,
  url: string,
  received: number,
  environment: Environment,
  advice: UrlAdvice,
): Error {
  if (error instanceof InputError || error instanceof RunError) return error;
  const { code, message, hostname } = rootOf(error);
  const { host } = new URL(url);
  const proxy = proxyFor(url, environment);
  const by = proxy === null ? '' : ` (a proxy is set: ${proxy})`;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new RunError(
      `The disk is full. Free some space, or set INVARIANCE_CACHE to a folder on another disk. ${goingOn(received)}`,
    );
  }
  if (DNS.has(code)) {
    return new RunError(
      `The name ${hostname ?? host} can't be resolved${by} (${code}). Check the connection; behind a proxy set HTTPS_PROXY${advice.mirror}. ${goingOn(received)}`,
    );
  }
  if (CERTIFICATE.test(code)) {
    return new RunError(
      `The certificate of ${host}${by} isn't trusted (${code}). If your network signs connections with its own authority, set NODE_EXTRA_CA_CERTS to its certificate.`,
    );
  }
  if (CUT.has(code)) {
    return new RunError(`The connection to ${host}${by} was cut (${message}). ${goingOn(received)}`);
  }
  const coded = code === '' || message.includes(code) ? message : `${code}: ${message}`;
  return new RunError(`No connection to ${host}${by} (${coded}). ${goingOn(received)}`);
}

/** Answers of servers that have no such file; some refuse the request for one instead of saying so. */
const NO_FILE: ReadonlySet<number> = new Set([400, 404, 405, 410]);

/** The error for a response that is neither the file nor a part of it. */
export function statusError(
  status: number,
  statusText: string,
  url: string,
  received: number,
  advice: UrlAdvice,
): Error {
  const shown = `${status}${statusText === '' ? '' : ` ${statusText}`}`;
  if (NO_FILE.has(status)) {
    return new InputError(
      `Expected a file at ${withoutSecrets(url)} but the server answered ${shown}. ${advice.wrong}`,
    );
  }
  if (status === 401 || status === 403 || status === 407) {
    return new InputError(
      `Expected a file at ${withoutSecrets(url)} but the server answered ${shown}: access is refused. ${advice.refused}`,
    );
  }
  return new RunError(
    `Expected a file at ${withoutSecrets(url)} but the server answered ${shown}. ${goingOn(received)}`,
  );
}
