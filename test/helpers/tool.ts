// Programs that tests need and that not every machine has.
import { spawnSync } from "node:child_process";

/** Whether `program` with `args` succeeds; says so where it does not, as the tests that need it are then skipped. */
export function hasTool(program: string, args: readonly string[], cure: string): boolean {
  const { error, status } = spawnSync(program, args, { stdio: "ignore", timeout: 20_000 });
  if (!error && status === 0) return true;
  console.warn(`skipped: ${program} ${args.join(" ")} does not work on this machine; ${cure}`);
  return false;
}
