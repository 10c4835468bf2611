import type { SeenMessage } from "../../../local/discord/inspection.ts";
import type { Stage } from "../../stage.ts";
import { auctionLogOf, type Shown } from "./auction-log.ts";

const MINUTE_MS = 60_000;
/** For this time after the last bid, boards are observed closely. */
const FOR_MS = 90_000;
/** How often boards are observed, by the time since then; not at all after the last one. */
const INTERVALS = [
  { untilMs: 0, everyMs: 200 },
  { untilMs: 25 * MINUTE_MS, everyMs: 10_000 },
  // A sweep shows what a bid did not, but the first one may fail.
  { untilMs: 120 * MINUTE_MS, everyMs: MINUTE_MS },
];

/** Observes the boards regularly while people bid, to record when each showed what. */
export function watchBoards(stage: Stage): void {
  const log = auctionLogOf(stage);
  const { clock } = stage.cloud;
  const nowMs = clock.nowMs();
  const isWatched = log.watchedUntilMs > nowMs;
  log.watchedUntilMs = nowMs + FOR_MS;
  if (isWatched) return;
  const looks = log.looks + 1;
  log.looks = looks;
  const look = () => {
    // Later bids have started another observation.
    if (log.looks !== looks) return;
    noteBoards(stage);
    const sinceMs = clock.nowMs() - log.watchedUntilMs;
    const interval = INTERVALS.find(({ untilMs }) => sinceMs < untilMs);
    if (interval) clock.after(interval.everyMs, look);
  };
  look();
}

/** Records what the boards show, if it changed. */
export function noteBoards(stage: Stage): void {
  const { channels, shown } = auctionLogOf(stage);
  const atMs = stage.cloud.clock.nowMs();
  for (const message of channels.flatMap((channel) => stage.discord.messages(channel))) {
    const board = readBoard(message);
    if (!board) continue;
    const before = shown.findLast(({ messageId }) => messageId === board.messageId);
    const isSame =
      before && JSON.stringify({ ...before, atMs }) === JSON.stringify({ atMs, ...board });
    if (!isSame) shown.push({ atMs, ...board });
  }
}

/** Parses a board; undefined for any other message. */
export function readBoard(message: SeenMessage): Omit<Shown, "atMs"> | undefined {
  const [embed] = message.embeds as readonly {
    description?: string;
    fields?: readonly { name: string; value: string }[];
  }[];
  const fieldOf = (name: string) => embed?.fields?.find((field) => field.name === name)?.value;
  const auctionId = /\/auction\/(\d+)/.exec(JSON.stringify(message.components))?.[1];
  if (!embed || !auctionId || fieldOf("Leading") === undefined) return undefined;
  return {
    auctionId,
    messageId: message.id,
    price: minorOf(fieldOf("Price") ?? fieldOf("Starts at")),
    leader: /<@(\d+)>/.exec(fieldOf("Leading") ?? "")?.[1],
    bids: Number.parseInt(fieldOf("Bids") ?? "0", 10),
    description: embed.description ?? "",
  };
}

/** Parses an amount to minor units; 0 if there is none. */
export function minorOf(text: string | undefined): number {
  const [, amount] = /\$([\d,]+(?:\.\d\d)?)/.exec(text ?? "") ?? [];
  return amount === undefined ? 0 : Math.round(Number(amount.replaceAll(",", "")) * 100);
}
