// Programs that tests need and that not every machine has.
import { spawnSync } from "node:child_process";

/** Whether `program` can be started; says so where it cannot, as the tests that need it are then skipped. */
export function hasTool(program: string, cure: string): boolean {
  const present = !spawnSync(program, ["--version"], { stdio: "ignore" }).error;
  if (!present) console.warn(`skipped: ${program} is not installed; ${cure}`);
  return present;
}
