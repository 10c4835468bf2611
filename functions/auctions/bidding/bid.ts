import { readCustomId } from "../../../shared/discord/definitions/custom-id.ts";
import { readValues } from "../../../shared/discord/definitions/values.ts";
import {
  actingUserId,
  type CommandInteraction,
  type ComponentInteraction,
  type FormInteraction,
  fieldsOf,
  type UserInteraction,
} from "../../../shared/discord/interaction.ts";
import { onlyForYou, texts } from "../../../shared/discord/sending/defer.ts";
import { amountForm, bidButton, bidCommand, noticeButton, sureButton } from "../commands/bid.ts";
import { createAnswersInTime } from "./answer-in-time.ts";
import { type BidRequest, bidderOf, readTypedBid, type TypedBid } from "./bid-request.ts";
import { bidTexts } from "./bid-texts.ts";
import { createChannelBids } from "./channel-bids.ts";
import { createCurrencies } from "./currencies.ts";
import { type BidDeps, createDecisions } from "./decisions.ts";

/** Answers `/bid` with its options. */
export type AnswerBid = (
  interaction: CommandInteraction,
  options: Readonly<Record<string, unknown>>,
) => Promise<object>;

export type Bidding = ReturnType<typeof createBidding>;

/**
 * Decides bids at once, with one Redis command each. Accepted bids are stored in Cloud Tasks before their bidders are
 * answered. Idempotency: the interaction's id identifies the bid, so a second delivery or our own retry after a
 * timeout gets the same decision. Bids beyond an instance's capacity are refused in time.
 */
export function createBidding(deps: BidDeps) {
  const { auctionEngine: engine, clock, log } = deps;
  const currencies = createCurrencies(deps);
  const decisions = createDecisions(deps, currencies);
  const inTime = createAnswersInTime(clock);
  const inChannel = createChannelBids(deps, { decisions, currencies }, answerTyped);

  async function answer(interaction: UserInteraction, request: BidRequest): Promise<object> {
    const bidder = bidderOf(interaction, deps);
    if ("refusal" in bidder) return bidder.refusal;
    try {
      const bid = { id: interaction.id, ...bidder, ...request };
      return await decisions.answerTo(await decisions.decide(bid), bid);
    } catch (error) {
      log.error("A bid was not decided", error, { auction: request.auctionId });
      return onlyForYou(bidTexts.undecided);
    }
  }

  async function answerTyped(interaction: UserInteraction, auctionId: string, typed: TypedBid) {
    let currency: string;
    try {
      currency = await currencies.of(auctionId);
    } catch (error) {
      log.error("A bid was not sent", error, { auction: auctionId });
      return onlyForYou(bidTexts.notSent);
    }
    const request = readTypedBid(typed, currency);
    if (typeof request === "string") return onlyForYou(request);
    return answer(interaction, { ...request, auctionId });
  }

  async function answerInChannel(interaction: UserInteraction, typed: TypedBid) {
    try {
      return await inChannel(interaction, typed);
    } catch (error) {
      log.error("A bid was not decided", error);
      return onlyForYou(bidTexts.undecided);
    }
  }

  async function toggleNotice(interaction: UserInteraction, auctionId: string): Promise<object> {
    const userId = actingUserId(interaction);
    if (!userId) return onlyForYou(texts.badOptions);
    try {
      if (!(await engine.progress(auctionId))) return await decisions.pausedOrUnknown(auctionId);
      if (await engine.ending(auctionId)) return onlyForYou(bidTexts.over);
      const isNotified = await engine.toggleNotice(auctionId, userId);
      return onlyForYou(isNotified ? bidTexts.noticeOn : bidTexts.noticeOff);
    } catch (error) {
      log.error("An outbid notice could not be turned on or off", error, { auction: auctionId });
      return onlyForYou(bidTexts.notSaved);
    }
  }

  return {
    /** `/bid`: bids in the auction of its channel. */
    command: (async (interaction, options) => {
      const read = readValues(bidCommand.options, options);
      if (!read) return onlyForYou(texts.badOptions);
      const typed = { amount: read.amount, max: read.max };
      return inTime(interaction, () => answerInChannel(interaction, typed));
    }) satisfies AnswerBid,

    /** A press of a button on a board or on an answer. */
    async press(interaction: ComponentInteraction): Promise<object> {
      const { custom_id: customId } = interaction.data;
      const bid = readCustomId(bidButton, customId);
      if (bid) {
        const request = { ...bid, max: undefined, isConfirmed: false };
        return inTime(interaction, () => answer(interaction, request));
      }
      const sure = readCustomId(sureButton, customId);
      if (sure) {
        const request = { ...sure, max: sure.max || undefined, isConfirmed: true };
        return inTime(interaction, () => answer(interaction, request));
      }
      const about = readCustomId(noticeButton, customId);
      return about ? toggleNotice(interaction, about.auctionId) : onlyForYou(bidTexts.badButton);
    },

    /** The form for a custom amount. */
    async form(interaction: FormInteraction): Promise<object> {
      const about = readCustomId(amountForm, interaction.data.custom_id);
      if (!about) return onlyForYou(bidTexts.badButton);
      const { texts: typed } = fieldsOf(interaction);
      const { amount = "", max } = Object.fromEntries(typed);
      return inTime(interaction, () => answerTyped(interaction, about.auctionId, { amount, max }));
    },
  };
}
