import type { Stage } from "../../stage.ts";
import type { Action, Pick } from "../scenario.ts";
import { storedLobbies } from "./lobby-watch.ts";
import {
  moveDispute,
  type Purchase,
  refundCharge,
  returnPieces,
  type Sold,
  sellAtKofi,
  sellAtShopify,
  sellAtStripe,
  sendAgain,
} from "./shops.ts";
import { trackOf } from "./track.ts";

/** Actions of buyers, shops and banks, and their weights. */
export const sellingActions: readonly Action[] = [
  { name: "buy at Ko-fi", weight: 9, perform: buyBy(sellAtKofi) },
  { name: "buy at Shopify", weight: 10, perform: buyBy(sellAtShopify) },
  { name: "buy at Stripe", weight: 11, perform: buyBy(sellAtStripe) },
  { name: "buy and give back at once", weight: 3, perform: buyAndGiveBack },
  { name: "give pieces back", weight: 5, perform: givePiecesBack },
  { name: "cancel an order", weight: 2, perform: cancelOrder },
  { name: "refund merch in Stripe's dashboard", weight: 5, perform: refundSome },
  { name: "open a dispute of merch", weight: 4, perform: openDispute },
  { name: "decide a dispute of merch", weight: 5, perform: decideDispute },
  { name: "a shop tells again", weight: 4, perform: repeat },
];

const PRICES = [2, 998, 1500, 4998, 12_346, 60_000];
const MOST_PIECES = 2;

/** Mostly current sales without a race; also with names of unknown races. */
async function draw(stage: Stage, pick: Pick): Promise<Purchase> {
  const lobbies = await stage.withoutFaults(() => storedLobbies(stage));
  const items = Array.from({ length: pick([1, 1, 2, 3]) }, () => pick(PRICES));
  const ids = lobbies.map(({ id }) => id);
  const racing = lobbies.filter(({ state }) => state === "racing").map(({ id }) => id);
  return {
    items,
    currency: pick(["usd", "usd", "usd", "usd", "usd", "eur", "jpy"]),
    named: pick([
      undefined,
      undefined,
      undefined,
      "123456",
      pick([undefined, ...racing]),
      pick([undefined, ...ids]),
    ]),
    secondsAgo: pick([0, 0, 0, 1, 30, 300]),
    shipping: 700,
    tax: pick([0, 1, 499]),
  };
}

function buyBy(sell: (stage: Stage, purchase: Purchase) => void): Action["perform"] {
  return async (stage, pick) => sell(stage, await draw(stage, pick));
}

async function buyAndGiveBack(stage: Stage, pick: Pick): Promise<void> {
  const purchase = await draw(stage, pick);
  pick([sellAtShopify, sellAtStripe])(stage, purchase);
  const sale = trackOf(stage).sold.at(-1);
  if (sale?.provider === "shopify") returnPieces(stage, sale, { index: 0, wanted: MOST_PIECES });
  else if (sale) refundCharge(stage, sale, sale.paid);
}

function saleOf(stage: Stage, pick: Pick, provider: Sold["provider"]): Sold {
  return pick(trackOf(stage).sold.filter((sale) => sale.provider === provider));
}

function givePiecesBack(stage: Stage, pick: Pick): void {
  const sale = saleOf(stage, pick, "shopify");
  const index = pick(sale.lines.map((_, each) => each));
  returnPieces(stage, sale, { index, wanted: pick([1, MOST_PIECES]) });
}

/** Everything that is left is refunded. */
function cancelOrder(stage: Stage, pick: Pick): void {
  const sale = saleOf(stage, pick, "shopify");
  for (const index of sale.lines.keys()) returnPieces(stage, sale, { index, wanted: MOST_PIECES });
}

function refundSome(stage: Stage, pick: Pick): void {
  const sale = saleOf(stage, pick, "stripe");
  refundCharge(stage, sale, pick([1, 333, 5000, sale.paid]));
}

function openDispute(stage: Stage, pick: Pick): void {
  const charged = trackOf(stage).sold.filter(({ chargeId, dispute }) => chargeId && !dispute);
  moveDispute(stage, pick(charged), "lost");
}

/** Or reverses a decided one. */
function decideDispute(stage: Stage, pick: Pick): void {
  const disputed = trackOf(stage).sold.filter(({ dispute }) => dispute);
  const open = disputed.filter(({ dispute }) => dispute?.state === "open");
  moveDispute(stage, pick([...open, ...open, ...disputed]), pick(["won", "lost", "lost"]));
}

async function repeat(stage: Stage, pick: Pick): Promise<void> {
  await sendAgain(stage, pick(trackOf(stage).sold));
}
