import { openWasm } from "../../src/device/wasm.js";
import { conformance } from "./conformance.js";

conformance("the wasm device", async () => openWasm());
