import { dice } from "../../src/index.js";
import { regionSuite } from "../helpers/regionSuite.js";

regionSuite("dice", dice, { alpha: 0.5, beta: 0.5 });
