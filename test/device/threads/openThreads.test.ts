import { openDevice } from "../../../src/index.js";
import { WORKER } from "../../helpers/worker.js";
import { conformance } from "../conformance.js";

conformance("the threads device, every call spread over two workers", () =>
  openDevice("threads", { worker: WORKER, workers: 2, least: 0 }),
);
