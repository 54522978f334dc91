/** Makes the package whose main entry is `lovasz` compute on `count` threads. Throws, saying why, where it does not. */
export async function useThreads(lovasz, count) {
  if (count > 1 && !lovasz.setThreads) throw new Error("this build has no setThreads");
  await lovasz.setThreads?.(count);
  const used = lovasz.threads?.() ?? 1;
  if (used !== count) throw new Error(`setThreads(${count}) stays at ${used}`);
}
