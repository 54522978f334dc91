// The progress bars of the command, on standard error and only where that is a terminal.
import type { SingleBar } from "cli-progress";

/** A bar of `total` steps on `stream` in this `format` of cli-progress, with the first `values` for it; null where `stream` is no terminal. */
export async function openBar(
  stream: NodeJS.WriteStream,
  total: number,
  format: string,
  values: Record<string, string>,
): Promise<SingleBar | null> {
  if (!stream.isTTY) return null;
  const { default: progress } = await import("cli-progress");
  const bar = new progress.SingleBar({
    stream,
    format,
    formatTime,
    barsize: 24,
    barCompleteChar: "\u2588",
    barIncompleteChar: "\u2591",
    hideCursor: true,
    etaBuffer: 50,
    // the command itself handles Ctrl-C
    gracefulExit: false,
  });
  bar.start(total, 0, values);
  return bar;
}

function formatTime(seconds: number): string {
  if (!Number.isFinite(Number(seconds))) return "?";
  return seconds < 100 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
