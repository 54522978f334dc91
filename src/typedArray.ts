// Typed arrays as users hand them in: of any realm (another window, a vm context), of any subclass, perhaps detached.

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

// the getter behind Symbol.toStringTag reads what the engine knows, where instanceof asks for the constructor of this realm
const nameOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get as () => unknown;

/** "Float32Array" or the like for a typed array, undefined for all else. */
export function kindOf(value: unknown): string | undefined {
  return nameOf.call(value) as string | undefined;
}

/** Whether `value` is a Float32Array that still has its memory. */
export function isFloat32(value: unknown): value is Float32Array {
  return kindOf(value) === "Float32Array" && !isDetached(value as Float32Array);
}

/** Whether the memory of `array` was transferred elsewhere, or taken from under it as WebAssembly memory grew. */
export function isDetached({ byteLength, buffer }: ArrayBufferView): boolean {
  if (byteLength > 0) return false;
  try {
    return new Uint8Array(buffer).length < 0;
  } catch {
    return true;
  }
}

/**
 * `array` as this realm has its kind, on the same memory. A subclass may have a constructor of its own, which slice() and the
 * like would call; the slice() of a Buffer copies nothing.
 */
export function ordinary<T extends TypedArray>(array: T): T {
  const Kind = (globalThis as unknown as Record<string, new (...from: unknown[]) => T>)[kindOf(array) as string];
  return Object.getPrototypeOf(array) === Kind.prototype ? array : new Kind(array.buffer, array.byteOffset, array.length);
}

/** A copy of `array`, of its kind in this realm. */
export function copyOf<T extends TypedArray>(array: T): T {
  return ordinary(array).slice() as T;
}
