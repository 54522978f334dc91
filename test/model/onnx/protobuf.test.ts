import { expect, test } from "vitest";
import { floatField, integerField, joined, message, messageField, textField } from "../../../src/model/onnx/protobuf.js";

// the bytes of the guide to the encoding, https://protobuf.dev/programming-guides/encoding, and of protobuf 7.36 in Python
const hex = (pieces: Parameters<typeof joined>[0]) => Buffer.from(joined(pieces)).toString("hex");

test("integers are written in groups of seven bits", () => {
  expect(hex(integerField(1, 150))).toBe("089601");
  expect(hex(integerField(1, 0))).toBe("0800");
  expect(hex(integerField(1, 127))).toBe("087f");
  expect(hex(integerField(1, 128))).toBe("088001");
  expect(hex(integerField(20, 7))).toBe("a00107");
  expect(hex(integerField(1, 2 ** 40 + 1))).toBe("08818080808020");
});

test("negative integers take ten bytes", () => {
  expect(hex(integerField(1, -2))).toBe("08feffffffffffffffff01");
  expect(hex(integerField(1, -1))).toBe("08ffffffffffffffffff01");
});

test("floats are written with the lowest byte first", () => {
  expect(hex(floatField(2, 1))).toBe("150000803f");
  expect(hex(floatField(2, -0.1))).toBe("15cdccccbd");
});

test("text is written in UTF-8, with its length in bytes", () => {
  expect(hex(textField(2, "testing"))).toBe("120774657374696e67");
  expect(hex(textField(2, "é"))).toBe("1202c3a9");
  expect(hex(textField(2, ""))).toBe("1200");
  expect(hex(textField(2, "x".repeat(300)))).toBe(`12ac02${"78".repeat(300)}`);
});

test("messages hold fields in their order, and lie in one another", () => {
  expect(hex(messageField(3, integerField(1, 150)))).toBe("1a03089601");
  expect(hex(messageField(1, message(messageField(3, integerField(1, 150)), textField(2, "é"))))).toBe("0a091a030896011202c3a9");
  expect(hex(message())).toBe("");
  expect(hex(messageField(1, message()))).toBe("0a00");
});
