// What `npm run site` adds to TypeDoc: pages named by their headings, formulas as MathML, the page `lovasz paint`, and a check of all links.
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import temml from "temml";
import { Application, Converter, JSX, KindRouter, RendererEvent } from "typedoc";
import { buildBench } from "./buildBench.mjs";
import { deadLinks } from "./links.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const require = createRequire(import.meta.url);

export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, nameDocument);
  app.renderer.defineRouter("site", SiteRouter);
  // before, TypeDoc reads typedoc.json again and forgets it
  app.on(Application.EVENT_BOOTSTRAP_END, () => app.options.setValue("markdownItLoader", extend));
  app.internationalization.addTranslations("en", { kind_plural_module: "API" });
  app.renderer.hooks.on("body.begin", openGroups);
  app.renderer.hooks.on("sidebar.begin", (context) =>
    JSX.createElement("p", { class: "site-paint" }, paintLink(context), JSX.createElement("br", null), benchLink(context)),
  );
  app.renderer.hooks.on("content.begin", inviteToPaint);
  app.renderer.on(RendererEvent.END, ({ outputDirectory }) => {
    try {
      copyFiles(outputDirectory);
      buildBench(join(outputDirectory, "bench"));
      for (const line of deadLinks(outputDirectory)) app.logger.error(line);
    } catch (error) {
      app.logger.error(error.message);
    }
  });
}

/** Its name is its first heading, and its group in the navigation follows from its folder. */
function nameDocument(_context, document) {
  const text = document.content.map((part) => part.text).join("");
  document.name = /^# (.*)$/m.exec(text)?.[1].replaceAll("`", "") ?? document.name;
  document.frontmatter.group = groupOf(pathOf(document));
}

function groupOf(path) {
  if (path.startsWith("docs/howto/")) return "How to";
  return path.startsWith("docs/") ? "In depth" : "Project";
}

function pathOf(document) {
  return relative(root, document.project.files.getReflectionPath(document)).replaceAll("\\", "/");
}

/** A document has the address of its file, so that links to it outlast a change of its heading. */
class SiteRouter extends KindRouter {
  getIdealBaseName(reflection) {
    if (!reflection.isDocument()) return super.getIdealBaseName(reflection);
    return pathOf(reflection)
      .replace(/^docs\//, "")
      .replace(/\.md$/, "");
  }
}

/** Formulas are written as on GitHub: $`x`$ within a line, and blocks of ```math. A table is in a box that scrolls. */
function extend(parser) {
  const { fence } = parser.renderer.rules;
  parser.renderer.rules.fence = (tokens, index, options, environment, self) => {
    const { info, content } = tokens[index];
    if (info !== "math") return fence(tokens, index, options, environment, self);
    return `<div class="formula">${formula(content, true)}</div>\n`;
  };
  parser.inline.ruler.before("text", "formula", (state, silent) => {
    const [whole, source, mark] = /^\$`([^`]+)`\$([.,;:)]*)/.exec(state.src.slice(state.pos)) ?? [];
    if (!whole) return false;
    if (!silent) state.push("html_inline", "", 0).content = `<span class="inline-formula">${formula(source, false)}${mark}</span>`;
    state.pos += whole.length;
    return true;
  });
  parser.renderer.rules.table_open = () => '<div class="table"><table>\n';
  parser.renderer.rules.table_close = () => "</table></div>\n";
  // TypeDoc takes the names of headings from text alone, and would leave out code
  parser.core.ruler.push("code in headings", ({ tokens, Token }) => {
    for (const [i, heading] of tokens.entries()) {
      if (heading.type !== "heading_open") continue;
      for (const part of tokens[i + 1].children.filter(({ type }) => type === "code_inline")) {
        part.children = [Object.assign(new Token("text", "", 0), { content: part.content })];
      }
    }
  });
}

const formula = (source, displayMode) => temml.renderToString(source, { displayMode, throwOnError: true });

/** The documents stand open in the navigation until a reader closes them; TypeDoc keeps that under these keys. */
function openGroups() {
  const html = 'for (const group of ["How to", "In depth"]) localStorage["tsd-accordion-" + group] ??= "true";';
  return JSX.createElement("script", null, JSX.createElement(JSX.Raw, { html }));
}

function inviteToPaint(context) {
  if (context.page.url !== "index.html") return JSX.createElement(JSX.Fragment, null);
  const invitation = ": paint a few strokes on a picture, and a network learns in your browser while you watch";
  return JSX.createElement("p", { class: "site-paint" }, paintLink(context), invitation);
}

const paintLink = (context) => JSX.createElement("a", { href: context.relativeURL("paint/index.html") }, "Try lovasz paint");
const benchLink = (context) => JSX.createElement("a", { href: context.relativeURL("bench/index.html") }, "Measure this browser");

function copyFiles(folder) {
  const paint = join(root, "dist/paint");
  if (!existsSync(paint)) throw new Error("dist/paint is missing: run npm run build first");
  cpSync(paint, join(folder, "paint"), { recursive: true });
  const font = require.resolve("@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2");
  mkdirSync(join(folder, "assets"), { recursive: true });
  cpSync(font, join(folder, "assets", basename(font)));
  cpSync(join(dirname(font), "../LICENSE"), join(folder, "assets/stix-two-math-licence.txt"));
}
