import type { Command } from "./define-command.ts";

/** Discord's number for a text option, kept here so that no library loads for it. */
const STRING = 3;

/** `/c500 live`: proof of work on stream, or an announcement. */
export const c500Live = {
  words: "c500 live",
  description: "Tell everyone you're live: to chat, with a drop, or building their orders",
  options: [
    {
      name: "context",
      description: "What you're going live with",
      type: STRING,
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
      description: "The order's id, or several with commas between them",
      type: STRING,
      autocomplete: true,
      max_length: 6000,
    },
  ],
  answer: "deferred",
  ephemeral: true,
} as const satisfies Command;

/** The wire form of what was typed: `order` and an id give `order:ID`; a wire form stays itself. */
export function liveContextOf(options: Readonly<Record<string, unknown>>): string {
  const context = String(options["context"] ?? "");
  if (context !== "order" && context !== "orders") return context;
  return `${context}:${options["orders"] ?? ""}`;
}
