// Simpler cases than a case: what fast-check tries one after the other until none breaks the law.

import type { Pass } from "../drawn.js";
import { rearranged, withValues } from "../laws/law.js";
import { classOf, extentsOf, type LossCase, meetsNeeds } from "../lossCase.js";
import { simplerNumbers } from "./numbers.js";

// longer lists are not tried number by number
const FEW = 12;
// blocks of one size to try: a fault that only large images show would take thousands of calls of them pixel by pixel
const TRIES = 16;
// sizes of the blocks of pixels or images to leave out, by halves
const BLOCKS = Array.from({ length: 24 }, (_, k) => 2 ** (23 - k));

/** Ways to simplify a case, the boldest first: fewer images, pixels, classes and options, then rounder numbers. */
export const casePasses: readonly Pass<LossCase>[] = [
  ...BLOCKS.map((block) => (example: LossCase) => fewerImages(example, block)),
  ...BLOCKS.map((block) => (example: LossCase) => fewerPixels(example, block)),
  fewerClasses,
  fewerOptions,
  rounder,
].map(ofTheLoss);

// only cases that the loss takes, of values that it gets
function ofTheLoss(pass: Pass<LossCase>): Pass<LossCase> {
  return function* (example) {
    for (const simpler of pass(example)) if (meetsNeeds(simpler)) yield withValues(simpler, simpler.values);
  };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

// the numbers below `count` without one of their blocks; where there are many blocks, evenly spaced ones are left out
function* without(block: number, count: number): Generator<number[]> {
  if (block >= count) return;
  const blocks = Math.ceil(count / block);
  for (let i = 0; i < Math.min(blocks, TRIES); i++) {
    const start = block * (blocks <= TRIES ? i : Math.round((i * (blocks - 1)) / (TRIES - 1)));
    yield range(count).filter((k) => k < start || k >= start + block);
  }
}

function* fewerImages(example: LossCase, block: number): Generator<LossCase> {
  const { images, pixels } = extentsOf(example);
  for (const kept of without(block, images)) {
    const from = kept.flatMap((image) => range(pixels).map((pixel) => image * pixels + pixel));
    yield rearranged(example, from, kept.length);
  }
}

function* fewerPixels(example: LossCase, block: number): Generator<LossCase> {
  const { images, pixels } = extentsOf(example);
  for (const kept of without(block, pixels)) {
    const from = range(images).flatMap((image) => kept.map((pixel) => image * pixels + pixel));
    yield rearranged(example, from, images);
  }
}

// merges the last class into each other class: the probabilities are added, of logits the greater is kept
function* fewerClasses(example: LossCase): Generator<LossCase> {
  const { images, classes, pixels } = extentsOf(example);
  const { ignore, shape, classes: which } = example.options;
  if (classes <= 2 || typeof which === "object") return;
  const last = classes - 1;
  for (let into = 0; into < last; into++) {
    if (ignore === into || ignore === last) continue;
    const values = new Float32Array(images * last * pixels);
    example.values.forEach((value, at) => {
      const c = classOf(example, at);
      const to = (Math.floor(at / (pixels * classes)) * last + (c === last ? into : c)) * pixels + (at % pixels);
      // the last class comes after the one that it merges into
      if (c === last && example.kind === "softmax-logits") values[to] = Math.max(values[to], value);
      else values[to] += value;
    });
    const labels = example.labels.map((label) => (label === last ? into : label));
    yield { ...example, values, labels, options: { ...example.options, shape: [images, last, ...shape.slice(2)] } };
  }
}

function* fewerOptions(example: LossCase): Generator<LossCase> {
  const { shape, ignore, perImage, classes } = example.options;
  const dropping = (name: "ignore" | "perImage" | "classes"): LossCase => {
    const { [name]: _, ...options } = example.options;
    return { ...example, options };
  };
  const hasIgnored = example.labels.some((label) => label === ignore);
  if (ignore !== undefined && !hasIgnored) yield dropping("ignore");
  if (hasIgnored) yield { ...example, labels: example.labels.map((label) => (label === ignore ? (ignore === 0 ? 1 : 0) : label)) };
  if (ignore !== undefined && hasIgnored && ignore !== 255) {
    const labels = example.labels.map((label) => (label === ignore ? 255 : label));
    yield { ...example, labels, options: { ...example.options, ignore: 255 } };
  }
  if (perImage !== undefined && shape[0] === 1) yield dropping("perImage");
  if (classes !== undefined) yield dropping("classes");
  for (const salt of [0, 1, 2, 3]) if (salt < example.salt) yield { ...example, salt };
}

function* rounder(example: LossCase): Generator<LossCase> {
  const { values, labels, kind } = example;
  if (kind === "softmax") {
    yield* rounderRows(example);
    return;
  }
  for (const simple of simplerNumbers) {
    const all = values.map((value) => simple(value) ?? value);
    if (all.some((value, i) => !Object.is(value, values[i]))) yield { ...example, values: all };
  }
  if (values.length > FEW) return;
  for (const simple of simplerNumbers) {
    for (const [i, value] of values.entries()) {
      const one = simple(value);
      if (one !== null && !Object.is(Math.fround(one), value)) yield { ...example, values: values.with(i, one) };
    }
  }
  for (const [i, label] of labels.entries()) if (label === 1) yield { ...example, labels: labels.with(i, 0) };
}

// probabilities of a pixel, rounded to multiples of 1/2, 1/4, ... where the largest takes what the remaining ones lose
function* rounderRows(example: LossCase): Generator<LossCase> {
  const { images, pixels } = extentsOf(example);
  const rows = Array.from({ length: images * pixels }, (_, i) => i);
  for (const steps of [1, 2, 4, 8, 64, 1024]) {
    const chosen = rows.length > FEW ? [rows] : [rows, ...rows.map((i) => [i])];
    for (const some of chosen) {
      const values = roundedRows(example, some, steps);
      if (values.some((value, i) => value !== example.values[i])) yield { ...example, values };
    }
  }
}

function roundedRows(example: LossCase, some: readonly number[], steps: number): Float32Array {
  const { classes, pixels } = extentsOf(example);
  const values = example.values.slice();
  for (const i of some) {
    const offsets = Array.from({ length: classes }, (_, c) => (Math.floor(i / pixels) * classes + c) * pixels + (i % pixels));
    // already multiples of 1/steps
    if (offsets.every((at) => Number.isInteger(example.values[at] * steps))) continue;
    const largest = offsets.reduce((best, at) => (example.values[at] > example.values[best] ? at : best));
    let remainder = 1;
    for (const at of offsets) {
      if (at === largest) continue;
      values[at] = Math.min(remainder, Math.floor(example.values[at] * steps) / steps);
      remainder -= values[at];
    }
    values[largest] = remainder;
  }
  return values;
}
