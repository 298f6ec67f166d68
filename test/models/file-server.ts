// A file server on this machine for tests of downloads: answers as told, and remembers what it was asked.
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

type Asked = { readonly path: string; readonly range: string | null; readonly authorization: string | null };
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

type FileServer = {
  /** "http://127.0.0.1:PORT". */
  readonly url: string;
  readonly asked: Asked[];
  /** How the next requests are answered, whatever their path. */
  answer: Answer;
};

async function listening(handler: Answer, connect: (target: string) => void): Promise<string> {
  const server = createServer(handler);
  server.on('connect', ({ url = '' }: IncomingMessage, socket: Duplex) => {
    connect(url);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that runs as long as the test file's process, and doesn't keep that one alive. */
export async function fileServer(answer: Answer): Promise<FileServer> {
  const server: { url: string; asked: Asked[]; answer: Answer } = { url: '', asked: [], answer };
  const handler: Answer = (request, response) => {
    const { range = null, authorization = null } = request.headers;
    server.asked.push({ path: request.url ?? '', range, authorization });
    server.answer(request, response);
  };
  server.url = await listening(handler, (path) => server.asked.push({ path, range: null, authorization: null }));
  return server;
}

/** A forward proxy (RFC 9112, section 3.2.2: absolute form) that refuses tunnels; `asked` holds the addresses. */
export async function proxyServer(): Promise<FileServer> {
  return fileServer((incoming, outgoing) => {
    request(incoming.url ?? '', { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    }).end();
  });
}

/** The whole file, or the part that Range asks for. */
export function serve(content: Uint8Array): Answer {
  return ({ headers: { range } }, response) => {
    const [, from] = /^bytes=(\d+)-$/.exec(range ?? '') ?? [];
    if (from === undefined) {
      response.writeHead(200, { 'content-length': content.length, 'accept-ranges': 'bytes' }).end(content);
    } else if (Number(from) >= content.length) {
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    } else {
      const part = content.subarray(Number(from));
      const place = `bytes ${from}-${content.length - 1}/${content.length}`;
      response.writeHead(206, { 'content-length': part.length, 'content-range': place }).end(part);
    }
  };
}

/** The whole file, whatever Range says. */
export function serveWithoutRange(content: Uint8Array): Answer {
  return (_, response) => void response.writeHead(200, { 'content-length': content.length }).end(content);
}

/** The first `bytes` of the file, then the connection is cut. */
export function cutAfter(content: Uint8Array, bytes: number): Answer {
  return (_, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, bytes), () => setTimeout(() => response.destroy(), 20));
  };
}

/** The first `bytes` of the file, then nothing, with the connection left open. */
export function stallAfter(content: Uint8Array, bytes: number): Answer {
  return (_, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.flushHeaders();
    response.write(content.subarray(0, bytes));
  };
}

/** A status with a body. */
export function status(code: number, body = '', headers: Record<string, string> = {}): Answer {
  return (_, response) => void response.writeHead(code, headers).end(body);
}
