// libjpeg-turbo, compiled to WebAssembly, which decodes the pixels of JPEG files.
import create from "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs";
import binary from "lovasz-libjpeg";
import { damaged } from "./raster.js";

type Codec = Awaited<ReturnType<typeof create>>;

// A new instance takes 5 ms, as long as 100 small pictures do. One is kept, unless a damaged file may have left it in disorder
// or a large picture has made its memory grow, which never shrinks.
let idle: Codec | undefined;
const MOST_KEPT = 64 * 2 ** 20;

/**
 * The pixels of a JPEG file row by row: one value each if the file is grey, red, green and blue if it has three components.
 * Throws an Error that says what is wrong with the file; pixels that are missing or do not decode are an error.
 */
export async function libjpeg(file: Uint8Array): Promise<Uint8Array> {
  const codec = idle ?? (await openCodec());
  idle = undefined;
  const decoder = new codec.JPEGDecoder();
  try {
    decoder.getEncodedBuffer(file.length).set(file);
    decoder.decode();
  } catch {
    // the same number is thrown for an error and, once everything is decoded, for a mere warning
    const values = new Uint8Array(decoder.getDecodedBuffer());
    if (values.length > 0 && hasOnlyStrayBytes(codec)) return values;
    throw complaint(codec, values.length > 0);
  }
  const values = new Uint8Array(decoder.getDecodedBuffer());
  decoder.delete();
  if (codec.HEAPU8.length <= MOST_KEPT) idle = codec;
  return values;
}

let compiled: WebAssembly.Module | undefined;

async function openCodec(): Promise<Codec> {
  compiled ??= new WebAssembly.Module(Buffer.from(binary, "base64"));
  const module = compiled;
  return create({
    instantiateWasm(imports, receive) {
      receive(new WebAssembly.Instance(module, imports));
      return {};
    },
    print() {},
    printErr() {},
  });
}

// What libjpeg has to say of a file, the first warning or the error, reaches nobody, but is left on the stack of the codec, which
// lies low in its memory.
function lowMemory({ HEAPU8 }: Codec): Buffer {
  return Buffer.from(HEAPU8.buffer, 0, 2 ** 18);
}

// Some cameras write stray bytes before the end marker and every program reads their files. libjpeg has then read everything else
// without a warning.
function hasOnlyStrayBytes(codec: Codec): boolean {
  return lowMemory(codec).includes("extraneous bytes before marker 0xd9");
}

const COMPLAINTS = [
  "premature end of data segment",
  "bad Huffman code",
  "found marker 0x",
  "extraneous bytes before marker 0x",
  "Inconsistent progression sequence",
  "Invalid progressive/lossless parameters Ss=",
  "Unsupported marker type 0x",
  "Bogus Huffman table definition",
  "Bogus marker length",
];

function complaint(codec: Codec, hasHeader: boolean): Error {
  const memory = lowMemory(codec);
  // each stands there once from the beginning, as something libjpeg may say, and again where it was said
  const said = COMPLAINTS.map((text) => memory.indexOf(text, memory.indexOf(text) + 1)).find((at) => at > 0);
  if (said !== undefined) return damaged(memory.toString("latin1", said, memory.indexOf(0, said)));
  return hasHeader ? damaged("libjpeg-turbo cannot decode it") : new Error("is damaged or of a rare kind; save it as PNG");
}
