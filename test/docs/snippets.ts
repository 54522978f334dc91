// The examples in the documentation: blocks of ```js or another language, each with the ```text block behind it that says what it prints.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";

export interface Snippet {
  /** The line where its code begins. */
  line: number;
  code: string;
  /** What it prints, or null where the page does not say. */
  output: string | null;
}

/** The snippets in `language` of a Markdown file. */
export function snippetsOf(file: string, language = "js"): Snippet[] {
  const text = readFileSync(file, "utf8");
  const block = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`\\n(?:\\n\`\`\`text\\n([\\s\\S]*?)^\`\`\`\\n)?`, "gm");
  return [...text.matchAll(block)].map(({ index, 1: code, 2: output }) => ({
    line: text.slice(0, index).split("\n").length + 1,
    code,
    output: output ?? null,
  }));
}

/** What `code` prints, run in Node in `cwd`, a folder in the package, which it imports by name. */
export async function printed(code: string, cwd = "."): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", code], { cwd });
  return stdout;
}
