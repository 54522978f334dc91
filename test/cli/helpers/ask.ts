// Requests as no browser sends them: paths are sent as they are written.
import { request } from "node:http";

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** What a server at `port` of this machine answers to a request for `path`. */
export function ask(
  port: number,
  path: string,
  { method = "GET", host = `127.0.0.1:${port}`, address = "127.0.0.1" } = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: address, port, path, method, headers: { host }, agent: false }, async (response) => {
      const body = Buffer.concat(await response.toArray());
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
    asked.on("error", reject).end();
  });
}
