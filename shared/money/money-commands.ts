import * as z from "zod/mini";
import type { MoneyCommand } from "./money-command.ts";

/** Commands as a wallet or an order remembers them. */
export const moneyCommands = z.array(
  z.pipe(
    z.object({ id: z.string(), what: z.string(), is_done: z.boolean() }),
    z.transform(({ id, what, is_done: isDone }): MoneyCommand => ({ id, what, isDone })),
  ),
);

/** The same as they are stored. */
export function moneyCommandFields(commands: readonly MoneyCommand[]) {
  return commands.map(({ id, what, isDone }) => ({ id, what, is_done: isDone }));
}
