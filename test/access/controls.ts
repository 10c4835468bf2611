import { buttons, commands, forms, selects } from "../../functions/ingress/commands.ts";
import type { Definition } from "../../shared/discord/definitions/define-command.ts";
import { type CommandHandler, commandHandlers } from "../../shared/events/discord-command.ts";

/** Whether it is deferred: a function finishes it after "thinking…". */
export function isDeferred({ answeredBy }: Definition): boolean {
  const handlers: readonly string[] = commandHandlers satisfies readonly CommandHandler[];
  return handlers.includes(answeredBy);
}

/** Every command, and every button, select and form that a function finishes. */
export const controls: readonly Definition[] = [
  ...commands,
  ...[...buttons, ...selects, ...forms].filter(isDeferred),
];

/** Buttons and selects that are answered at once. Their forms have the same names, or are finished by a function. */
export const immediateControls = [...buttons, ...selects].filter((each) => !isDeferred(each));
