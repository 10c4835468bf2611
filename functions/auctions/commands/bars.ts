import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { sendDmOnce } from "../../../shared/discord/send-once.ts";
import { snowflakeTimeMs } from "../../../shared/discord/snowflake.ts";
import { oneLine } from "../../../shared/discord/theme.ts";
import { readSnowflake } from "../../../shared/documents/outside-id.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { BAR_DAYS, barEnd } from "../domain/bidding-bar.ts";
import { barNotice, barredText, barTexts, liftedText } from "../messages/bidding-bars.ts";
import { applyBar } from "../settlement/non-payers.ts";
import type { AuctionControlDeps } from "./control-deps.ts";

/** Fits a message with room to spare. */
const MAX_REASON_LENGTH = 300;

/**
 * `/c500 auction bar`: staff keep someone from bidding, for 90 days by default; the person is notified once.
 * Idempotency: the end is counted from when the command was typed, and one that a later command about the
 * same person has overtaken changes nothing. Crash safety: the record comes first, and Redis follows it at
 * the next delivery or when the next auction opens.
 */
export async function bar(
  { id, userId, options }: DiscordCommand,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const bidderId = readSnowflake(options["bidder"]);
  const reason = oneLine(String(options["reason"] ?? ""), MAX_REASON_LENGTH);
  if (!bidderId) return { content: barTexts.nobody };
  if (bidderId === userId) return { content: barTexts.yourself };
  if (!reason) return { content: barTexts.noReason };
  const until = barEnd(new Date(snowflakeTimeMs(id)), Number(options["days"] ?? BAR_DAYS));
  const wanted = { actId: id, until, reason };
  const barred = await deps.biddingBars.barByStaff(bidderId, wanted, deps.clock.now());
  if (!barred) return { content: barTexts.superseded };
  await applyBar(bidderId, deps);
  const notice = { content: barNotice({ ...barred, reason }) };
  const told = await sendDmOnce(`auction-bar:${id}`, bidderId, notice, deps);
  return { content: barredText(bidderId, barred, { isNotified: told !== undefined }) };
}

/** Whether an earlier delivery has barred someone, or lifted their bar. */
export async function isBarChanged(
  { id, options }: DiscordCommand,
  { biddingBars }: Pick<AuctionControlDeps, "biddingBars">,
): Promise<boolean> {
  const bidderId = readSnowflake(options["bidder"]);
  return bidderId !== undefined && (await biddingBars.lastActOf(bidderId)) === id;
}

/**
 * `/c500 auction lift`: any builder, or staff, lets someone bid again who did not pay; only the team lifts a
 * bar that the team has set, and nobody lifts their own. Idempotency: a repeat changes nothing.
 */
export async function lift(
  { id, userId, isStaff, options }: DiscordCommand,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const bidderId = readSnowflake(options["bidder"]);
  if (!bidderId) return { content: barTexts.nobody };
  if (bidderId === userId) return { content: barTexts.ownBar };
  const outcome = await deps.biddingBars.lift(bidderId, { actId: id, isStaff }, deps.clock.now());
  if (outcome === "staffs") return { content: barTexts.staffsBar };
  await applyBar(bidderId, deps);
  if (outcome === "superseded") return { content: barTexts.superseded };
  return { content: outcome === "lifted" ? liftedText(bidderId) : barTexts.nothingToLift };
}
