import type { OutgoingMessage } from "../../shared/clients/discord.ts";
import type { DiscordCommand } from "../../shared/events/discord-command.ts";
import { deskTexts, liftedText } from "../../shared/messages/auction-desk.ts";
import { type DeskDeps, idIn } from "./desk-deps.ts";

/** `/c500 auction lift`: any builder, or staff, lets someone bid again. Again it changes nothing. */
export async function lift({ options }: DiscordCommand, deps: DeskDeps): Promise<OutgoingMessage> {
  const bidderId = idIn(options["bidder"]);
  if (!bidderId) return { content: deskTexts.nobody };
  const wasBarred = await deps.unpaidWins.lift(bidderId);
  await deps.auctionEngine.lift(bidderId);
  return { content: wasBarred ? liftedText(bidderId) : deskTexts.nothingToLift };
}
