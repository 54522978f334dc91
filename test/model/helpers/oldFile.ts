// Model files as 0.1.0 wrote them.
import { createHash } from "node:crypto";
import type { nn } from "../../../src/index.js";

const BLANK = "0".repeat(64);

/** The metadata of a network of 0.1.0. */
export const OLD_METADATA = {
  ...{ kind: "lovasz.UNet", width: "2", inChannels: "3", outChannels: "1" },
  ...{ loss: "bce", normalisation: "picture" },
};

/** The bytes of a file of 0.1.0: tensors in the order of the network, a checksum of the whole file in which it counts as zeros itself. */
export function oldFile(state: nn.StateDict, metadata: Record<string, string> = OLD_METADATA): Buffer {
  let end = 0;
  const entries = Object.entries(state).map(([name, { shape, data }]) => {
    const begin = end;
    end += 4 * data.length;
    return [name, { dtype: "F32", shape, data_offsets: [begin, end] }] as const;
  });
  const header = Buffer.from(JSON.stringify({ __metadata__: { sha256: BLANK, ...metadata }, ...Object.fromEntries(entries) }));
  const padded = Buffer.concat([header, Buffer.alloc(-header.length & 7, " ")]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const values = Object.values(state).map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  const file = Buffer.concat([length, padded, ...values]);
  file.write(createHash("sha256").update(file).digest("hex"), file.indexOf(BLANK));
  return file;
}
