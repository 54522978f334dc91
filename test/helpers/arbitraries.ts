// Inputs of losses for fast-check, biased to what breaks losses: ties, margins at the kink, rare, absent and void classes.
import fc from "fast-check";

export const VOID = 255;

export interface LossCase {
  shape: number[];
  logits: Float32Array;
  labels: Uint8Array;
}

const scale = fc.constantFrom(0.01, 1, 10);

/** float32 logits: coarse ones that tie and stand on the kinks, fine ones, huge and tiny ones. */
export function logitsOf(count: number): fc.Arbitrary<Float32Array> {
  const coarse = fc.integer({ min: -4, max: 4 }).map((k) => k / 2);
  const fine = fc.double({ min: -1, max: 1, noNaN: true });
  const edge = fc.constantFrom(-0, 0, 1, -1, 1e-30, -1e-30, 1e4, -1e4);
  const one = fc.oneof({ weight: 4, arbitrary: coarse }, { weight: 4, arbitrary: fine }, { weight: 1, arbitrary: edge });
  return fc
    .tuple(fc.array(one, { minLength: count, maxLength: count }), scale)
    .map(([values, by]) => Float32Array.from(values, (value) => value * by));
}

/** Labels below `classes`: mixed, of one class only, with or without void pixels. */
export function labelsOf(count: number, classes: number, withVoid = true): fc.Arbitrary<Uint8Array> {
  const any = fc.integer({ min: 0, max: classes - 1 });
  const rare = fc.nat(99).map((k) => (k === 0 ? classes - 1 : 0));
  const kinds = [any, rare, fc.constant(0), fc.constant(classes - 1)];
  const kind = fc.constantFrom(...(withVoid ? [...kinds, fc.constant(VOID)] : kinds));
  return fc
    .tuple(kind, fc.constantFrom(0, 0, withVoid ? 0.2 : 0))
    .chain(([label, voids]) =>
      fc.array(voids > 0 ? fc.oneof({ weight: 4, arbitrary: label }, { weight: 1, arbitrary: fc.constant(VOID) }) : label, {
        minLength: count,
        maxLength: count,
      }),
    )
    .map((labels) => Uint8Array.from(labels));
}

/** A binary task [B, N]: logits, labels 0, 1 or VOID. */
export const binaryCase: fc.Arbitrary<LossCase> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 40 }))
  .chain(([images, n]) => fc.record({ shape: fc.constant([images, n]), logits: logitsOf(images * n), labels: labelsOf(images * n, 2) }));

/** A task of several classes [B, C, N]: logits, labels below C or VOID. */
export const multiclassCase: fc.Arbitrary<LossCase> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 20 }))
  .chain(([images, classes, n]) =>
    fc.record({ shape: fc.constant([images, classes, n]), logits: logitsOf(images * classes * n), labels: labelsOf(images * n, classes) }),
  );

/** A task of several classes [B, C, N] full of ties: few different logits, most rows more than once. */
export const tiedCase: fc.Arbitrary<LossCase> = fc
  .tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 2, max: 4 }), fc.integer({ min: 4, max: 40 }))
  .chain(([images, classes, n]) => {
    const count = images * classes * n;
    const logits = fc
      .array(fc.constantFrom(0, 0, 1, -1.5), { minLength: count, maxLength: count })
      .map((values) => Float32Array.from(values));
    return fc.record({ shape: fc.constant([images, classes, n]), logits, labels: labelsOf(images * n, classes) });
  });

/** A rearrangement of 0..count-1. */
export function permutationOf(count: number): fc.Arbitrary<number[]> {
  const order = Array.from({ length: count }, (_, i) => i);
  return fc.shuffledSubarray(order, { minLength: count, maxLength: count });
}
