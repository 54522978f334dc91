/** How many threads run at once here. */
export async function coresOf(): Promise<number> {
  return globalThis.navigator?.hardwareConcurrency ?? (await coresOfNode());
}

// navigator came with Node 21
async function coresOfNode(): Promise<number> {
  const os = "node:os";
  const { availableParallelism } = (await import(/* webpackIgnore: true */ /* @vite-ignore */ os)) as typeof import("node:os");
  return availableParallelism();
}
