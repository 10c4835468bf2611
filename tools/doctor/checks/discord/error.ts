import { DiscordAPIError } from "@discordjs/rest";
import { describeError } from "../../../../shared/runtime/errors.ts";

/** Describes an error in one line, with Discord's status and code. */
export function whatWentWrong(error: unknown): string {
  if (!(error instanceof DiscordAPIError)) return describeError(error);
  const message = error.message.split("\n").join(" ");
  return `${message} (status ${error.status}, code ${error.code})`;
}
