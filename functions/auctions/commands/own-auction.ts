import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import type { CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import { readSnowflake } from "../../../shared/documents/outside-id.ts";
import type { Deps } from "../deps.ts";
import type { Auction, AuctionState } from "../domain/auction.ts";
import type { EngineEnding } from "../engine/read.ts";
import { controlTexts } from "../messages/controls.ts";
import type { UnreadableAuction } from "../store/auction-document.ts";

/** The auction that a command names, if the user may change it as its builder or as staff. */
export async function ownAuction(
  { userId, isStaff }: CommandUse,
  named: string,
  { auctions }: Pick<Deps, "auctions">,
): Promise<Auction | undefined> {
  const id = readSnowflake(named);
  const auction = id ? await auctions.get(id) : undefined;
  return auction && (isStaff || auction.builderId === userId) ? auction : undefined;
}

/** The same for an auction whose document is invalid; undefined if it is valid. */
export async function ownUnreadable(
  { userId, isStaff }: CommandUse,
  named: string,
  { auctions }: Pick<Deps, "auctions">,
): Promise<UnreadableAuction | undefined> {
  const id = readSnowflake(named);
  const auction = id ? await auctions.unreadable(id) : undefined;
  return auction && (isStaff || auction.builderId === userId) ? auction : undefined;
}

/** Runs a command on the auction that it names, or answers that it is not the user's. */
export async function onOwnAuction(
  use: CommandUse,
  named: string,
  deps: Pick<Deps, "auctions">,
  run: (auction: Auction) => Promise<OutgoingMessage>,
): Promise<OutgoingMessage> {
  const auction = await ownAuction(use, named, deps);
  return auction ? run(auction) : { content: controlTexts.notYours };
}

/**
 * Whether the auction that a command names is in one of the states in which the command leaves it: then an earlier
 * delivery may have begun.
 */
export async function isOwnAuctionIn(
  states: readonly AuctionState[],
  use: CommandUse,
  named: string,
  deps: Pick<Deps, "auctions">,
): Promise<boolean> {
  const auction = await ownAuction(use, named, deps);
  return auction !== undefined && states.includes(auction.state);
}

/**
 * Whether an earlier delivery of a command that ends an auction has begun: the record has one of `states`, or Redis has
 * already ended the auction as `isOurs` says and that delivery ended before it could be recorded.
 */
export async function hasBegunToEnd(
  use: CommandUse,
  named: string,
  deps: Pick<Deps, "auctions" | "auctionEngine">,
  states: readonly AuctionState[],
  isOurs: (ending: EngineEnding, auction: Auction) => boolean,
): Promise<boolean> {
  const auction = await ownAuction(use, named, deps);
  if (auction?.state !== "live") return auction !== undefined && states.includes(auction.state);
  const ending = await deps.auctionEngine.ending(auction.id);
  return ending !== undefined && isOurs(ending, auction);
}
