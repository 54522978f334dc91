// A static server for the pages of browser tests and benches.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, normalize } from "node:path";

/** @type {Record<string, string>} */
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Headers that make a page cross-origin isolated, so that SharedArrayBuffer may be used. */
export const ISOLATED = Object.freeze({
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
});

/** The strictest policy under which WebAssembly runs: scripts and workers of the site, and no eval. */
export const STRICT = Object.freeze({
  "Content-Security-Policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
});

/**
 * Serves `folders`, by the prefix of their addresses ({ "/dist/": new URL("dist/", ...) }), with `headers` on every answer,
 * on a free port of localhost; "/" is a page without any content, and other folders are their index.html. The caller closes it.
 * `texts` are pages by their addresses; `hear` is handed what a page posts.
 * @param {Record<string, URL>} folders
 * @param {Record<string, string>} [headers]
 * @param {{ texts?: Record<string, string>, hear?: (said: string) => void }} [more]
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} `url` ends in a slash
 */
export async function serve(folders, headers = {}, { texts = {}, hear } = {}) {
  /** @type {Record<string, string>} */
  const pages = { "/": "<!doctype html><title>lovasz</title>", ...texts };
  const server = createServer(async (request, response) => {
    if (request.method === "POST") hear?.(Buffer.concat(await request.toArray()).toString());
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname));
    const body = pages[path] ?? (await fileAt(folders, path));
    const type = path.endsWith("/") ? types[".html"] : (types[extname(path)] ?? "application/octet-stream");
    response.writeHead(body === null ? 404 : 200, { "Content-Type": type, "Cache-Control": "no-store", ...headers });
    response.end(body);
  });
  await new Promise((done) => server.listen(0, "localhost", () => done(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://localhost:${address.port}/`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** @param {Record<string, URL>} folders @param {string} path */
async function fileAt(folders, path) {
  const prefix = Object.keys(folders).find((start) => path.startsWith(start));
  if (prefix === undefined) return null;
  const name = path.slice(prefix.length);
  return readFile(new URL(path.endsWith("/") ? `${name}index.html` : name, folders[prefix])).catch(() => null);
}
