import { text } from "../../../shared/discord/definitions/options.ts";

/** The lobby that a command is about. */
export const lobbyOption = text("Which lobby; yours, or the one of this channel, by default", {
  maxLength: 100,
  suggest: "lobbies",
});

/** The longest amount, with its currency's sign and commas. */
export const MAX_AMOUNT_LENGTH = 30;
