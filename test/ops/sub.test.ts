// Subtraction: every element, broadcast.
import { sub } from "../../src/index.js";
import { testBinary } from "../helpers/elementwise.js";

testBinary({ name: "sub", operator: sub, reference: (x, y) => x - y });
