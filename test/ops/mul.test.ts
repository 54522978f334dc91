// Multiplication: every element, broadcast.
import { mul } from "../../src/index.js";
import { testBinary } from "../helpers/elementwise.js";

testBinary({ name: "mul", operator: mul, reference: (x, y) => x * y });
