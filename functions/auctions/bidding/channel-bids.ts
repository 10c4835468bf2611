import type { UserInteraction } from "../../../shared/discord/interaction.ts";
import { onlyForYou } from "../../../shared/discord/sending/defer.ts";
import { bidderOf, readTypedBid, type TypedBid } from "./bid-request.ts";
import { bidTexts } from "./bid-texts.ts";
import { type ChannelAuction, createChannelAuctions } from "./channel-auctions.ts";
import type { Currencies } from "./currencies.ts";
import type { BidDeps, Decisions } from "./decisions.ts";

/** After these decisions, another auction may have followed a remembered one in its channel. */
const MAYBE_OVER: ReadonlySet<string> = new Set([
  "closed",
  "cancelled",
  "void",
  // Redis has lost all or part of it: only the record knows whether it still runs.
  "missing",
  "torn",
]);

/** The auction of a channel and its currency. */
type Here = ChannelAuction & { readonly currency: string };

/**
 * Bids in the auction of a channel. If the remembered auction may be over and another one has followed it there, the bid
 * goes to that one, by `answerTyped`.
 */
export function createChannelBids(
  deps: BidDeps,
  { decisions, currencies }: { readonly decisions: Decisions; readonly currencies: Currencies },
  answerTyped: (
    interaction: UserInteraction,
    auctionId: string,
    typed: TypedBid,
  ) => Promise<object>,
) {
  const { log } = deps;
  const channels = createChannelAuctions(deps);

  /** Restores in Redis which auction runs in a channel. The bid counts even if this fails. */
  async function repair(channelId: string, { auctionId }: ChannelAuction): Promise<void> {
    try {
      await channels.repair(channelId, auctionId);
    } catch (error) {
      log.error("A channel's auction was not given back to Redis", error, { auction: auctionId });
    }
  }

  async function bidIn(
    here: Here,
    channelId: string,
    interaction: UserInteraction,
    typed: TypedBid,
  ): Promise<object> {
    const bidder = bidderOf(interaction, deps);
    if ("refusal" in bidder) return bidder.refusal;
    const request = readTypedBid(typed, here.currency);
    if (typeof request === "string") return onlyForYou(request);
    const bid = { id: interaction.id, ...bidder, auctionId: here.auctionId, ...request };
    const decision = await decisions.decide(bid);
    const isMaybeOver = MAYBE_OVER.has(typeof decision === "string" ? decision : decision.outcome);
    if (isMaybeOver) channels.forget(channelId);
    const current = isMaybeOver ? await channels.in(channelId) : here;
    if (current && current.auctionId !== here.auctionId) {
      return answerTyped(interaction, current.auctionId, typed);
    }
    if (here.isLost && !isMaybeOver && typeof decision === "object") await repair(channelId, here);
    return decisions.answerTo(decision, bid);
  }

  async function remembered(channelId: string): Promise<Here | undefined> {
    const auction = await channels.in(channelId);
    return auction && { ...auction, currency: await currencies.of(auction.auctionId) };
  }

  /** The auction of a channel. If it can't read what was typed, another in another currency may have followed it. */
  async function find(channelId: string, typed: TypedBid): Promise<Here | undefined> {
    const here = await remembered(channelId);
    if (!here || typeof readTypedBid(typed, here.currency) !== "string") return here;
    channels.forget(channelId);
    return remembered(channelId);
  }

  return async (interaction: UserInteraction, typed: TypedBid): Promise<object> => {
    const channelId = interaction.channel_id ?? "";
    let here: Here | undefined;
    try {
      here = await find(channelId, typed);
    } catch (error) {
      log.error("A bid was not sent", error, { channel: channelId });
      return onlyForYou(bidTexts.notSent);
    }
    return here ? bidIn(here, channelId, interaction, typed) : onlyForYou(bidTexts.noneHere);
  };
}
