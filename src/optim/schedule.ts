// Shared by the schedules: a linear warm-up, then a decay by the progress of the remaining steps.
import { finite, integer, MAX_WEIGHT } from "../options.js";

/** A learning rate for each step, which counts from 0. */
export type Schedule = (step: number) => number;

/** Options that the schedules share. */
export interface ScheduleOptions {
  /** The learning rate after the warm-up, from 0 to 1e18. */
  from: number;
  /** The number of steps, including those of the warm-up; at least 1. Later steps keep the last rate. */
  steps: number;
  /** The number of steps over which the rate first rises linearly, less than `steps`. Default 0. */
  warmup?: number;
}

/** Returns the schedule: `decay` is the rate at a progress from 0 (the end of the warm-up) to 1 (step `steps`). */
export function schedule(call: string, options: ScheduleOptions, decay: (progress: number, from: number) => number): Schedule {
  const from = finite(call, "from", options.from ?? null, 0, 0, MAX_WEIGHT);
  const steps = integer(call, "steps", options.steps ?? null, 0, 1);
  const warmup = integer(call, "warmup", options.warmup, 0, 0, steps - 1);
  return (step) => {
    const now = integer("the schedule, (step) => lr", "step", step ?? null, 0, 0);
    if (now < warmup) return (from * (now + 1)) / (warmup + 1);
    return decay(Math.min((now - warmup) / (steps - warmup), 1), from);
  };
}
