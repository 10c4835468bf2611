import { type Command, OptionType } from "../../../shared/discord/define-command.ts";

/** `/c500 live`: proof of work on stream, or an announcement. */
export const c500Live = {
  words: "c500 live",
  description: "Tell everyone you're live: to chat, with a drop, or building their orders",
  options: [
    {
      name: "context",
      description: "What you're going live with",
      type: OptionType.string,
      required: true,
      choices: [
        { name: "chat: come hang out", value: "chat" },
        { name: "drop: something fresh for sale", value: "drop" },
        { name: "order: building one order", value: "order" },
        { name: "orders: building several orders", value: "orders" },
      ],
    },
    {
      name: "orders",
      description: "The order's id, or several separated by commas between them",
      type: OptionType.string,
      autocomplete: true,
      max_length: 6000,
    },
  ],
  who: "builder",
  limit: "goLives",
  answeredBy: "go-live",
} as const satisfies Command;

/** The wire form of what was typed: `order` and an id give `order:ID`; a wire form stays itself. */
export function liveContextOf(options: Readonly<Record<string, unknown>>): string {
  const context = String(options["context"] ?? "");
  if (context !== "order" && context !== "orders") return context;
  return `${context}:${options["orders"] ?? ""}`;
}
