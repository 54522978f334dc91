// A server that only this machine can reach.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that runs. */
export interface Site {
  readonly port: number;
  /** Ends it, with all connections. */
  close(): Promise<void>;
}

/** Serves `answer` at `port` of 127.0.0.1, at any free one where it is 0; null where the port is taken or not to be had. */
export async function listen(port: number, answer: RequestListener): Promise<Site | null> {
  const server = createServer(answer);
  const code = await new Promise<string | undefined>((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, "127.0.0.1", () => resolve(undefined));
  });
  if (code === "EADDRINUSE" || code === "EACCES") return null;
  if (code !== undefined) throw new Error(`port ${port} of 127.0.0.1 cannot be listened at (${code})`);
  // what a connection does later ends that connection alone
  server.on("error", () => {});
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
