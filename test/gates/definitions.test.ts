import { expect, test } from "@jest/globals";
import { commandFunction } from "../../functions/members/command-function.ts";
import { person, personal, text } from "../../shared/documents/fields.ts";

const buy = { name: "drop-buy", handler: "shop", who: "everyone" } as const;

test("a definition with an action compiles, and one of another handler needs none", () => {
  const other = { name: "race-join", handler: "race-control", who: "everyone" } as const;
  const answer = async () => ({ content: "Sold" });
  expect(commandFunction("shop", [buy, other], { "drop-buy": answer })).toBeInstanceOf(Function);
});

test("a definition without an action does not compile", () => {
  // @ts-expect-error Nothing answers "drop-buy".
  expect(commandFunction("shop", [buy], {})).toBeInstanceOf(Function);
});

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
