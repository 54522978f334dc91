import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeHtml, scriptJson } from "../../../src/cli/report/escape.js";

test("escaped text has no character that HTML acts on, and nothing else changes", () => {
  expect(escapeHtml(`<a href="x" title='y'>&amp;`)).toBe("&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;");
  fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(escapeHtml(text))));
  expect(escapeHtml("Lovász 雲")).toBe("Lovász 雲");
});

test("JSON in a script ends no element, and reads back as it was", () => {
  const value = { name: "</script><!--<script>", list: [1, null] };
  expect(scriptJson(value)).not.toContain("<");
  fc.assert(
    fc.property(fc.json(), (json) => JSON.stringify(JSON.parse(scriptJson(JSON.parse(json)))) === JSON.stringify(JSON.parse(json))),
  );
});
