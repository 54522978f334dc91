// Checks that every link within a folder of HTML pages leads to a file of it, and to an element where it names one.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const LINK = /<[a-z][^>]*?\s(?:href|src)="([^"]*)"/g;
const ID = /<[a-z][^>]*?\sid="([^"]*)"/g;

/** A line for each dead link of the pages in `folder`. Links out of it count as dead, those to other hosts are not followed. */
export function deadLinks(folder) {
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".html"));
  const texts = new Map(pages.map((page) => [join(folder, page), readFileSync(join(folder, page), "utf8")]));
  const ids = new Map([...texts].map(([page, text]) => [page, new Set([...text.matchAll(ID)].map(([, id]) => id))]));
  return [...texts].flatMap(([page, text]) => {
    const links = new Set([...text.matchAll(LINK)].map(([, link]) => link.replaceAll("&amp;", "&")));
    return [...links]
      .filter((link) => !/^[a-z]+:/.test(link) && isDead(folder, page, link, ids))
      .map((link) => `${relative(folder, page)} links to ${link}, which is not there`);
  });
}

function isDead(folder, page, link, ids) {
  const [path, anchor] = link.split("#").map(decodeURIComponent);
  let target = path === "" ? page : resolve(dirname(page), path.replace(/\?.*/, ""));
  if (relative(folder, target).startsWith("..") || !existsSync(target)) return true;
  if (statSync(target).isDirectory()) target = join(target, "index.html");
  if (!existsSync(target)) return true;
  return Boolean(anchor) && ids.has(target) && !ids.get(target).has(anchor);
}
