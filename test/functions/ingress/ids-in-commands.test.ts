import { describe, test } from "@jest/globals";
import { commands } from "../../../functions/ingress/commands.ts";
import type { CommandDefinition } from "../../../shared/discord/definitions/define-command.ts";
import type { OptionDefinition } from "../../../shared/discord/definitions/options.ts";
import { optionTypes } from "../../../shared/discord/definitions/registration.ts";
import { BAD_IDS, expectWords, useOutsideIds } from "./outside-ids.ts";

useOutsideIds();

const COMMAND = 2;
const STRING = 3;
const values: Readonly<Record<string, unknown>> = { integer: 1, flag: true, user: "1" };

/** The options that identify what a command is about: typed by hand, or a Discord user. */
const namesSomething = ({ kind, choices }: OptionDefinition) =>
  kind === "user" || (kind === "text" && !choices);

/** Optional values without which a command would not read an id. */
const ASKED_FOR: readonly string[] = ["context", "close", "amount"];

/** An invocation of a command with one malformed option; all others that it needs are valid. */
function dataOf({ words, options }: CommandDefinition, wrong: string, value: string) {
  const given = Object.entries(options)
    .filter(([name, { required }]) => name === wrong || required || ASKED_FOR.includes(name))
    .map(([name, option]) => {
      const choices = Object.keys(option.choices ?? {});
      const right = choices.at(-1) ?? values[option.kind] ?? "1";
      return { name, type: optionTypes[option.kind], value: name === wrong ? value : right };
    });
  const [name, ...below] = words.split(" ");
  const [outer, inner] = below.length === 2 ? below : [undefined, below[0]];
  const command = inner ? [{ name: inner, type: 1, options: given }] : given;
  return {
    id: "1",
    name,
    type: 1,
    options: outer ? [{ name: outer, type: 2, options: command }] : command,
  };
}

const uses = commands.flatMap((command) =>
  Object.entries(command.options)
    .filter(([, option]) => namesSomething(option))
    .map(([option]) => [`/${command.words} ${option}:`, command, option] as const),
);

describe("an id that no document can have", () => {
  test.each(uses)("in %s is answered with an explanation", async (_name, command, option) => {
    for (const id of BAD_IDS) await expectWords(COMMAND, dataOf(command, option, id));
  });

  test.each(["order", "orders"])(
    "among the orders of /c500 live context:%s too",
    async (context) => {
      const options = (orders: string) => [
        { name: "context", type: STRING, value: context },
        { name: "orders", type: STRING, value: orders },
      ];
      for (const id of BAD_IDS) {
        const live = [{ name: "live", type: 1, options: options(`o1,${id}`) }];
        await expectWords(COMMAND, { id: "1", name: "c500", type: 1, options: live });
      }
    },
  );
});
