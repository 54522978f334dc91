// Addition: every element, broadcast.
import { add } from "../../src/index.js";
import { testBinary } from "../helpers/elementwise.js";

testBinary({ name: "add", operator: add, reference: (x, y) => x + y });
