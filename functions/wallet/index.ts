import type { OutgoingMessage } from "../../shared/clients/discord.ts";
import {
  type DiscordCommand,
  discordCommandReceived,
} from "../../shared/events/discord-command.ts";
import { answerInteraction } from "../../shared/messages/answer-interaction.ts";
import { subscriber } from "../../shared/runtime/subscriber.ts";
import { payOut } from "./pay-out.ts";
import { showWallet } from "./show-wallet.ts";
import type { WalletDeps } from "./wallet-deps.ts";

/** What each command does; what it gives is the answer. */
const desks: Readonly<
  Record<string, (command: DiscordCommand, deps: WalletDeps) => Promise<OutgoingMessage>>
> = {
  wallet: showWallet,
  payout: payOut,
};

/**
 * What racers have earned, and paying it out. A second delivery pays once, by the interaction's id, and
 * says the same again; so does one after a crash. The answer goes out last.
 */
export const handler = subscriber(discordCommandReceived, async (command, deps: WalletDeps) => {
  const desk = desks[command.command];
  if (!desk) return;
  const answer = await desk(command, deps);
  const { id, userId, token } = command;
  await answerInteraction({ id, userId, token }, answer, deps);
});
