// Handles typed arrays from users: of any realm (another window, a vm context), of any subclass, perhaps detached.

type Numbers =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** Any typed array. */
export type TypedArray = Numbers | BigInt64Array | BigUint64Array;

// the getter behind Symbol.toStringTag works for arrays of any realm, while instanceof knows only the constructors of this one
const nameOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get as () => unknown;

/** The kind of a typed array, such as "Float32Array"; undefined for anything else. */
export function kindOf(value: unknown): string | undefined {
  return nameOf.call(value) as string | undefined;
}

/** Whether `value` is a Float32Array that is not detached. */
export function isFloat32(value: unknown): value is Float32Array {
  return kindOf(value) === "Float32Array" && !isDetached(value as Float32Array);
}

/** Whether an array is detached: its memory was transferred, or it was a view of WebAssembly memory that grew. */
export function isDetached({ byteLength, buffer }: ArrayBufferView): boolean {
  if (byteLength > 0) return false;
  try {
    return new Uint8Array(buffer).length < 0;
  } catch {
    return true;
  }
}

/**
 * `array` as the standard class of its kind in this realm, on the same memory. A subclass may have its own constructor, which slice()
 * and similar methods would call, and the slice() of a Buffer does not copy.
 */
export function ordinary<T extends TypedArray>(array: T): T {
  const Kind = (globalThis as unknown as Record<string, new (...from: unknown[]) => T>)[kindOf(array) as string];
  return Object.getPrototypeOf(array) === Kind.prototype ? array : new Kind(array.buffer, array.byteOffset, array.length);
}

/** A copy of `array` as the standard class of its kind in this realm. */
export function copyOf<T extends TypedArray>(array: T): T {
  return ordinary(array).slice() as T;
}
