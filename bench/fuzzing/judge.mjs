// The laws on a loss written in Python, by `lovasz fuzz`.
import { execFile } from "node:child_process";
import { delimiter, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** Why a loss cannot be judged here. */
export class Absent extends Error {}

/**
 * What `lovasz fuzz --json` prints of `name` of the Python module `module` of this folder, run by `python` with `path` among its modules. `honours` are
 * the options to pass, if not all that the loss knows. Throws `Absent` where the loss cannot be imported.
 */
export async function judge({ python, path, module, name, honours, runs, seed }) {
  const [kind] = /hinge|sigmoid|softmax/.exec(name);
  const args = ["fuzz", "--python", `${module}:${name}`, "--kind", kind, "--interpreter", resolve(python), "--runs", runs, "--seed", seed];
  const chosen = honours ? ["--honours", honours.join(",")] : [];
  const { out, err } = await called(
    [...args, ...chosen, ...(module === "in_torch" ? ["--torch"] : []), "--json", "--timeout", "300"],
    path,
  );
  if (out === "") throw new Absent(err.trim().split("\n").at(-1));
  const result = JSON.parse(out);
  const [{ message = "" }] = result.laws;
  if (/threw (ModuleNotFound|Import)Error/.test(message)) throw new Absent(message);
  return result;
}

function called(args, path) {
  const env = {
    ...process.env,
    PYTHONPATH: [here, resolve(path)].join(delimiter),
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONWARNINGS: "ignore",
    TF_CPP_MIN_LOG_LEVEL: "3",
    CUDA_VISIBLE_DEVICES: "-1",
  };
  const options = { cwd: here, env, maxBuffer: 2 ** 28 };
  return new Promise((done) => execFile(process.execPath, [cli, ...args.map(String)], options, (_, out, err) => done({ out, err })));
}
