/**
 * Has the browser keep the files of the page, so that it opens without a network, and isolated, whatever the host sends. Resolves to
 * whether it does: where it cannot or may not, the page works without.
 */
export async function keepOffline(): Promise<boolean> {
  // absent where the page is neither of https nor of this machine
  const { serviceWorker } = navigator;
  if (!serviceWorker) return false;
  try {
    await serviceWorker.register("sw.js", { scope: "./", updateViaCache: "none" });
  } catch {
    // refused, as in private windows
    return false;
  }
  await serviceWorker.ready;
  return true;
}
