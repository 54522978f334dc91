// Prints what an engine with a command line does, as JSON.
import * as lovasz from "../../dist/index.js";
import { conformance, gpus } from "./conformance.mjs";

console.log(JSON.stringify({ ...(await conformance(lovasz)), ...(await gpus(lovasz)) }));
