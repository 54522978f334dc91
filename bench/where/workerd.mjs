// A worker for workerd, which tests it: prints what that engine does, as JSON.
import * as lovasz from "../../dist/index.js";
import { conformance, gpus } from "./conformance.mjs";

export default {
  async test() {
    console.log(JSON.stringify({ ...(await conformance(lovasz)), ...(await gpus(lovasz)) }));
  },
};
