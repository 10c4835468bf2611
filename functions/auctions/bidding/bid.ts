import { readCustomId } from "../../../shared/discord/custom-id.ts";
import { onlyForYou, texts } from "../../../shared/discord/defer.ts";
import {
  actingUserId,
  type CommandInteraction,
  type ComponentInteraction,
  type FormInteraction,
  fieldsOf,
  type UserInteraction,
} from "../../../shared/discord/interaction.ts";
import { readValues } from "../../../shared/discord/values.ts";
import { tooYoungText } from "../../../shared/limits/texts.ts";
import { parseAmount } from "../../../shared/money/money.ts";
import { note } from "../../../shared/runtime/trace.ts";
import { tooYoungUntil } from "../../members/domain/account-age.ts";
import { scheduleBoard } from "../boards/schedule-board.ts";
import { amountForm, bidButton, bidCommand, noticeButton, sureButton } from "../commands/bid.ts";
import type { Deps } from "../deps.ts";
import { MAX_AMOUNT } from "../domain/auction.ts";
import type { BiddingBar } from "../domain/bidding-bar.ts";
import { type Bid, type BidDecision, isAccepted, type UndecidedBid } from "../engine/bids/bid.ts";
import { createAcceptedBids } from "./accepted-bids.ts";
import { createArrivals } from "./arrivals.ts";
import { bidTexts, decidedAnswer } from "./bid-texts.ts";
import { type ChannelAuction, createChannelAuctions } from "./channel-auctions.ts";

/** The dependencies of bidding. */
export type BidDeps = Pick<
  Deps,
  "auctionEngine" | "auctions" | "biddingBars" | "tasks" | "clock" | "log" | "config"
>;

/** Answers `/bid` with its options. */
export type AnswerBid = (
  interaction: CommandInteraction,
  options: Readonly<Record<string, unknown>>,
) => Promise<object>;

export type Bidding = ReturnType<typeof createBidding>;

/** A requested bid; amounts in minor units. */
type BidRequest = Pick<Bid, "auctionId" | "amount" | "max" | "isConfirmed">;

/** Discord takes no answer after three seconds. A bidder is answered by now, however slow a service is. */
const ANSWER_DEADLINE_MS = 2500;
/** A bid with less time than this left is refused, because its answer would come too late. */
const LEAST_TIME_MS = 800;
/** A bid that takes longer than this to fail is not retried, for the same reason. */
const LAST_SECOND_TRY_MS = 1000;
/** The longest that a bidder waits for Cloud Tasks. */
const TASKS_DEADLINE_MS = 500;
/** An instance with more concurrent bids than this would answer none of them in time. */
export const MAX_UNDER_WAY = 240;
/** An instance schedules a board of an auction that Redis does not decide at most once in this time. */
const ASKED_EVERY_MS = 1000;
/** For how many auctions an instance remembers when it last scheduled a board. */
const MAX_ASKED = 1000;
/** In these states, another auction may have followed a remembered one in its channel. */
const OVER: ReadonlySet<string> = new Set(["closed", "cancelled", "void"]);

/**
 * Decides bids at once, with one Redis command each. Accepted bids are stored in Cloud Tasks before their bidders are
 * answered. Idempotency: the interaction's id identifies the bid, so a second delivery or our own retry after a
 * timeout gets the same decision. Bids beyond an instance's capacity are refused in time.
 */
