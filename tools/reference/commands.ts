import { commands } from "../../functions/ingress/commands.ts";
import {
  type Audience,
  type CommandDefinition,
  MAX_MONEY_COMMAND_AGE_MS,
} from "../../shared/discord/definitions/define-command.ts";
import type { OptionDefinition } from "../../shared/discord/definitions/options.ts";
import {
  DROP_ALERT_INTERVAL_MS,
  type Limit,
  limitNames,
  limits,
  MAX_OPEN_RESERVATIONS,
} from "../../shared/limits/limits.ts";
import { limitInWords } from "../../shared/limits/texts.ts";
import { page, sentence, table } from "./markdown.ts";

const INTRO = `What people type in Discord. Options in brackets may be left out. Staff are the managers of the community's own
server; builders and hosts are people whom staff have approved.

A command that arrives more than five minutes after it was typed changes nothing, and its user is notified; one that
moves money (marked **1 min**) has one minute.`;

const LIMITS = `## Limits per person

Everything that pings, posts as the bot or holds stock is limited per person, in a sliding window. A repeated delivery
does not count again, and giving something back does not free a use. Someone who reaches a limit reads when they may
try again. Staff's own commands have no limit.

"Without Redis" says what happens while Redis, which counts, does not answer: what holds stock is refused; the rest goes
on, because Firestore limits it as well or staff can undo it.`;

const MINUTE_MS = 60_000;

const OTHERS = `One person can hold at most ${MAX_OPEN_RESERVATIONS} unpaid orders at a time, over all drops. Drop alerts are at least
${DROP_ALERT_INTERVAL_MS / MINUTE_MS} minutes apart, across all builders.`;

const AUDIENCES: Readonly<Record<Audience, string>> = {
  everyone: "everyone",
  owner: "its owner",
  builder: "builders",
  "builder-or-staff": "builders, staff",
  host: "hosts, staff",
  staff: "staff",
};

/** `docs/reference/commands.md`. */
export function commandsPage(): string {
  const sizes = Map.groupBy(commands, ({ words }) => wordsBefore(words));
  const groups = Map.groupBy(commands, ({ words }) => {
    const before = wordsBefore(words);
    return (sizes.get(before)?.length ?? 0) > 1 ? before : wordsBefore(before);
  });
  return page("Commands", "the features' `commands/`", [
    INTRO,
    ...[...groups].flatMap(([group, members]) => groupPart(group, members)),
    LIMITS,
    table(
      ["limit", "what counts", "without Redis"],
      limitNames.map((name) => {
        const { counts, withoutRedis }: Limit = limits[name];
        return [limitInWords(name), counts, withoutRedis === "allow" ? "goes on" : "is refused"];
      }),
    ),
    OTHERS,
  ]);
}

function wordsBefore(words: string): string {
  return words.split(" ").slice(0, -1).join(" ");
}

function groupPart(group: string, members: readonly CommandDefinition[]): string[] {
  const options = members.flatMap(({ words, options: all }) =>
    Object.entries(all).map(([name, option]) => [
      `\`/${words}\``,
      `\`${name}:\``,
      sentence(option.description),
      valuesText(option),
    ]),
  );
  return [
    group === "" ? "## Commands of one word" : `## /${group}`,
    table(["command", "does", "who", "limit"], members.map(rowOf)),
    ...(options.length > 0 ? [table(["command", "option", "meaning", "value"], options)] : []),
  ];
}

function rowOf(command: CommandDefinition): string[] {
  const age = command.maxAgeMs === MAX_MONEY_COMMAND_AGE_MS ? "**1 min**" : "";
  const limit = command.limit === undefined ? "" : limitInWords(command.limit);
  return [
    `\`${usageOf(command)}\``,
    sentence(command.description),
    AUDIENCES[command.who],
    [limit, age].filter(Boolean).join(", "),
  ];
}

function usageOf({ words, options }: CommandDefinition): string {
  const typed = Object.entries(options).map(([name, { required }]) =>
    required ? `${name}:` : `[${name}:]`,
  );
  return ["/", words, ...typed.map((option) => ` ${option}`)].join("");
}

function valuesText(option: OptionDefinition): string {
  const offered = option.suggest === undefined ? "" : ", offered as you type";
  if (option.choices) return Object.values(option.choices).join("; ");
  switch (option.kind) {
    case "integer":
      return `whole number, ${option.min} to ${option.max}`;
    case "text":
      return `text, at most ${option.maxLength} characters${offered}`;
    case "flag":
      return "True or False";
    case "user":
      return "a member";
    case "picture":
      return "a picture";
    case "choice":
    case "id":
      return "text";
  }
}
