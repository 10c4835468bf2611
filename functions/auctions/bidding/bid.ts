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
import { type Bid, type BidDecision, isAccepted, type UndecidedBid } from "../engine/bid.ts";
import { createAcceptedBids } from "./accepted-bids.ts";
import { createArrivals } from "./arrivals.ts";
import { bidTexts, decidedAnswer } from "./bid-texts.ts";
import { type ChannelAuction, createChannelAuctions } from "./channel-auctions.ts";

/** What bidding needs. */
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

/** What someone wants to bid; amounts in minor units. */
type BidRequest = Pick<Bid, "auctionId" | "amount" | "max" | "isConfirmed">;

/** Discord takes no answer after three seconds; whatever is slow, this one comes before. */
const ANSWER_DEADLINE_MS = 2500;
/** With less than this left a bid is not sent: its answer would come too late. */
const LEAST_TIME_MS = 800;
/** A bid that failed later than this is not sent again, for the same reason. */
const LAST_SECOND_TRY_MS = 1000;
/** What Cloud Tasks may take while a bidder waits. */
const TASKS_DEADLINE_MS = 500;
/** An instance that has more bids than this under way would answer none of them in time. */
export const MAX_UNDER_WAY = 240;
/** So often an instance asks for a board of an auction that decides nothing. */
const ASKED_EVERY_MS = 1000;
/** Auctions of which an instance remembers when it has asked. */
const MAX_ASKED = 1000;
/** States in which a remembered auction may have been followed by another. */
const OVER: ReadonlySet<string> = new Set(["closed", "cancelled", "void"]);

/**
 * Decides bids at once: one Redis command each. What is accepted is on file with Cloud Tasks before it is
 * answered. The interaction's id names the bid, so that a second delivery, or our own second try
 * after a timeout, is answered like the first. What is more than an instance can take is refused in time.
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
      // It may count, and then its answer would have had the board shown.
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

  /** The refusal of a bidder whose account is younger than the setting asks for. */
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

  /** Cloud Tasks may be slow; what it is asked for goes on while the bidder is answered. */
  function keepOnFile(bid: Bid, { sequence }: BidDecision): Promise<void> {
    const amount = Math.max(bid.amount, bid.max ?? 0);
    const kept = { bidId: bid.id, bidderId: bid.bidderId, sequence, amount };
    const keeping = acceptedBids.keep(bid.auctionId, kept);
    return Promise.race([keeping, clock.sleep(TASKS_DEADLINE_MS)]);
  }

  /** Why someone may not bid, and until when: Redis knows only the latter. */
  async function barOf(bidderId: string): Promise<BiddingBar | undefined> {
    try {
      return await deps.biddingBars.get(bidderId, clock.now());
    } catch (error) {
      log.error("A bidding bar could not be read", error);
      return undefined;
    }
  }

  /**
   * What is known by the time that Discord's three seconds are nearly over, counted from when it made the
   * interaction: an answer that comes later is none. What can't be decided by then is not begun.
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

  /** Cloud Tasks may be slow; a bidder's answer is not to wait for it. The next bids ask again. */
  function askForBoard(auctionId: string): Promise<void> {
    return Promise.race([scheduleBoard(auctionId, deps), clock.sleep(TASKS_DEADLINE_MS)]);
  }

  /** The same for an auction that does not say itself when its board is due: once a second. */
  async function askForBoardSometimes(auctionId: string): Promise<void> {
    const nowMs = clock.now().getTime();
    if (nowMs - (askedAtMs.get(auctionId) ?? Number.NEGATIVE_INFINITY) < ASKED_EVERY_MS) return;
    if (askedAtMs.size >= MAX_ASKED) askedAtMs.clear();
    askedAtMs.set(auctionId, nowMs);
    await askForBoard(auctionId);
  }

  /** Redis does not have all of it: it may have lost it, and the record knows. */
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

  /** Redis has lost which auction runs in a channel; the bid counts all the same. */
  async function repair(channelId: string, { auctionId }: ChannelAuction): Promise<void> {
    try {
      await channels.repair(channelId, auctionId);
    } catch (error) {
      log.error("A channel's auction was not given back to Redis", error, { auction: auctionId });
    }
  }

  return {
    /** `/bid`: in the auction of its channel. */
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

    /** A press on a board or an answer. */
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

    /** The form of another amount. */
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

/** What was typed, or what is wrong with it. */
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
