import { jaccard } from "../../src/index.js";
import { regionSuite } from "../helpers/regionSuite.js";

regionSuite("jaccard", jaccard, { alpha: 1, beta: 1 });
