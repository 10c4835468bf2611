import { expect, test } from "@jest/globals";
import { person, personal, text } from "../../shared/documents/fields.ts";

test("a personal field with rules for erasure and export compiles", () => {
  const link = personal(text("link"), { erase: "remove", export: "included" });
  expect(link.personal).toEqual({ erase: "remove", export: "included" });
});

test("a personal field without an erasure rule does not compile", () => {
  // @ts-expect-error Nothing says what being forgotten does with it.
  expect(personal(text("link"), { export: "included" })).toBeDefined();
  // @ts-expect-error What stays has to say why.
  expect(personal(text("link"), { erase: "keep", export: "included" })).toBeDefined();
});

test("a personal field without an export rule does not compile", () => {
  // @ts-expect-error Nothing says whether the person may read it.
  expect(person("buyer_id", { erase: "replace-with-alias" })).toBeDefined();
});
