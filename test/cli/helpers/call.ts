// The command called in this process, with what it would print.
import { run } from "../../../src/cli/program.js";

export async function call(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const sink = (lines: string[]) => ({ isTTY: false, write: (text: string) => lines.push(text) });
  const code = await run(args, { stdout: sink(out), stderr: sink(err) as unknown as NodeJS.WriteStream });
  return { code, out: out.join(""), err: err.join("") };
}
