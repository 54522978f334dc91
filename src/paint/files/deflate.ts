// Compression by the browser's own streams. So as not to hold up the page, fflate would need workers from blob: addresses, which the policy
// of the page forbids.
import { faults } from "../strings.js";
import { pacing } from "./pacing.js";

/** Formats: "deflate" is that of PNG, with a header of zlib, and "deflate-raw" that of zip files. */
export type Format = "deflate" | "deflate-raw";

/** The `pieces`, compressed. They should be small, some 64 kB: each is compressed at once. Rejects with what `pieces` throws. */
export function deflated(pieces: AsyncIterator<Uint8Array<ArrayBuffer>>, format: Format): Promise<Blob> {
  let failure: unknown;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        failure = error;
        throw error;
      }
    },
  });
  const blob = new Response(source.pipeThrough(new CompressionStream(format))).blob();
  // browsers say of it only that something failed
  return blob.catch((error) => Promise.reject(failure ?? error));
}

/**
 * The bytes that `content` was made of, which have to be `size`: a small file may unpack to more than there is memory.
 * Throws an Error where they are not, or the content is damaged.
 */
export async function inflated(content: Blob, format: Format, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const rest = pacing();
  const bytes = new Uint8Array(size);
  const reader = content.stream().pipeThrough(new DecompressionStream(format)).getReader();
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause) => {
      throw new Error(faults.damaged, { cause });
    });
    if (done) break;
    if (at + value.length > size) {
      await reader.cancel();
      throw new Error(faults.zip.larger(size));
    }
    bytes.set(value, at);
    at += value.length;
    await rest();
  }
  if (at < size) throw new Error(faults.zip.smaller(at, size));
  return bytes;
}
