import type { SeenInteraction } from "../../../local/discord/inspection.ts";
import { nextAfter } from "../../models/auction.ts";
import type { Stage } from "../../stage.ts";
import type { Pick } from "../scenario.ts";
import { auctionLogOf, type PlacedBid } from "./auction-log.ts";
import { watchBoards } from "./board-watch.ts";
import { type OpenBook, openBooks } from "./books.ts";

/** An amount in minor units; `max` is 0 without a ceiling. */
interface Sum {
  readonly amount: number;
  readonly max: number;
}

/** A running auction. Throws if there is none. */
export async function runningAuction(stage: Stage, pick: Pick): Promise<OpenBook> {
  const auctions = await stage.withoutFaults(() => openBooks(stage));
  return pick(auctions.filter(({ state }) => state === "live"));
}

/** Any auction that has opened, over or not. */
export async function anyAuction(stage: Stage, pick: Pick): Promise<OpenBook> {
  return pick(await stage.withoutFaults(() => openBooks(stage)));
}

/** Whether an auction is live according to its record. */
export async function isLive(
  { withoutFaults, database }: Stage,
  auctionId: string,
): Promise<boolean> {
  const document = await withoutFaults(() => database.collection("auctions").doc(auctionId).get());
  return document.get("state") === "live";
}

/** Places a bid in one of the possible ways. */
export async function makeBid(stage: Stage, pick: Pick, auction: OpenBook): Promise<void> {
  const { builder, bidders } = auctionLogOf(stage);
  const bidder = pick([...bidders, ...bidders, ...bidders, builder]);
  const way = pick(["command", "command", "command", "button", "button", "form"] as const);
  if (way === "button") return pressBoard(stage, pick, bidder, auction);
  const sum = sumOf(pick, auction);
  if (way === "form") return sendForm(stage, bidder, auction, sum);
  return typeBid(stage, bidder, pick(auction.boards).channelId, sum);
}

/** An amount around the minimum, far above it, or below it. */
function sumOf(pick: Pick, { price, startPrice, increment }: OpenBook): Sum {
  const least = price === undefined ? startPrice : nextAfter(price, increment);
  const above = pick([0, 0, 0, 1, 50, 100, 437, 1000, 2500, 9000, -1, -100, least * 3]);
  const amount = Math.max(1, least + above);
  const room = pick([undefined, undefined, 0, 300, 1500, 5000, 20_000, least * 25]);
  return { amount, max: room === undefined ? 0 : amount + room };
}

/** Types `/bid` in a channel. */
export async function typeBid(
  stage: Stage,
  bidder: string,
  channelId: string,
  { amount, max }: Sum,
): Promise<void> {
  const options = { amount: typed(amount), ...(max > 0 && { max: typed(max) }) };
  const use = { user: bidder, channelId, name: "bid", options };
  const bid = { bidder, channelId, amount, max, isConfirmed: false, auctionId: undefined };
  await placed(stage, bid, () => stage.discord.client.command(stage.endpoint, use));
}

async function pressBoard(
  stage: Stage,
  pick: Pick,
  bidder: string,
  auction: OpenBook,
): Promise<void> {
  const { channelId, messageId } = pick(auction.boards);
  const board = stage.discord.messages(channelId).find(({ id }) => id === messageId);
  const ids = customIdsOf(board?.components).filter((id) => id.startsWith("bid:"));
  await pressBid(stage, { bidder, channelId, message: messageId, customId: pick(ids) });
}

/** Presses a bid button on a board or in one of the bidder's own answers. */
export async function pressBid(
  stage: Stage,
  press: {
    readonly bidder: string;
    readonly channelId: string;
    readonly message: string;
    readonly customId: string;
  },
): Promise<void> {
  const { bidder, channelId, message, customId } = press;
  const [name, auctionId, amount, max = "0"] = customId.split(":");
  const sum = { amount: Number(amount), max: Number(max), isConfirmed: name === "bid-sure" };
  await placed(stage, { bidder, channelId, auctionId, ...sum }, () =>
    stage.discord.client.component(stage.endpoint, { user: bidder, channelId, message, customId }),
  );
}

async function sendForm(
  stage: Stage,
  bidder: string,
  { id, boards }: OpenBook,
  { amount, max }: Sum,
): Promise<void> {
  const { client } = stage.discord;
  const [board] = boards;
  if (!board) return;
  const { channelId, messageId: message } = board;
  const asked = await client.component(stage.endpoint, {
    user: bidder,
    channelId,
    message,
    customId: `bid-custom:${id}`,
  });
  const values = { amount: typed(amount), max: max > 0 ? typed(max) : "" };
  const bid = { bidder, channelId, amount, max, isConfirmed: false, auctionId: id };
  await placed(stage, bid, () => client.modalSubmit(stage.endpoint, { of: asked.id, values }));
}

/** Sends a bid and stores its answer. */
async function placed(
  stage: Stage,
  bid: Omit<PlacedBid, "id" | "sentAtMs" | "answeredAtMs" | "answer" | "copies">,
  send: () => Promise<SeenInteraction>,
): Promise<void> {
  const { clock } = stage.cloud;
  const sentAtMs = clock.nowMs();
  watchBoards(stage);
  const { id, copies } = await send();
  const answer = answerOf(stage, id);
  const answeredAtMs = clock.nowMs();
  auctionLogOf(stage).bids.push({ ...bid, id, sentAtMs, answeredAtMs, answer, copies });
  watchBoards(stage);
}

/** The immediate answer that a user sees; empty without one. */
function answerOf({ discord }: Stage, interactionId: string): string {
  const seen = discord.interaction(interactionId);
  const response = seen?.response as { data?: { content?: string } } | undefined;
  return seen?.state === "failed" ? "" : (seen?.original?.content ?? response?.data?.content ?? "");
}

/** The custom ids of the buttons. */
export function customIdsOf(components: unknown): string[] {
  const rows = (components ?? []) as { components?: { custom_id?: string }[] }[];
  return rows.flatMap((row) => (row.components ?? []).flatMap((each) => each.custom_id ?? []));
}

function typed(amount: number): string {
  return (amount / 100).toFixed(2);
}
