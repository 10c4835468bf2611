import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { commandFunction } from "../../functions/members/command-function.ts";
import { action } from "../../shared/discord/definitions/command-action.ts";
import { documentId } from "../../shared/discord/definitions/custom-id.ts";
import {
  defineButton,
  defineCommand,
  defineSelect,
} from "../../shared/discord/definitions/define-command.ts";
import { choice, integer, text } from "../../shared/discord/definitions/options.ts";

const buy = defineButton({
  name: "drop-buy",
  parts: { dropId: documentId },
  who: "everyone",
  answeredBy: "shop",
});
const join = defineButton({
  name: "race-join",
  parts: { lobbyId: documentId },
  who: "everyone",
  answeredBy: "race-control",
});
const buying = action(buy, async (_use, { dropId }) => ({ content: dropId }));

describe("a definition", () => {
  test("with an action compiles, and one of another function needs none", () => {
    expect(commandFunction("shop", [buy, join], [buying])).toBeInstanceOf(Function);
  });

  test("without an action does not compile", () => {
    // @ts-expect-error Nothing answers "drop-buy".
    expect(commandFunction("shop", [buy], [])).toBeInstanceOf(Function);
  });

  test("that shows a form does not compile without one", () => {
    const about = { words: "c500 drop", description: "Sell", options: {}, who: "builder" } as const;
    // @ts-expect-error Nothing is shown.
    expect(defineCommand({ ...about, answeredBy: "form" }).answeredBy).toBe("form");
  });

  test("that is answered at once cannot be for builders, whose approval is read later", () => {
    const about = { name: "bid", parts: {}, answeredBy: "bid" } as const;
    // @ts-expect-error Only functions that finish commands read approvals.
    expect(defineButton({ ...about, who: "builder" }).who).toBe("builder");
  });

  test("types what its action is given", () => {
    const command = defineCommand({
      words: "c500 drop",
      description: "Sell",
      options: {
        price: text("How much", { required: true, maxLength: 20 }),
        limit: integer("How many", { min: 1, max: 20 }),
        payment: choice("When", { choices: { split: "now", held: "later" } }),
      },
      who: "builder",
      answeredBy: "shop",
    });
    const selling = action(command, async (_use, { price, limit, payment }) => {
      const typed: [string, number | undefined, "split" | "held" | undefined] = [
        price,
        limit,
        payment,
      ];
      return { content: typed.join() };
    });
    expect(selling.definition.name).toBe("c500 drop");
  });
});

describe("a select", () => {
  const about = { name: "colour", who: "everyone", answeredBy: "shop" } as const;
  const colours = { red: "Red", blue: "Blue" };

  test("types what its action is given: its parts, and what was chosen", async () => {
    const select = defineSelect({
      ...about,
      parts: { dropId: documentId },
      chosen: { kind: "choice", required: true, choices: colours },
    });
    const choosing = action(select, async (_use, { dropId, chosen }) => {
      const given: [string, "red" | "blue"] = [dropId, chosen];
      return { content: given.join() };
    });
    expect(commandFunction("shop", [select], [choosing])).toBeInstanceOf(Function);
    expect(select.id({ dropId: "7" })).toBe("colour:7");
  });

  test("without an action does not compile, nor with a part that hides what was chosen", () => {
    const chosen = { kind: "choice", required: true, choices: colours } as const;
    const select = defineSelect({ ...about, parts: {}, chosen });
    // @ts-expect-error Nothing answers "colour".
    expect(commandFunction("shop", [select], [])).toBeInstanceOf(Function);
    // @ts-expect-error A part is called "chosen".
    expect(defineSelect({ ...about, parts: { chosen: documentId }, chosen }).name).toBe("colour");
  });
});

test("every action is marked as pure, so that Discord's endpoint is deployed without it", () => {
  const unmarked = globSync("functions/*/commands/**/*.ts").flatMap((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => /^export const .*\baction\(/.test(line))
      .filter((line) => !line.includes("= /* @__PURE__ */ action("))
      .map((line) => `${path}: ${line}`),
  );
  expect(unmarked).toEqual([]);
});
