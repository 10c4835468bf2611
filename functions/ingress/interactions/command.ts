import {
  type DeferDeps,
  defer,
  onlyForYou,
  refusedByLimit,
  texts,
} from "../../../shared/discord/defer.ts";
import type { Command } from "../../../shared/discord/define-command.ts";
import {
  type CommandInteraction,
  type InteractionOption,
  ResponseType,
  unfold,
} from "../../../shared/discord/interaction.ts";
import type { AnswerBid } from "../../auctions/bidding/bid.ts";
import { dropFormModal } from "../../shop/commands/drop-form.ts";
import { DEFAULT_LIMIT_PER_BUYER } from "../../shop/domain/drop.ts";
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
  if (!command) return onlyForYou(texts.unknownCommand);
  if (!fits(command, options)) return onlyForYou(texts.badOptions);
  const values = Object.fromEntries(options.map(({ name, value }) => [name, value ?? ""]));
  if (command.answeredBy === "bid") return answerBid(interaction, values);
  const file = fileOf(interaction, options);
  if (file === "unusable") return onlyForYou(texts.badPicture);
  if (command.answeredBy === "form") {
    const { payment: plan } = values;
    if (plan !== "held" && plan !== "split") return onlyForYou(texts.badOptions);
    const refused = await refusedByLimit(interaction, command.limit, deps);
    if (refused) return refused;
    const limitPerBuyer = Number(values["limit"] ?? DEFAULT_LIMIT_PER_BUYER);
    return { type: ResponseType.form, data: dropFormModal({ plan, limitPerBuyer }) };
  }
  const published = {
    command: words,
    handler: command.answeredBy,
    limit: command.limit,
    options: { ...values, ...file },
  };
  return defer(interaction, published, deps);
}

/** Discord's numbers of options and what their values are. */
const VALUE_TYPES: Readonly<Record<number, string>> = {
  ...{ 3: "string", 4: "number", 5: "boolean", 6: "string", 11: "string" },
};
const ATTACHMENT = 11;

/** Where the file of an option is, under the option's name. */
function fileOf(
  { data }: CommandInteraction,
  options: readonly InteractionOption[],
): Readonly<Record<string, string>> | "unusable" {
  const option = options.find(({ type }) => type === ATTACHMENT);
  if (!option) return {};
  const file = data.resolved?.attachments?.[String(option.value)];
  return file && pictureProblems(file).length === 0 ? { [option.name]: file.url } : "unusable";
}

/** Whether the options are those of the command, each as it may be, none required missing. */
function fits(command: Command, options: readonly InteractionOption[]): boolean {
  const known = options.every(({ name, type, value }) => {
    const expected = command.options.find((candidate) => candidate.name === name);
    if (expected?.type !== type || typeof value !== VALUE_TYPES[type]) return false;
    const { min_value: least, max_value: most, max_length: longest } = expected;
    if (typeof value === "string") return value.length <= (longest ?? value.length);
    if (typeof value !== "number") return true;
    return Number.isInteger(value) && value >= (least ?? value) && value <= (most ?? value);
  });
  const given = new Set(options.map(({ name }) => name));
  return known && command.options.every(({ required, name }) => !required || given.has(name));
}
