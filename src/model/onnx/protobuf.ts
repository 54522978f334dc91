// Writes messages of protocol buffers: fields one after another, each a key and a value.
// Source: https://protobuf.dev/programming-guides/encoding

/** The bytes of a message, or of a field, in pieces, so that those of large fields are not copied at every level. */
export type Pieces = readonly Uint8Array[];

// how the value of a field is written
const [VARINT, LENGTH_DELIMITED, FIXED32] = [0, 2, 5];

/** A message of `fields`. */
export function message(...fields: readonly Pieces[]): Pieces {
  return fields.flat();
}

/** A field of a whole number, which may be negative; an int32, int64, bool or enum. */
export function integerField(field: number, value: number): Pieces {
  return [keyOf(field, VARINT), varint(value)];
}

/** A field of a float32. */
export function floatField(field: number, value: number): Pieces {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [keyOf(field, FIXED32), bytes];
}

/** A field of text. */
export function textField(field: number, value: string): Pieces {
  return messageField(field, [new TextEncoder().encode(value)]);
}

/** A field of a message, or of bytes. */
export function messageField(field: number, value: Pieces): Pieces {
  const length = value.reduce((sum, piece) => sum + piece.length, 0);
  return [keyOf(field, LENGTH_DELIMITED), varint(length), ...value];
}

/** The bytes of a message. */
export function joined(pieces: Pieces): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

const keyOf = (field: number, kind: number) => varint(8 * field + kind);

// groups of 7 bits, the lowest first, each but the last with bit 7 set; negative numbers in 64 bits
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
