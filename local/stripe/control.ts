import express, { type ErrorRequestHandler, type Router } from "express";
import * as z from "zod/mini";
import type { StripeActions } from "./actions/index.ts";
import type { Address } from "./objects/addresses.ts";
import { StripeError } from "./requests/stripe-error.ts";

const amount = z.optional(z.int().check(z.positive()));
const flag = z.optional(z.boolean());
const way = z.optional(z.enum(["card", "declined", "bank-debit"]));
const outcome = z.strictObject({ outcome: z.enum(["succeeded", "failed"]) });

const part = z.optional(z.nullable(z.string()));
const address = z.strictObject({
  city: part,
  country: z.string(),
  line1: part,
  line2: part,
  postal_code: part,
  state: part,
});

const bodies = {
  pay: z.strictObject({
    how: way,
    shipping: z.optional(z.strictObject({ name: z.string(), address })),
    phone: z.optional(z.string()),
    shipping_option: z.optional(z.int().check(z.nonnegative())),
  }),
  merch: z.strictObject({
    title: z.string(),
    price: z.int().check(z.positive()),
    quantity: amount,
    currency: z.optional(z.string()),
    discount: amount,
    shipping: amount,
    tax: amount,
    is_tax_included: flag,
    charged: z.optional(
      z.strictObject({ amount: z.int().check(z.positive()), currency: z.string() }),
    ),
    metadata: z.optional(z.record(z.string(), z.string())),
    reference: z.optional(z.string()),
    link: z.optional(z.nullable(z.string())),
    application: z.optional(z.string()),
    how: way,
  }),
  settle: outcome,
  refund: z.strictObject({ amount }),
  dispute: z.strictObject({ amount, reason: z.optional(z.string()), inquiry: flag }),
  close: z.strictObject({ outcome: z.enum(["won", "lost", "warning_closed", "prevented"]) }),
  restrict: z.strictObject({ requirement: z.optional(z.string()) }),
  tax: z.strictObject({
    behavior: z.optional(z.enum(["inclusive", "exclusive", "inferred_by_currency"])),
  }),
  nothing: z.strictObject({}),
  send: z.strictObject({
    url: z.url(),
    event: z.record(z.string(), z.unknown()),
    secret: z.string(),
    timestamp_ms: z.optional(z.number()),
  }),
};

/**
 * Lets an external program act as people, banks and Stripe itself. JSON in and out. The response is
 * the changed object as the API shows it. An action that is not possible is answered with 400 and
 * an error like the API's.
 * - `POST /sessions/ID/pay {"how"?,"shipping"?:{"name","address"},"phone"?,"shipping_option"?}` pays;
 *   what it leaves out is filled in; and `/sessions/ID/settle {"outcome"}` settles a debit.
 * - `POST /merch {"title","price","quantity"?,"currency"?,"discount"?,"shipping"?,"tax"?,
 *   "is_tax_included"?,"charged"?:{"amount","currency"},"metadata"?,"reference"?,"link"?,"application"?,
 *   "how"?}` opens a Checkout Session, by a Payment Link by default, and pays it.
 * - `POST /charges/ID/refund {"amount"?}` refunds in the Dashboard and also takes a payment
 *   intent's id; `/refunds/ID/fail` returns a refund.
 * - `POST /charges/ID/dispute {"amount"?,"reason"?,"inquiry"?}` opens a dispute;
 *   `/disputes/ID/escalate` escalates an inquiry; `/disputes/ID/close {"outcome"}` decides it;
 *   `/disputes/ID/overturn` reverses the outcome on appeal; `/disputes/ID/reinstate` returns the
 *   money of a dispute that stays lost.
 * - `POST /accounts/ID/onboard`, `/restrict {"requirement"?}`, `/reject`, `/deauthorize` and
 *   `/pay-out`, which answers `{"amount"}`.
 * - `POST /tax {"behavior"?}` sets up Stripe Tax with a head office; `/customers/ID/delete` deletes a
 *   customer.
 * - `POST /events/ID/repeat` delivers an event again; `POST /send {"url","event","secret",
 *   "timestamp_ms"?}` sends a custom one. Both answer with the endpoint's status.
 * - `GET /events` lists the events, oldest first; `GET /balances` returns all balances.
 */
