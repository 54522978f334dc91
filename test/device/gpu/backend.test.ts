// Which canvas the probe for WebGL2 takes.
import { afterEach, expect, test, vi } from "vitest";
import { probeWebGL2 } from "../../../src/device/gpu/backend.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

const gl = {
  MAX_TEXTURE_SIZE: 1,
  getExtension: (name: string) => (name === "EXT_color_buffer_float" ? {} : null),
  getParameter: (name: unknown) => (name === gl.MAX_TEXTURE_SIZE ? 4096 : "ACME"),
};
const canvas = { getContext: () => gl };

test("takes a canvas of the document first: WebKitGTK gives WebGL2 to no other", () => {
  vi.stubGlobal(
    "OffscreenCanvas",
    class {
      getContext = () => null;
    },
  );
  expect(probeWebGL2(true)).toMatch(/no WebGL2/);
  vi.stubGlobal("document", { createElement: () => canvas });
  expect(probeWebGL2(true)).toMatchObject({ mode: "webgl2", renderer: "ACME", software: false, lines: 4096 });
});

test("takes an OffscreenCanvas in a worker", () => {
  vi.stubGlobal(
    "OffscreenCanvas",
    class {
      getContext = () => gl;
    },
  );
  expect(probeWebGL2(true)).toMatchObject({ mode: "webgl2" });
  expect(probeWebGL2(false)).toMatch(/no WebGL2/);
});
