// Model files of every kind, with a checksum that holds: what somebody may make who means harm.
import { createHash } from "node:crypto";

/** A safetensors file with this header; `metadata` gets the checksum that `decode` asks for. */
export function seal(metadata: Record<string, unknown>, entries: Record<string, unknown>, values: Uint8Array): Buffer {
  const blank = "0".repeat(64);
  const json = Buffer.from(JSON.stringify({ __metadata__: { sha256: blank, ...metadata }, ...entries }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = Buffer.concat([length, json, values]);
  file.write(createHash("sha256").update(file).digest("hex"), file.indexOf(blank));
  return file;
}
