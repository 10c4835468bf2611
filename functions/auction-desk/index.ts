import type { OutgoingMessage } from "../../shared/clients/discord.ts";
import { auctionButtons } from "../../shared/commands/c500-auction.ts";
import {
  type DiscordCommand,
  discordCommandReceived,
} from "../../shared/events/discord-command.ts";
import { answerInteraction } from "../../shared/messages/answer-interaction.ts";
import { subscriber } from "../../shared/runtime/subscriber.ts";
import { accept, claim } from "./claim.ts";
import type { DeskDeps } from "./desk-deps.ts";
import { history } from "./history.ts";
import { lift } from "./lift.ts";
import { cancel, list, show, takeBack } from "./manage.ts";
import { rerun, start } from "./start.ts";

/** What each command and button does; what it gives is the answer. */
const desks: Readonly<
  Record<string, (command: DiscordCommand, deps: DeskDeps) => Promise<OutgoingMessage>>
> = {
  "c500 auction start": start,
  "c500 auction list": list,
  "c500 auction show": show,
  "c500 auction cancel": cancel,
  "c500 auction void": takeBack,
  "c500 auction rerun": rerun,
  "c500 auction history": history,
  "c500 auction lift": lift,
  [auctionButtons.claim.name]: claim,
  [auctionButtons.accept.name]: accept,
  [auctionButtons.rerun.name]: rerun,
};

/**
 * Everything that is asked of auctions but the bids themselves. A second delivery does each thing
 * once, by the interaction's id, and says the same again; so does one after a crash.
 */
export const handler = subscriber(discordCommandReceived, async (command, deps: DeskDeps) => {
  const desk = desks[command.command];
  if (!desk) return;
  const answer = await desk(command, deps);
  const { id, userId, token } = command;
  await answerInteraction({ id, userId, token }, answer, deps);
});
