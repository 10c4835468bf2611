import type { Stage } from "../../../stage.ts";
import type { AuctionLog, Replayed } from "../../auction/auction-log.ts";
import { storedAuctions } from "../../auction/books.ts";
import { checkAnswers } from "../../auction/checks/answer.ts";
import { checkOfferOrder, checkOrders, checkResult } from "../../auction/checks/rest.ts";
import { watchRecord } from "../../auction/record-lags.ts";
import { replay } from "../../auction/replay.ts";
import { storedOrders } from "../../shop/checks/books.ts";
import { marketOf } from "../../shop/market.ts";
import { othersOf } from "../others.ts";

/** From now on bids and boards are recorded, as where auctions are all there is. */
export function logAuctions(stage: Stage): void {
  const { builder, account, buyers } = marketOf(stage);
  const log: AuctionLog = {
    builder,
    staff: othersOf(stage).staff,
    account,
    bidders: buyers,
    silent: "",
    crowd: [],
    channels: othersOf(stage).channels,
    bids: [],
    losses: [],
    silences: [],
    controlUses: [],
    claimPresses: [],
    shown: [],
    recordedAtMs: new Map(),
    seen: new Map(),
    replayed: new Map(),
    watchedUntilMs: 0,
    looks: 0,
  };
  stage.memory.set("auction log", log);
  watchRecord(stage, log.recordedAtMs);
}

/**
 * A1, A3, A4, A6, A8, A12 and A15 of docs/invariants.md: results, orders and answers. Who is barred depends on whether
 * the builder can be paid, which changes here.
 */
export async function checkAuctionsAtRest(stage: Stage): Promise<void> {
  const orders = await storedOrders(stage);
  const auctions = (await storedAuctions(stage)).map(
    (auction): Replayed => ({ auction, plain: replay(stage, auction), losses: 0 }),
  );
  for (const { auction, plain } of auctions) {
    checkResult(auction, plain);
    checkOrders(
      auction,
      orders.filter(({ id }) => id.startsWith(`auction-${auction.id}-`)),
    );
  }
  checkAnswers(stage, auctions);
  await checkOfferOrder(stage, auctions);
}
