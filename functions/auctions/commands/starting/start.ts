import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  type ValuesOf,
} from "../../../../shared/discord/definitions/define-command.ts";
import { choice, integer, picture, text } from "../../../../shared/discord/definitions/options.ts";
import { sayWhereFirstText } from "../../../shipping/messages/terms.ts";
import {
  DEFAULT_COUNTER_BID_MS,
  MAX_COUNTER_BID_MS,
  MAX_DURATION_MS,
  MIN_DURATION_MS,
} from "../../domain/auction.ts";
import { DEFAULT_PLAN, durationInWords, readAuctionTerms } from "../../domain/auction-form.ts";
import { controlTexts } from "../../messages/controls.ts";
import { termsProblems } from "../../messages/opening.ts";
import type { AuctionControlDeps } from "../control-deps.ts";
import { MAX_AMOUNT_LENGTH } from "../options.ts";
import { begin, isTaken } from "./begin.ts";

const LEAST = durationInWords(MIN_DURATION_MS);
const MOST = durationInWords(MAX_DURATION_MS);
const amount = { maxLength: MAX_AMOUNT_LENGTH } as const;

const plans = {
  split: "ready to ship: paid at once",
  held: "made to order: held until you build it live",
} as const;
const [defaultPlan] = plans[DEFAULT_PLAN].split(":");

/** `/c500 auction start`. */
export const startCommand = defineCommand({
  words: "c500 auction start",
  description: "Put one thing up for auction in this channel",
  options: {
    title: text("What it is", { required: true, maxLength: 100 }),
    price: text("The least first bid, such as 50 or $49.50", { required: true, ...amount }),
    duration: text(`How long, such as 90s, 5m, 2h or 3d; ${LEAST} to ${MOST}`, {
      required: true,
      maxLength: 20,
    }),
    payment: choice(`When the money becomes yours; ${defaultPlan} by default`, { choices: plans }),
    image: picture("A picture of it"),
    increment: text("How much each bid has to add; it grows with the price unless you say", amount),
    reserve: text("Below this it is not sold; nobody sees it", amount),
    counter_bid: integer(
      `Seconds a late bid leaves the others; ${DEFAULT_COUNTER_BID_MS / 1000} by default, 0 for sudden death`,
      { min: 0, max: MAX_COUNTER_BID_MS / 1000 },
    ),
    opens: choice("When bidding starts; now by default", {
      choices: { now: "now", live: "when I go live" },
    }),
  },
  who: "builder",
  postsHere: true,
  limit: "auctions",
  answeredBy: "auction-control",
});

/**
 * Plans an auction under the command's id and opens it, or waits for the builder's stream. Idempotency: a repeat finds
 * it and gives the same answer. Crash safety: the repeat opens it.
 */
export const starting = /* @__PURE__ */ action(startCommand, {
  run: start,
  isBegun: async ({ id }, _values, { auctions }: Pick<AuctionControlDeps, "auctions">) =>
    (await auctions.get(id)) !== undefined,
});

async function start(
  { id, userId, channelId }: CommandUse,
  options: ValuesOf<typeof startCommand>,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const currency = deps.config.SHOP_CURRENCY;
  const builder = await deps.builders.get(userId);
  const known = await deps.auctions.get(id);
  if (!known && builder?.account?.state !== "ACTIVE") return { content: controlTexts.noAccount };
  const shipping = await deps.buildersTerms.forNew(userId, currency);
  if (!known && !shipping) return { content: sayWhereFirstText };
  if (!channelId) return { content: controlTexts.noChannel };
  const terms = readAuctionTerms(options, userId, currency);
  if (!("title" in terms)) return { content: termsProblems(terms) };
  if (!known && (await isTaken(channelId, deps))) return { content: controlTexts.busy };
  const opens = options.opens === "live" && !builder?.isLive ? "live" : "now";
  const createdAt = deps.clock.now();
  const imageUrl = options.image;
  const auction = {
    id,
    terms: { ...terms, shipping },
    opens,
    createdAt,
    imageUrl,
    channelId,
  } as const;
  await deps.auctions.create(auction);
  return begin(id, deps);
}
