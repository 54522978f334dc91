// The pictures of docs/mathematics.md and docs/speed.md, with the numbers that they show.

export * as accuracy from "./pictures/accuracy.mjs";
export * as surface from "./pictures/surface.mjs";
export * as time from "./pictures/time.mjs";
