/** Has the browser keep the files of the page, so that it opens without a network. Where it cannot or may not, the page works without. */
export async function keepOffline(): Promise<void> {
  try {
    // absent where the page is neither of https nor of this machine
    await navigator.serviceWorker?.register("sw.js", { scope: "./", updateViaCache: "none" });
  } catch {
    // refused, as in private windows
  }
}