export function createBidding(deps: BidDeps) {
  const { auctionEngine: engine, clock, log, config } = deps;
  const channels = createChannelAuctions(deps);
  const acceptedBids = createAcceptedBids(deps);
  const arrivals = createArrivals(clock);
  const askedAtMs = new Map<string, number>();
  let underWay = 0;

  async function decide(bid: Bid): Promise<BidDecision | UndecidedBid> {
    const fromMs = clock.now().getTime();
    try {
      return await engine.bid(bid).catch((error: unknown) => {
        if (clock.now().getTime() - fromMs > LAST_SECOND_TRY_MS) throw error;
        log.warn("A bid is sent a second time", { auction: bid.auctionId, why: nameOf(error) });
        return engine.bid(bid);
      });
    } catch (error) {
      // The bid may count, and the lost decision may have reported that the board is due.
      void askForBoardSometimes(bid.auctionId);
      throw error;
    }
  }

  async function answer(interaction: UserInteraction, request: BidRequest): Promise<object> {
    const bidderId = actingUserId(interaction);
    if (!bidderId) return onlyForYou(texts.badOptions);
    const refused = tooYoung(bidderId);
    if (refused) return refused;
    try {
      const bid = { id: interaction.id, bidderId, ...request };
      return await tell(await decide(bid), bid);
    } catch (error) {
      log.error("A bid was not decided", error, { auction: request.auctionId });
      return onlyForYou(bidTexts.undecided);
    }
  }

  /** The refusal of a bidder whose account is younger than `MIN_ACCOUNT_AGE_DAYS`. */
  function tooYoung(bidderId: string): object | undefined {
    const minDays = config.MIN_ACCOUNT_AGE_DAYS;
    const until = tooYoungUntil(bidderId, clock.now(), minDays);
    return until && onlyForYou(tooYoungText(until, minDays));
  }

  async function tell(decision: BidDecision | UndecidedBid, bid: Bid): Promise<object> {
    note({ decision: typeof decision === "string" ? decision : decision.outcome });
    if (decision === "missing" || decision === "torn") return pausedOrUnknown(bid.auctionId);
    if (decision === "bad-amount") return onlyForYou(bidTexts.badAmount);
    const bar = decision.outcome === "barred" ? await barOf(bid.bidderId) : undefined;
    await Promise.all([
      decision.isBoardDue ? askForBoard(bid.auctionId) : undefined,
      isAccepted(decision) ? keepOnFile(bid, decision) : undefined,
    ]);
    return decidedAnswer(decision, bid, { currency: config.SHOP_CURRENCY, now: clock.now(), bar });
  }

  /** Stores an accepted bid. If Cloud Tasks is slow, the bidder is answered while the call continues. */
  function keepOnFile(bid: Bid, { sequence }: BidDecision): Promise<void> {
    const amount = Math.max(bid.amount, bid.max ?? 0);
    const kept = { bidId: bid.id, bidderId: bid.bidderId, sequence, amount };
    const keeping = acceptedBids.keep(bid.auctionId, kept);
    return Promise.race([keeping, clock.sleep(TASKS_DEADLINE_MS)]);
  }

  /** Why and until when someone may not bid. Redis knows only the time. */
  async function barOf(bidderId: string): Promise<BiddingBar | undefined> {
    try {
      return await deps.biddingBars.get(bidderId, clock.now());
    } catch (error) {
      log.error("A bidding bar could not be read", error);
      return undefined;
    }
  }

  /**
   * Answers before Discord's three seconds are over, counted from when Discord created the interaction; if `work`
   * takes longer, the answer is that the bid is undecided. Work that could not finish in time is refused as busy.
   */
  async function inTime({ id }: UserInteraction, work: () => Promise<object>): Promise<object> {
    const leftMs = ANSWER_DEADLINE_MS - arrivals.waitedMs(id);
    if (underWay >= MAX_UNDER_WAY || leftMs < LEAST_TIME_MS) {
      note({ decision: "busy" });
      return onlyForYou(bidTexts.busy);
    }
    underWay += 1;
    const working = work().finally(() => {
      underWay -= 1;
    });
    const late = clock.sleep(leftMs).then(() => onlyForYou(bidTexts.undecided));
    return Promise.race([working, late]);
  }

  /** Schedules a board. A bidder's answer does not wait for a slow Cloud Tasks; later bids schedule it again. */
  function askForBoard(auctionId: string): Promise<void> {
    return Promise.race([scheduleBoard(auctionId, deps), clock.sleep(TASKS_DEADLINE_MS)]);
  }

  /** Does the same at most once a second, for an auction without a decision that reports when its board is due. */
  async function askForBoardSometimes(auctionId: string): Promise<void> {
    const nowMs = clock.now().getTime();
    if (nowMs - (askedAtMs.get(auctionId) ?? Number.NEGATIVE_INFINITY) < ASKED_EVERY_MS) return;
    if (askedAtMs.size >= MAX_ASKED) askedAtMs.clear();
    askedAtMs.set(auctionId, nowMs);
    await askForBoard(auctionId);
  }

  /** Answers when Redis does not have all of an auction: the record shows whether Redis has lost it. */
  async function pausedOrUnknown(auctionId: string): Promise<object> {
    const auction = await deps.auctions.get(auctionId);
    if (auction?.state === "planned") return onlyForYou(bidTexts.notYetOpen);
    if (auction?.state !== "live") return onlyForYou(bidTexts.over);
    await askForBoardSometimes(auctionId);
    return onlyForYou(bidTexts.paused);
  }

  async function inChannel(interaction: UserInteraction, request: Omit<BidRequest, "auctionId">) {
    const channelId = interaction.channel_id ?? "";
    let here: ChannelAuction | undefined;
    try {
      here = await channels.in(channelId);
    } catch (error) {
      log.error("A bid was not sent", error, { channel: channelId });
      return onlyForYou(bidTexts.notSent);
    }
    if (!here) return onlyForYou(bidTexts.noneHere);
    const bidderId = actingUserId(interaction);
    if (!bidderId) return onlyForYou(texts.badOptions);
    const refused = tooYoung(bidderId);
    if (refused) return refused;
    const bid = { id: interaction.id, bidderId, auctionId: here.auctionId, ...request };
    const decision = await decide(bid);
    const isOver =
      decision === "missing" || (typeof decision === "object" && OVER.has(decision.outcome));
    if (isOver) channels.forget(channelId);
    const current = isOver ? await channels.in(channelId) : here;
    if (current && current.auctionId !== here.auctionId) {
      return answer(interaction, { ...request, auctionId: current.auctionId });
    }
    if (here.isLost && !isOver && typeof decision === "object") await repair(channelId, here);
    return tell(decision, bid);
  }

  /** Restores in Redis which auction runs in a channel. The bid counts even if this fails. */
  async function repair(channelId: string, { auctionId }: ChannelAuction): Promise<void> {
    try {
      await channels.repair(channelId, auctionId);
    } catch (error) {
      log.error("A channel's auction was not given back to Redis", error, { auction: auctionId });
    }
  }

  return {
    /** `/bid`: bids in the auction of its channel. */
    command: (async (interaction, options) => {
      const read = readValues(bidCommand.options, options);
      if (!read) return onlyForYou(texts.badOptions);
      const typed = typedBid(read.amount, read.max, config.SHOP_CURRENCY);
      if (typeof typed === "string") return onlyForYou(typed);
      return inTime(interaction, () =>
        inChannel(interaction, typed).catch((error: unknown) => {
          log.error("A bid was not decided", error);
          return onlyForYou(bidTexts.undecided);
        }),
      );
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
      return about ? notify(interaction, about.auctionId) : onlyForYou(bidTexts.badButton);
    },

    /** The form for a custom amount. */
    async form(interaction: FormInteraction): Promise<object> {
      const about = readCustomId(amountForm, interaction.data.custom_id);
      if (!about) return onlyForYou(bidTexts.badButton);
      const { texts: typed } = fieldsOf(interaction);
      const { amount = "", max } = Object.fromEntries(typed);
      const request = typedBid(amount, max, config.SHOP_CURRENCY);
      if (typeof request === "string") return onlyForYou(request);
      return inTime(interaction, () => answer(interaction, { ...request, ...about }));
    },
  };

  async function notify(interaction: UserInteraction, auctionId: string): Promise<object> {
    const userId = actingUserId(interaction);
    if (!userId) return onlyForYou(texts.badOptions);
    try {
      if (!(await engine.progress(auctionId))) return await pausedOrUnknown(auctionId);
      const isNotified = await engine.toggleNotice(auctionId, userId);
      return onlyForYou(isNotified ? bidTexts.noticeOn : bidTexts.noticeOff);
    } catch (error) {
      log.error("A notice was not noted", error, { auction: auctionId });
      return onlyForYou(bidTexts.notNoted);
    }
  }
}

/** Parses what was typed; returns a text that explains what is wrong if it is invalid. */
function typedBid(
  amountTyped: string,
  maxTyped: string | undefined,
  currency: string,
): Omit<BidRequest, "auctionId"> | string {
  const amount = parseAmount(amountTyped, currency);
  const hasMax = maxTyped !== undefined && maxTyped.trim() !== "";
  const max = hasMax ? parseAmount(maxTyped, currency) : undefined;
  if (!amount || (hasMax && !max)) return bidTexts.badAmount;
  if (Math.max(amount, max ?? 0) > MAX_AMOUNT) return bidTexts.tooMuch;
  if (max !== undefined && max < amount) return bidTexts.ceilingBelow;
  return { amount, max, isConfirmed: false };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
