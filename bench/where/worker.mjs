// In a page: a worker, as the main thread of a page must not wait for others.
import { conformance } from "./conformance.mjs";

import("../../dist/index.js").then(conformance).then(
  (answer) => postMessage({ answer }),
  (error) => postMessage({ error: String(error) }),
);
