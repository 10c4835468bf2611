import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type Stripe from "stripe";
import { ADDRESS_MARKER, PHONE_MARKER } from "../../../../local/stripe/objects/addresses.ts";
import { EXPRESS_ACCOUNT, type OpenStripe, openStripe, sessionOf } from "../support.ts";
import { shippedSession } from "./shipped.ts";

let open: OpenStripe;
beforeEach(async () => {
  open = await openStripe();
});
afterEach(() => open.close());

const newSession = (change: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
  open.stripe.checkout.sessions.create({ ...sessionOf(), ...change });
const statusOf = async (id: string) => (await open.stripe.checkout.sessions.retrieve(id)).status;

describe("the payment page", () => {
  /** What a browser shows of a session's page, or where it is sent. */
  async function visit(id: string, action?: string, fields: Record<string, string> = {}) {
    const url = `${open.simulator.url}/c/pay/${id}`;
    const post = { method: "POST", body: new URLSearchParams({ ...fields, action: action ?? "" }) };
    const response = await fetch(url, { redirect: "manual", ...(action ? post : {}) });
    const to = response.headers.get("location");
    return { status: response.status, to, text: await response.text() };
  }

  test("shows what is paid for, escaped, and how it can be paid", async () => {
    const { id } = await newSession();
    const { status, text } = await visit(id);
    expect(status).toBe(200);
    expect(text).toContain("<span>A keyboard &lt;60%&gt;</span><span>$100.00</span>");
    for (const label of ["Pay $100.00", "Pay by bank debit", "Decline the card", "Cancel"]) {
      expect(text).toContain(`>${label}</button>`);
    }
    expect(text).not.toContain("<script");
  });

  test("paying leads to the success page, with the session's id", async () => {
    const { id } = await newSession();
    const to = `http://127.0.0.1/thanks?session=${id}`;
    expect(await visit(id, "card")).toMatchObject({ status: 303, to });
    expect(await statusOf(id)).toBe("complete");
    expect((await visit(id)).text).toContain("has already been paid");
    expect((await visit(id, "card")).status).toBe(409);
    expect(open.platform()).toBe(10_000);
  });

  test("a bank debit leads to the success page before the bank has answered", async () => {
    const { id } = await newSession();
    expect(await visit(id, "bank-debit")).toMatchObject({ status: 303 });
    const session = await open.stripe.checkout.sessions.retrieve(id);
    expect(session).toMatchObject({ status: "complete", payment_status: "unpaid" });
  });

  test("a declined card is said, and the page stays", async () => {
    const { id } = await newSession();
    const { status, text } = await visit(id, "declined");
    expect(status).toBe(200);
    expect(text).toContain("Your card was declined");
    expect(text).toContain(">Pay $100.00</button>");
    expect(await statusOf(id)).toBe("open");
  });

  test("a card that has to be authenticated pays only once that has succeeded", async () => {
    const { id } = await newSession();
    const card = "4000002760003184";
    expect((await visit(id, "card", { card })).text).toContain("3D Secure");
    expect((await visit(id, "fail-authentication")).text).toContain("could not authenticate");
    expect(open.platform()).toBe(0);
    await visit(id, "card", { card });
    expect(await visit(id, "authenticate", { card })).toMatchObject({ status: 303 });
    expect(await statusOf(id)).toBe("complete");
    expect(open.platform()).toBe(10_000);
  });

  test("a test card is declined for its own reason", async () => {
    const { id } = await newSession();
    const { text } = await visit(id, "card", { card: "4000 0000 0000 9995" });
    expect(text).toContain("Your card has insufficient funds.");
    expect((await visit(id, "card", { card: "4111111111111111" })).status).toBe(409);
    expect(await statusOf(id)).toBe("open");
  });

  test("cancelling leads back and leaves the session open", async () => {
    const { id } = await newSession();
    expect(await visit(id, "cancel")).toMatchObject({ status: 303, to: "http://127.0.0.1/back" });
    expect(await statusOf(id)).toBe("open");
  });

  test("offers only the ways that the session takes", async () => {
    const { id } = await newSession({ excluded_payment_method_types: ["us_bank_account"] });
    expect((await visit(id)).text).not.toContain("bank debit");
    const { status, text } = await visit(id, "bank-debit");
    expect(status).toBe(409);
    expect(text).toContain("does not take us_bank_account");
  });

  test("an expired page says so and takes nothing", async () => {
    const { id } = await newSession();
    await open.stripe.checkout.sessions.expire(id);
    expect((await visit(id)).text).toContain("has expired");
    expect((await visit(id, "card")).status).toBe(409);
    expect(open.platform()).toBe(0);
  });

  describe("of a session that is shipped", () => {
    const shipped = async () =>
      (
        await open.stripe.checkout.sessions.create({
          ...shippedSession(),
          phone_number_collection: { enabled: true },
        })
      ).id;

    test("asks for address, phone and shipping, filled in", async () => {
      const { text } = await visit(await shipped());
      expect(text).toContain(`${ADDRESS_MARKER} Street"`);
      expect(text).toContain(`value="${PHONE_MARKER}`);
      expect(text).toMatch(/<select name="country">.*<option selected>(DE|FR)</);
      expect(text).toContain("By courier: $15.00");
      expect(text).toContain(">Pay $105.00</button>");
    });

    test("takes what is entered", async () => {
      const id = await shipped();
      const { status } = await visit(id, "card", {
        name: "Ada Lovelace",
        line1: "12 Rue de la Paix",
        city: "Paris",
        postal_code: "75002",
        country: "FR",
        phone: "+33155501234",
        shipping_option: "1",
      });
      expect(status).toBe(303);
      const session = await open.stripe.checkout.sessions.retrieve(id);
      expect(session).toMatchObject({
        amount_total: 11_500,
        collected_information: {
          shipping_details: {
            name: "Ada Lovelace",
            address: { line1: "12 Rue de la Paix", line2: null, city: "Paris", country: "FR" },
          },
        },
        customer_details: { phone: "+33155501234" },
      });
    });

    test("refuses a country that it does not ship to, and stays", async () => {
      const id = await shipped();
      const { status, text } = await visit(id, "card", {
        name: "Ada Lovelace",
        line1: "1 Main Street",
        country: "US",
      });
      expect(status).toBe(409);
      expect(text).toContain("does not ship to US");
      expect(await statusOf(id)).toBe("open");
    });

    test("asks for none of it where nothing is shipped", async () => {
      const { id } = await newSession();
      expect((await visit(id)).text).not.toMatch(/name="(line1|phone|shipping_option)"/);
    });
  });

  test("there is none for an unknown session", async () => {
    expect((await visit("cs_none")).status).toBe(404);
  });
});

describe("bank debits by themselves", () => {
  test("the bank pays after the time it was given", async () => {
    await open.close();
    open = await openStripe({ bankDebitMs: 3 * 24 * 60 * 60_000 });
    const { id } = await newSession();
    open.simulator.pay(id, "bank-debit");
    await open.clock.advance(3 * 24 * 60 * 60_000);
    expect((await open.stripe.checkout.sessions.retrieve(id)).payment_status).toBe("paid");
  });
});

describe("control routes", () => {
  async function control(path: string, json?: unknown) {
    const post = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(json),
    };
    const response = await fetch(`${open.simulator.url}/control${path}`, json ? post : {});
    return { status: response.status, body: JSON.parse(await response.text()) };
  }

  test("every action can be done from outside", async () => {
    const { id: account } = await open.stripe.accounts.create(EXPRESS_ACCOUNT);
    const onboarded = await control(`/accounts/${account}/onboard`, {});
    expect(onboarded.body).toMatchObject({ id: account, details_submitted: true });

    const { id } = await open.stripe.checkout.sessions.create(sessionOf(10_000));
    expect((await control(`/sessions/${id}/pay`, { how: "bank-debit" })).body).toMatchObject({
      payment_status: "unpaid",
    });
    const settled = await control(`/sessions/${id}/settle`, { outcome: "succeeded" });
    expect(settled.body).toMatchObject({ payment_status: "paid" });
    const intent = settled.body.payment_intent;

    const given = { amount: 9500, currency: "usd", destination: account };
    await open.stripe.transfers.create(given);
    const refund = await control(`/charges/${intent}/refund`, { amount: 500 });
    expect(refund.body).toMatchObject({ object: "refund", amount: 500 });
    expect((await control("/balances")).body).toEqual({
      platform: { usd: 0 },
      accounts: { [account]: { usd: 9500 } },
    });
    const failed = await control(`/refunds/${refund.body.id}/fail`, {});
    expect(failed.body.status).toBe("failed");
    const dispute = await control(`/charges/${refund.body.charge}/dispute`, { amount: 100 });
    const closed = await control(`/disputes/${dispute.body.id}/close`, { outcome: "won" });
    expect(closed.body).toMatchObject({ amount: 100, status: "won" });

    expect((await control(`/accounts/${account}/pay-out`, {})).body).toEqual({ amount: 9500 });
    const restricted = await control(`/accounts/${account}/restrict`, { requirement: "tax" });
    expect(restricted.body.requirements.past_due).toEqual(["tax"]);
    const rejected = await control(`/accounts/${account}/reject`, {});
    expect(rejected.body.requirements.disabled_reason).toBe("rejected.fraud");
    expect(await control(`/accounts/${account}/deauthorize`, {})).toEqual({
      status: 200,
      body: {},
    });

    expect((await control("/tax", { behavior: "exclusive" })).status).toBe(200);
    expect((await open.stripe.tax.settings.retrieve()).status).toBe("active");
    const { id: customer } = await open.stripe.customers.create();
    expect((await control(`/customers/${customer}/delete`, {})).status).toBe(200);
    expect(await open.stripe.customers.retrieve(customer)).toMatchObject({ deleted: true });

    const { body: events } = await control("/events");
    expect(events).toEqual(open.simulator.events());
    expect((await control(`/events/${events[0].id}/repeat`, {})).body).toEqual({ status: 200 });
    const forged = { url: open.own.url, event: { id: "evt_1" }, secret: "whsec_x" };
    expect((await control("/send", forged)).body).toEqual({ status: 200, body: "taken" });
  });

  test("a buyer chooses an address, a phone number and a shipping option from outside", async () => {
    const { id } = await open.stripe.checkout.sessions.create(shippedSession());
    const shipping = { name: "Ada", address: { line1: "1 Rue de la Paix", country: "FR" } };
    const { body } = await control(`/sessions/${id}/pay`, { shipping, shipping_option: 1 });
    expect(body).toMatchObject({
      amount_total: 11_500,
      collected_information: { shipping_details: shipping },
    });
  });

  test("what cannot be done is refused and says why", async () => {
    const { session } = await open.paid();
    const paidAgain = await control(`/sessions/${session.id}/pay`, {});
    expect(paidAgain.status).toBe(400);
    expect(paidAgain.body.error.message).toMatch(/is complete/);
    expect((await control("/sessions/cs_none/pay", {})).status).toBe(404);
    const wrong = await control(`/sessions/${session.id}/pay`, { how: "cash" });
    expect(wrong).toMatchObject({ status: 400 });
    expect(wrong.body.error.message).toMatch(/^how: /);
  });
});
