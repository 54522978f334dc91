// The service worker of the page: keeps all of its files, so that it opens without a network. rollup.config.mjs writes above it what FILES
// is, the SHA-256 of each file by its name, VERSION, which stands for all of them, and POLICY, which index.html states. A new version is kept beside the old one, and takes
// over once no page of the old one is open: a page never has files of both.
/* global FILES, POLICY, VERSION */

const { scope } = registration;
const KEPT = `lovasz-paint ${scope} `;
const PAGE = "index.html";
/** Where `lovasz paint` writes in the page which pictures it serves. */
const DATA = /<script type="application\/json" id="data">[^<]*<\/script>/;
/** What a file is served with: as it was sent, or else so. Hosts that send no headers would have neither threads, nor workers under the policy. */
const HEADERS = {
  "Content-Type": null,
  "Content-Security-Policy": POLICY,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
};

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(forgetOthers()));
addEventListener("fetch", (event) => {
  const name = nameOf(event.request);
  if (name !== null) event.respondWith(name === PAGE ? page() : kept(name));
});

async function keep() {
  const cache = await caches.open(KEPT + VERSION);
  await Promise.all(Object.keys(FILES).map(async (name) => cache.put(addressOf(name), await fetched(name))));
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(KEPT) && name !== KEPT + VERSION).map((name) => caches.delete(name)));
}

/** The name of the file that is asked for, null where it is none of the page. */
function nameOf({ method, url }) {
  const address = url.replace(/[?#].*/, "");
  if (method !== "GET" || !address.startsWith(scope)) return null;
  const name = address.slice(scope.length) || PAGE;
  return Object.hasOwn(FILES, name) ? name : null;
}

// some hosts redirect index.html to its folder
const addressOf = (name) => scope + (name === PAGE ? "" : name);

/** A file from the network; throws where it is of another version. */
async function fetched(name) {
  // not from the cache of the browser, which may have that of another version
  const response = await fetch(addressOf(name), { cache: "reload" });
  let bytes = new Uint8Array(await response.arrayBuffer());
  if (name === PAGE) bytes = new TextEncoder().encode(new TextDecoder().decode(bytes).replace(DATA, ""));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  if (btoa(String.fromCharCode(...hash)) !== FILES[name]) throw new Error(`${name} is not that of version ${VERSION}`);
  // made anew, as a page must not be a response that was redirected
  const headers = Object.entries(HEADERS)
    .map(([header, value]) => [header, response.headers.get(header) ?? value])
    .filter(([, value]) => value !== null);
  return new Response(bytes, { headers });
}

async function kept(name) {
  const cache = await caches.open(KEPT + VERSION);
  return (await cache.match(addressOf(name))) ?? fetched(name);
}

/** The page, with the pictures that `lovasz paint` serves now. */
async function page() {
  const response = await kept(PAGE);
  if (!["127.0.0.1", "localhost"].includes(location.hostname)) return response;
  const data = await fetch(scope).then(
    async (sent) => DATA.exec(await sent.text())?.[0],
    () => undefined,
  );
  if (data === undefined) return response;
  const { headers } = response;
  return new Response(
    (await response.text()).replace("</head>", () => `${data}</head>`),
    { headers },
  );
}