export function controlRouter(actions: StripeActions): Router {
  const router = express.Router();
  router.use(express.json());

  function post<Schema extends z.ZodMiniType>(
    path: string,
    schema: Schema,
    act: (id: string, body: z.infer<Schema>) => unknown,
  ): void {
    router.post(path, async ({ params, body }, response) => {
      const result = await act(String(params["id"] ?? ""), readBody(schema, body ?? {}));
      response.json(result ?? {});
    });
  }

  post("/sessions/:id/pay", bodies.pay, (id, { how, shipping, phone, shipping_option: option }) =>
    actions.pay(id, how, {
      shipping: shipping && { name: shipping.name, address: wholeAddress(shipping.address) },
      phone,
      shippingOption: option,
    }),
  );
  post("/sessions/:id/settle", bodies.settle, (id, { outcome }) =>
    actions.settleBankDebit(id, outcome),
  );
  post("/merch", bodies.merch, (_id, { is_tax_included: isTaxIncluded, ...sale }) =>
    actions.sellMerch({ ...sale, isTaxIncluded }),
  );
  post("/charges/:id/refund", bodies.refund, (id, given) => actions.refundInDashboard(id, given));
  post("/refunds/:id/fail", bodies.nothing, (id) => actions.failRefund(id));
  post("/charges/:id/dispute", bodies.dispute, (id, { inquiry: isInquiry, ...given }) =>
    actions.openDispute(id, { ...given, isInquiry }),
  );
  post("/disputes/:id/escalate", bodies.nothing, (id) => actions.escalateDispute(id));
  post("/disputes/:id/reinstate", bodies.nothing, (id) => actions.reinstateLostDispute(id));
  post("/disputes/:id/close", bodies.close, (id, { outcome }) => actions.closeDispute(id, outcome));
  post("/disputes/:id/overturn", bodies.nothing, (id) => actions.overturnDispute(id));
  post("/accounts/:id/onboard", bodies.nothing, (id) => actions.completeOnboarding(id));
  post("/accounts/:id/restrict", bodies.restrict, (id, { requirement }) =>
    actions.restrict(id, requirement),
  );
  post("/accounts/:id/reject", bodies.nothing, (id) => actions.reject(id));
  post("/accounts/:id/deauthorize", bodies.nothing, (id) => actions.deauthorize(id));
  post("/accounts/:id/pay-out", bodies.nothing, (id) => ({ amount: actions.payOut(id) }));
  post("/tax", bodies.tax, (_id, { behavior }) => actions.setUpTax(behavior));
  post("/customers/:id/delete", bodies.nothing, (id) => actions.deleteCustomerInDashboard(id));
  post("/events/:id/repeat", bodies.nothing, (id) => actions.repeat(id));
  post("/send", bodies.send, (_id, { url, event, secret, timestamp_ms: timestampMs }) =>
    actions.send(url, event, { secret, timestampMs }),
  );
  router.get("/events", (_request, response) => void response.json(actions.events()));
  router.get("/balances", (_request, response) => void response.json(actions.balances()));
  router.use(impossible);
  return router;
}

function wholeAddress(given: z.infer<typeof address>): Address {
  return {
    city: given.city ?? null,
    country: given.country,
    line1: given.line1 ?? null,
    line2: given.line2 ?? null,
    postal_code: given.postal_code ?? null,
    state: given.state ?? null,
  };
}

function readBody<Schema extends z.ZodMiniType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new StripeError(`${issue?.path.join(".") || "The body"}: ${issue?.message}.`);
}

/** A plain Error from an action means that the action is not possible: the caller's error. */
const impossible: ErrorRequestHandler = (error, _request, _response, next) => {
  const isRefusal = error instanceof StripeError || typeof error?.status === "number";
  next(isRefusal ? error : new StripeError(String(error?.message)));
};
