import * as z from "zod/mini";
import { TEST_CARDS } from "../../../../local/stripe/actions/test-cards.ts";
import type { StripeSimulator } from "../../../../local/stripe/index.ts";
import type { StudioHost } from "../../host.ts";
import { defineCall } from "../../panel.ts";
import { fromMinor, toMinor } from "./amounts.ts";
import { overview } from "./overview.ts";

const DAY_MS = 86_400_000;

const text = z.string().check(z.trim(), z.minLength(1));
const named = z.object({ id: text });
const amountOf = z.object({ id: text, amount: z.string() });

const ACCOUNT_ACTIONS = {
  onboard: (stripe: StripeSimulator, id: string) => stripe.completeOnboarding(id),
  restrict: (stripe: StripeSimulator, id: string) => stripe.restrict(id),
  pause: (stripe: StripeSimulator, id: string) => stripe.pausePayouts(id),
  reject: (stripe: StripeSimulator, id: string) => stripe.reject(id),
  deauthorize: (stripe: StripeSimulator, id: string) => stripe.deauthorize(id),
  "pay out": (stripe: StripeSimulator, id: string) => stripe.payOut(id),
};

/** The simulated Stripe, as its Dashboard and its buyers' banks. */
export function stripePanel({ cloud }: StudioHost) {
  const stripe = () => {
    if (cloud.stripe) return cloud.stripe;
    throw new Error("Another server stands for Stripe (STRIPE_API_BASE_URL).");
  };
  const chargeOf = (id: string) => {
    const found = stripe()
      .inspect()
      .charges.find((charge) => charge.id === id);
    if (!found) throw new Error(`There is no charge ${id}.`);
    return found;
  };
  return {
    calls: {
      read: defineCall(z.object({}), () => overview(stripe().inspect())),
      show: defineCall(named, ({ id }) => findObject(stripe(), id)),
      cards: defineCall(z.object({}), () =>
        TEST_CARDS.map(({ number, does }) => ({ number, does })),
      ),
      payByCard: defineCall(z.object({ id: text, card: text }), ({ id, card }) =>
        stripe().payByCard(id, card),
      ),
      authenticate: defineCall(z.object({ id: text, card: text }), ({ id, card }) =>
        stripe().payByCard(id, card, { isAuthenticated: true }),
      ),
      failAuthentication: defineCall(named, ({ id }) => stripe().failAuthentication(id)),
      payByBank: defineCall(named, ({ id }) => void stripe().pay(id, "bank-debit")),
      settle: defineCall(
        z.object({ id: text, outcome: z.enum(["succeeded", "failed"]) }),
        ({ id, outcome }) => void stripe().settleBankDebit(id, outcome),
      ),
      refund: defineCall(amountOf, ({ id, amount }) => {
        const minor = toMinor(amount, chargeOf(id).currency);
        stripe().refundInDashboard(id, { amount: minor });
      }),
      cancelRefund: defineCall(named, ({ id }) => void stripe().cancelRefundInDashboard(id)),
      failRefund: defineCall(named, ({ id }) => void stripe().failRefund(id)),
      dispute: defineCall(
        z.object({ id: text, amount: z.string(), reason: text, isInquiry: z.boolean() }),
        ({ id, amount, reason, isInquiry }) => {
          const minor = toMinor(amount, chargeOf(id).currency);
          stripe().openDispute(id, { amount: minor, reason, isInquiry });
        },
      ),
      submitEvidence: defineCall(
        z.object({ id: text, text }),
        ({ id, text: evidence }) => void stripe().submitEvidence(id, evidence),
      ),
      closeDispute: defineCall(
        z.object({ id: text, end: z.enum(["won", "lost", "warning_closed", "prevented"]) }),
        ({ id, end }) => void stripe().closeDispute(id, end),
      ),
      escalate: defineCall(named, ({ id }) => void stripe().escalateDispute(id)),
      overturn: defineCall(named, ({ id }) => void stripe().overturnDispute(id)),
      reinstate: defineCall(named, ({ id }) => void stripe().reinstateLostDispute(id)),
      account: defineCall(
        z.object({
          id: text,
          action: z.enum(["onboard", "restrict", "pause", "reject", "deauthorize", "pay out"]),
        }),
        ({ id, action }) => void ACCOUNT_ACTIONS[action](stripe(), id),
      ),
      deleteCustomer: defineCall(named, ({ id }) => stripe().deleteCustomerInDashboard(id)),
      topUp: defineCall(z.object({ amount: text, currency: text }), ({ amount, currency }) => {
        stripe().topUp(toMinor(amount, currency) ?? 0, currency);
      }),
      payOutPlatform: defineCall(z.object({ currency: text }), ({ currency }) => {
        const paid = stripe().payOutPlatform(currency);
        return { amount: fromMinor(paid, currency) };
      }),
      takeTime: defineCall(
        z.object({
          fundsDays: z.number().check(z.gte(0), z.lte(30)),
          refundsNeedFunds: z.boolean(),
          disputeFee: z.string(),
        }),
        ({ fundsDays, refundsNeedFunds, disputeFee }) => {
          stripe().takeTime({
            fundsMs: () => fundsDays * DAY_MS,
            refundsNeedFunds,
            disputeFee: toMinor(disputeFee, "usd") ?? 0,
          });
        },
      ),
      resend: defineCall(named, async ({ id }) => {
        const { status } = await stripe().repeat(id);
        return { status: status ?? "no answer" };
      }),
      enableEndpoint: defineCall(
        z.object({ id: text, isEnabled: z.boolean() }),
        ({ id, isEnabled }) => stripe().enableEndpoint(id, isEnabled),
      ),
    },
    version: () => cloud.stripe?.revision() ?? 0,
  };
}

/** Any object as the API shows it. */
function findObject(stripe: StripeSimulator, id: string): object {
  const { sessions, events, ...lists } = stripe.inspect();
  const session = sessions.find(({ session: { id: sessionId } }) => sessionId === id);
  if (session) return { ...session.session, line_items: session.lineItems };
  const { intents, charges, customers, refunds, disputes, accounts, transfers } = lists;
  const others = [intents, charges, customers, refunds, disputes, accounts, transfers, events];
  const found = others.flat().find((object) => object.id === id);
  if (!found) throw new Error(`Stripe has no ${id}.`);
  return found;
}
