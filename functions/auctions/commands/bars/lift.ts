import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  type ValuesOf,
} from "../../../../shared/discord/definitions/define-command.ts";
import { user } from "../../../../shared/discord/definitions/options.ts";
import { applyBar } from "../../lifecycle/settlement/non-payers.ts";
import { barTexts, liftedText } from "../../messages/bidding-bars.ts";
import type { AuctionControlDeps } from "../control-deps.ts";

/** `/c500 auction lift`. */
export const liftCommand = defineCommand({
  words: "c500 auction lift",
  description: "Let someone bid again who did not pay",
  options: { bidder: user("Who may bid again", { required: true }) },
  who: "builder-or-staff",
  answeredBy: "auction-control",
});

/**
 * Lets someone bid again who did not pay, for any builder or staff. Only staff can lift a bar that the team has
 * set, and nobody can lift their own. Idempotency: a repeat changes nothing.
 */
export const lifting = /* @__PURE__ */ action(liftCommand, {
  run: lift,
  isBegun: async ({ id }, { bidder }, { biddingBars }: Pick<AuctionControlDeps, "biddingBars">) =>
    (await biddingBars.lastActOf(bidder)) === id,
});

async function lift(
  { id, userId, isStaff }: CommandUse,
  { bidder: bidderId }: ValuesOf<typeof liftCommand>,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  if (bidderId === userId) return { content: barTexts.ownBar };
  const outcome = await deps.biddingBars.lift(bidderId, { actId: id, isStaff }, deps.clock.now());
  if (outcome === "staffs") return { content: barTexts.staffsBar };
  await applyBar(bidderId, deps);
  if (outcome === "superseded") return { content: barTexts.superseded };
  return { content: outcome === "lifted" ? liftedText(bidderId) : barTexts.nothingToLift };
}
