import type { Auction } from "../../../../functions/auctions/domain/auction.ts";
import type { EngineSnapshot } from "../../../../functions/auctions/engine/read.ts";
import type { Deps } from "../../../../functions/operations/deps.ts";
import { describeError, TerminalError } from "../../../../shared/runtime/errors.ts";
import { NeedsYouError } from "../../command.ts";

/** The settings that looking at auctions needs. */
export const LOOKING = [
  "GOOGLE_CLOUD_PROJECT",
  "UPSTASH_REDIS_REST_URL",
  "UPSTASH_REDIS_REST_TOKEN",
] as const;

type RedisDeps = Pick<Deps, "auctionEngine">;

/** Whether Redis and the record agree about one auction. */
export interface Agreement {
  readonly kind:
    | "agrees"
    | "ahead"
    | "lost"
    | "behind"
    | "differs"
    | "ended"
    | "silent"
    | "unreadable"
    | "not-there";
  /** The same in words, with the command that fixes it. */
  readonly summary: string;
  readonly snapshot: EngineSnapshot | undefined;
}

const UNREADABLE = { kind: "unreadable", summary: "UNREADABLE: cancel it" } as const;

/** Compares an auction in Redis with its record. An auction that is not running need not be in Redis. */
export async function compareWithRedis(
  auction: Auction,
  { auctionEngine }: RedisDeps,
): Promise<Agreement> {
  let snapshot: EngineSnapshot | undefined;
  try {
    snapshot = await auctionEngine.snapshot(auction.id);
  } catch (error) {
    if (error instanceof TerminalError) return { ...UNREADABLE, snapshot };
    return { kind: "silent", summary: `no answer: ${describeError(error)}`, snapshot };
  }
  if (auction.state !== "live") return { kind: "not-there", summary: "-", snapshot };
  if (!snapshot) return { kind: "lost", summary: "LOST: restore it", snapshot };
  const ended = { kind: "ended", snapshot } as const;
  if (snapshot.status === "closed") return { ...ended, summary: "CLOSED IN REDIS: close it" };
  if (snapshot.status !== "live")
    return { ...ended, summary: `${snapshot.status.toUpperCase()} IN REDIS` };
  const known = auction.recorded?.sequence ?? 0;
  if (snapshot.sequence < known) {
    return {
      kind: "behind",
      summary: `${known - snapshot.sequence} BIDS BEHIND: restore it`,
      snapshot,
    };
  }
  try {
    if (await hasSameHistory(auction, auctionEngine)) return howFar(snapshot, known);
  } catch (error) {
    if (error instanceof TerminalError) return { ...UNREADABLE, snapshot };
    throw error;
  }
  return { kind: "differs", summary: "OTHER BIDS: restore it", snapshot };
}

function howFar(snapshot: EngineSnapshot, known: number): Agreement {
  const ahead = snapshot.sequence - known;
  if (ahead > 0) return { kind: "ahead", summary: `${ahead} bids not recorded yet`, snapshot };
  return { kind: "agrees", summary: "agrees", snapshot };
}

/** Whether the last recorded bid is the one that Redis has under its number. */
async function hasSameHistory(
  { id, recorded }: Auction,
  engine: Deps["auctionEngine"],
): Promise<boolean> {
  if (!recorded) return true;
  return (await engine.bidsAfter(id, recorded.sequence)).anchorId === recorded.bidId;
}

/** The auction that a command names, once Redis has answered. Throws NeedsYouError. */
export async function auctionInRedis(
  id: string,
  deps: RedisDeps & Pick<Deps, "auctions">,
): Promise<{ readonly auction: Auction; readonly agreement: Agreement }> {
  const auction = await auctionNamed(id, deps);
  const agreement = await compareWithRedis(auction, deps);
  if (agreement.kind === "silent") {
    throw new NeedsYouError(
      `Redis: ${agreement.summary}\nNothing was changed. While Redis is down nobody can bid and no hammer falls: fix it at Upstash, then run this again. What Redis has lost is restored from the record.`,
    );
  }
  return { auction, agreement };
}

/** The auction that a command names. Throws NeedsYouError if it does not exist. */
export async function auctionNamed(
  id: string,
  { auctions }: Pick<Deps, "auctions">,
): Promise<Auction> {
  const auction = /^\d{1,20}$/.test(id) ? await auctions.get(id) : undefined;
  if (auction) return auction;
  throw new NeedsYouError(
    `There is no auction "${id}". ./dev ops auction list shows the ids of those that run.`,
  );
}

/** Throws NeedsYouError for an auction that has ended, with what can still be done. */
export function refuseEnded({ state }: Auction): void {
  const texts: Partial<Record<Auction["state"], string>> = {
    sold: "It has ended: it is sold. /c500 auction void takes the result back.",
    unsold: "It has ended: nobody bought it. /c500 auction rerun runs it again.",
    cancelled: "It has ended: it was cancelled. /c500 auction rerun runs it again.",
    void: "It has ended, and its result was taken back. /c500 auction rerun runs it again.",
  };
  const text = texts[state];
  if (text) throw new NeedsYouError(text);
}
