import { DiscordAPIError } from "@discordjs/rest";
import { describeError } from "../../shared/runtime/errors.ts";

/** What Discord said, in one line. */
export function whatWentWrong(error: unknown): string {
  if (!(error instanceof DiscordAPIError)) return describeError(error);
  const said = error.message.split("\n").join(" ");
  return `${said} (status ${error.status}, code ${error.code})`;
}
