/** The script of the workers as built: tests run from the sources, beside which there is none. */
export const WORKER = new URL("../../dist/worker.js", import.meta.url);
