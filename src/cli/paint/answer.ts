// How `lovasz paint` answers requests: the files of the page and the pictures of --data, and nothing else.
import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, ServerResponse } from "node:http";
import type { SharedFile } from "./findShared.js";
import type { Page, PageFile } from "./readPage.js";
import { showable } from "./showable.js";

const NAMES = ["127.0.0.1", "localhost"];

/** A listener that serves `page`, and `pictures` by their addresses. */
export function answering(page: Page, pictures: ReadonlyMap<string, SharedFile>): RequestListener {
  return async (request, response) => {
    // a browser that goes away ends nothing but its request
    response.on("error", () => {});
    const told = await answer(page, pictures, request).catch((error: Error) => refusal(500, error.message));
    send(response, told, page.policy);
  };
}

interface Answer extends PageFile {
  readonly status: number;
  readonly more?: OutgoingHttpHeaders;
}

async function answer({ files, policy }: Page, pictures: ReadonlyMap<string, SharedFile>, request: IncomingMessage): Promise<Answer> {
  // a page elsewhere whose name was made to lead here, by DNS rebinding, asks for that name
  const names = NAMES.flatMap((name) => (request.socket.localPort === 80 ? [name, `${name}:80`] : `${name}:${request.socket.localPort}`));
  if (!names.includes(request.headers.host?.toLowerCase() ?? "")) return refusal(403, `this page is at http://${names[0]}/`);
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { ...refusal(405, "only GET and HEAD are answered"), more: { Allow: "GET, HEAD" } };
  }
  const name = nameOf(request.url ?? "");
  const file = files.get(name);
  // it stores the other files, and nothing else may connect
  const more = name === "sw.js" ? { "Content-Security-Policy": policy.replace("connect-src 'none'", "connect-src 'self'") } : {};
  if (file) return { status: 200, ...file, more };
  const picture = pictures.get(name);
  if (!picture || !(await picture.isInside())) return refusal(404, "there is no such file");
  return { status: 200, ...(await showable(picture)) };
}

// names are looked up, never joined to a folder, so that none leads out of it
function nameOf(address: string): string {
  try {
    return decodeURIComponent(new URL(address, "http://localhost").pathname).slice(1) || "index.html";
  } catch {
    return "";
  }
}

function refusal(status: number, why: string): Answer {
  return { status, type: "text/plain; charset=utf-8", bytes: Buffer.from(`${why}\n`) };
}

function send(response: ServerResponse, { status, type, bytes, more }: Answer, policy: string): void {
  response.writeHead(status, {
    "Content-Type": type,
    "Content-Length": bytes.length,
    "Content-Security-Policy": policy,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    // the next version of the package is at the same address
    "Cache-Control": "no-cache",
    ...more,
  });
  // Node sends no body in answer to HEAD
  response.end(bytes);
}
