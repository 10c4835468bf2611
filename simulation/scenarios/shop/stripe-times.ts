import type { RefundOutcome } from "../../../local/stripe/timing.ts";
import type { Stage } from "../../stage.ts";
import { marketOf } from "./market.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Stripe takes two days for most cards in the US and a week for a new account. */
const FUNDS_MS = [HOUR_MS, 2 * DAY_MS, 2 * DAY_MS, 7 * DAY_MS];
/** Usually seconds, occasionally up to an hour. */
const BOOKED_MS = [3_000, 3_000, 20_000, 5 * MINUTE_MS, 55 * MINUTE_MS];
/** Most refunds arrive immediately. */
const REFUND_OUTCOMES: readonly RefundOutcome[] = [
  ...Array.from({ length: 8 }, () => ({ kind: "succeeds" }) as const),
  { kind: "waits", ms: 20 * MINUTE_MS },
  { kind: "waits", ms: 2 * DAY_MS },
  { kind: "fails", ms: 10 * MINUTE_MS },
  { kind: "fails", ms: 5 * DAY_MS },
];
const FEE_CENTS = 1_500;
/** The platform's own money, in cents. */
const OWN_CENTS = [0, 0, 5_000, 50_000];

/** Draws Stripe's delays and the platform's own money there. */
export function drawStripeTimes(stage: Stage): void {
  const { choices, stripe } = stage;
  const own = choices.oneOf("stripe: the platform's own", OWN_CENTS) ?? 0;
  stripe.topUp(own);
  marketOf(stage).platformPaidOut -= own;
  stripe.takeTime({
    fundsMs: () => choices.oneOf("stripe: until funds are available", FUNDS_MS) ?? 0,
    bookedMs: () => choices.oneOf("stripe: until a charge is booked", BOOKED_MS) ?? 0,
    refundOutcome: () => choices.oneOf("stripe: a refund", REFUND_OUTCOMES) ?? { kind: "succeeds" },
    refundsNeedFunds: true,
    disputeFee: FEE_CENTS,
  });
}
