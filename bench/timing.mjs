// The timing of `lovasz bench`, for the benches here.
export * from "../build/js/cli/bench/timing.js";
