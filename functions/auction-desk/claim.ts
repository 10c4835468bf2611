import { order, pageOf } from "../../shared/auction-house/settle-auction.ts";
import type { OutgoingMessage } from "../../shared/clients/discord.ts";
import type { DiscordCommand } from "../../shared/events/discord-command.ts";
import { deskTexts } from "../../shared/messages/auction-desk.ts";
import { wonNotice } from "../../shared/messages/auctions.ts";
import { type DeskDeps, idIn } from "./desk-deps.ts";

/** "Claim it": the page to pay on, for the winner alone. Again, the same page. */
export async function claim(
  { userId, options }: DiscordCommand,
  deps: DeskDeps,
): Promise<OutgoingMessage> {
  const id = idIn(options["target"]);
  const auction = id ? await deps.auctions.get(id) : undefined;
  const open = auction?.claim;
  if (!auction || !open || open.bidderId !== userId) return { content: deskTexts.notForYou };
  if (open.state === "paid") return { content: deskTexts.alreadyPaid };
  if (auction.state !== "sold" || open.state !== "ordered") return { content: deskTexts.offerOver };
  const page = await pageOf(auction, open, deps);
  if (page === "unpayable") return { content: deskTexts.unpayable };
  return page === "over" ? { content: deskTexts.offerOver } : wonNotice(auction, open, page);
}

/**
 * "Buy it": a runner-up accepts the offer of their own bid. Once: the claim moves on for whoever is
 * first, the press or the offer's end. Again, the same page.
 */
export async function accept(command: DiscordCommand, deps: DeskDeps): Promise<OutgoingMessage> {
  const { userId, options } = command;
  const [, id = "", round] = /^(\d{1,20})-(\d)$/.exec(String(options["target"] ?? "")) ?? [];
  const auction = id ? await deps.auctions.get(id) : undefined;
  const offer = auction?.claim;
  if (!auction || !offer || offer.round !== Number(round) || offer.bidderId !== userId) {
    return { content: deskTexts.notForYou };
  }
  const isOpen = offer.state === "offered" && (offer.offerUntil ?? 0) > deps.clock.now();
  if (isOpen && auction.state === "sold") {
    await order(auction, offer, { ...offer, state: "ordered" }, deps);
  }
  return claim({ ...command, options: { target: id } }, deps);
}
