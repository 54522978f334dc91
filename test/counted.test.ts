import { expect, test } from "vitest";
import { counted } from "../src/counted.js";

test.each([
  [0, "picture", undefined, "0 pictures"],
  [1, "picture", undefined, "1 picture"],
  [2, "picture", undefined, "2 pictures"],
  [1, "class", "classes", "1 class"],
  [21, "class", "classes", "21 classes"],
])("counted(%s, %j, %j) is %j", (count, noun, plural, expected) => expect(counted(count, noun, plural)).toBe(expected));
