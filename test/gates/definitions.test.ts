import { expect, test } from "@jest/globals";
import { commandFunction } from "../../functions/members/command-function.ts";

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
