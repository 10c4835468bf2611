import type { CommandDefinition } from "../../../shared/discord/definitions/define-command.ts";
import { optionTypes } from "../../../shared/discord/definitions/registration.ts";
import { readValues } from "../../../shared/discord/definitions/values.ts";
import {
  type CommandInteraction,
  type InteractionOption,
  ResponseType,
  unfold,
} from "../../../shared/discord/interaction.ts";
import { modalOf } from "../../../shared/discord/modal.ts";
import {
  type DeferDeps,
  defer,
  onlyForYou,
  refusedByLimit,
  texts,
} from "../../../shared/discord/sending/defer.ts";
import { snowflakeTimeMs } from "../../../shared/discord/snowflake.ts";
import { keepForOperators } from "../../../shared/runtime/delivery/keep-for-operators.ts";
import type { AnswerBid } from "../../auctions/bidding/bid.ts";
import { commands } from "../commands.ts";
import { pictureProblems } from "./picture-problems.ts";

/** Answers a slash command: with a form at once, or with "thinking…" and a published command. */
export async function answerCommand(
  interaction: CommandInteraction,
  deps: DeferDeps,
  answerBid: AnswerBid,
): Promise<object> {
  const { words, options } = unfold(interaction);
  const command = commands.find((candidate) => candidate.words === words);
  if (!command) return refuseUnknown(interaction, words, deps);
  const given = givenOptions(command, interaction, options);
  if (given === "bad-picture") return onlyForYou(texts.badPicture);
  const values = given && readValues(command.options, given);
  if (!values) return onlyForYou(texts.badOptions);
  switch (command.answeredBy) {
    case "bid":
      return answerBid(interaction, values);
    case "form":
    case "draft": {
      const refused = await refusedByLimit(interaction, command.limit, deps);
      const usedAt = new Date(snowflakeTimeMs(interaction.id));
      const opened = command.opens?.(values, usedAt) ?? texts.unknownCommand;
      if (refused || typeof opened === "string") return refused ?? onlyForYou(String(opened));
      return { type: ResponseType.form, data: modalOf(opened) };
    }
    default: {
      const opened = command.opens?.(values, new Date(snowflakeTimeMs(interaction.id)));
      if (typeof opened === "string") return onlyForYou(opened);
      if (opened) return { type: ResponseType.form, data: modalOf(opened) };
      return defer(interaction, { definition: command, handler: command.answeredBy, values }, deps);
    }
  }
}

/** `YYYY-MM-DD` of an ISO 8601 time. */
const DATE_LENGTH = 10;

/** Reports to the operators that Discord has a command registered that this version does not have. */
async function refuseUnknown(
  { id }: CommandInteraction,
  words: string,
  deps: DeferDeps,
): Promise<object> {
  const day = new Date(snowflakeTimeMs(id)).toISOString().slice(0, DATE_LENGTH);
  const command = words.replace(/[^a-z0-9]/g, "-");
  const report = {
    // One report per command and day.
    id: `discord-interactions.unknown.${command}.${day}`,
    functionName: "discord-interactions",
    reason: `Somebody used "/${words}", which this version does not have. ./dev setup registers the commands again.`,
    attributes: {},
    body: "",
    isReport: true,
  };
  await keepForOperators(report, deps);
  return onlyForYou(texts.unknownCommand);
}

/** The options by name, files as their addresses. Undefined if one does not belong to the command. */
function givenOptions(
  command: CommandDefinition,
  { data }: CommandInteraction,
  options: readonly InteractionOption[],
): Readonly<Record<string, unknown>> | "bad-picture" | undefined {
  const given: Record<string, unknown> = {};
  for (const { name, type, value } of options) {
    const option = Object.hasOwn(command.options, name) ? command.options[name] : undefined;
    if (!option || optionTypes[option.kind] !== type || value === undefined) return undefined;
    const file = option.kind === "picture" && data.resolved?.attachments?.[String(value)];
    if (option.kind === "picture" && (!file || pictureProblems(file).length > 0)) {
      return "bad-picture";
    }
    given[name] = file ? file.url : value;
  }
  return given;
}
