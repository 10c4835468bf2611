import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  type ValuesOf,
} from "../../../../shared/discord/definitions/define-command.ts";
import { integer, user } from "../../../../shared/discord/definitions/options.ts";
import { sendDmOnce } from "../../../../shared/discord/sending/send-once.ts";
import { snowflakeTimeMs } from "../../../../shared/discord/snowflake.ts";
import { oneLine } from "../../../../shared/discord/theme.ts";
import { BAR_DAYS, barEnd, MAX_BAR_DAYS } from "../../domain/bidding-bar.ts";
import { applyBar } from "../../lifecycle/settlement/non-payers.ts";
import { barNotice, barredText, barTexts } from "../../messages/bidding-bars.ts";
import type { AuctionControlDeps } from "../control-deps.ts";
import { MAX_REASON_LENGTH, reasonOption } from "../options.ts";

/** `/c500 auction bar`. */
export const barCommand = defineCommand({
  words: "c500 auction bar",
  description: "Keep someone from bidding",
  options: {
    bidder: user("Who may not bid", { required: true }),
    reason: reasonOption,
    days: integer(`For how many days; ${BAR_DAYS} by default`, { min: 1, max: MAX_BAR_DAYS }),
  },
  who: "staff",
  answeredBy: "auction-control",
});

/**
 * Bars a person from bidding for some days, for staff; the person is notified once.
 * Idempotency: the end is counted from when the command was typed, and a command changes nothing after a later one
 * about the same person. Crash safety: the record is written first; Redis is updated at the next delivery or when the
 * next auction opens.
 */
export const barring = /* @__PURE__ */ action(barCommand, {
  run: bar,
  isBegun: async ({ id }, { bidder }, { biddingBars }: Pick<AuctionControlDeps, "biddingBars">) =>
    (await biddingBars.lastActOf(bidder)) === id,
});

async function bar(
  { id, userId }: CommandUse,
  options: ValuesOf<typeof barCommand>,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const { bidder: bidderId, days = BAR_DAYS } = options;
  const reason = oneLine(options.reason, MAX_REASON_LENGTH);
  if (bidderId === userId) return { content: barTexts.yourself };
  if (!reason) return { content: barTexts.noReason };
  const until = barEnd(new Date(snowflakeTimeMs(id)), days);
  const wanted = { actId: id, until, reason };
  const barred = await deps.biddingBars.barByStaff(bidderId, wanted, deps.clock.now());
  if (!barred) return { content: barTexts.superseded };
  await applyBar(bidderId, deps);
  const notice = { content: barNotice({ ...barred, reason }) };
  const sent = await sendDmOnce(`auction-bar:${id}`, bidderId, notice, deps);
  return { content: barredText(bidderId, barred, { isNotified: sent !== undefined }) };
}
