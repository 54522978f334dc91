// Modules of src/paint in a real page, under the policy of the page that is published.
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { openSite } from "../../helpers/browser.js";

const source = new URL("../../../src/paint/", import.meta.url);

/** A page where each of `names`, such as "files/projectZip", is a property of `modules`. The caller closes it. */
export async function openModules(...names: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "lovasz-test-"));
  const imports = names.map((name, i) => `import * as m${i} from "./${name}.ts";`);
  const modules = names.map((name, i) => `"${name}": m${i}`);
  await build({
    stdin: { contents: `${imports.join("\n")}\nglobalThis.modules = { ${modules.join(", ")} };`, resolveDir: fileURLToPath(source) },
    bundle: true,
    format: "esm",
    outfile: join(folder, "paint.js"),
    logLevel: "error",
  });
  copyFileSync(new URL("static/index.html", source), join(folder, "index.html"));
  const site = await openSite({ "/page/": pathToFileURL(`${folder}/`) }, "page/");
  return {
    ...site,
    close: async () => {
      await site.close();
      rmSync(folder, { recursive: true });
    },
  };
}
