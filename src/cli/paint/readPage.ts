// The files of the page, dist/paint of this package: few and small, so all lie in memory.
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { LovaszError } from "../../index.js";

/** A file as it is served. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

/** The page. */
export interface Page {
  /** By their names; index.html is one of them. */
  readonly files: ReadonlyMap<string, PageFile>;
  /** The Content-Security-Policy that index.html states. */
  readonly policy: string;
}

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
};

const FOLDER = join(dirname(createRequire(import.meta.url).resolve("lovasz/package.json")), "dist/paint");

/**
 * The files of the page. `addresses` are those of the pictures to begin with: the page, which may fetch nothing, finds them in its own
 * text. Throws `LovaszError` "data" where the package has no page.
 */
export async function readPage(addresses: readonly string[], folder = FOLDER): Promise<Page> {
  try {
    const names = await readdir(folder);
    const files = new Map<string, PageFile>();
    for (const name of names) {
      files.set(name, { type: TYPES[extname(name)] ?? "application/octet-stream", bytes: await readFile(join(folder, name)) });
    }
    const text = String(files.get("index.html")?.bytes);
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(text)?.[1];
    if (policy === undefined) throw new Error("index.html without a Content-Security-Policy");
    files.set("index.html", { type: TYPES[".html"], bytes: Buffer.from(withAddresses(text, addresses)) });
    return { files, policy };
  } catch (cause) {
    throw new LovaszError("data", `${folder} does not hold the page (${(cause as Error).message}); install lovasz again`, { cause });
  }
}

function withAddresses(text: string, addresses: readonly string[]): string {
  // src/paint/static/sw.js looks for this element, which no name can end, as it is encoded
  const list = JSON.stringify(addresses.map(encoded));
  return text.replace("</head>", () => `<script type="application/json" id="data">${list}</script></head>`);
}

const encoded = (address: string) => address.split("/").map(encodeURIComponent).join("/");
