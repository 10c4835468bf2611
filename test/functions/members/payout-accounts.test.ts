import { describe, expect, test } from "@jest/globals";
import { stripeClient } from "../../support/clients/stripe-client.ts";
import { community, useCloud } from "../../support/cloud.ts";
import { shoppers } from "../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);

const payouts = (user: string, country = "US") =>
  people.command(user, "c500 payouts", country ? { country } : {});
const stateOf = async (user: string) =>
  (await cloud.firestore.doc(`builders/${user}`).get()).get("stripe_account_state");
/** An account as Stripe's API shows it. */
const atStripe = (id: string) => stripeClient(cloud).accounts.retrieve(id);
const accounts = () => Object.keys(cloud.stripe.balances().accounts).length;
const notifiedOf = (user: string, words: string) =>
  people.messagesTo(user).filter((text) => text.includes(words));

const READY = "Your payout account is ready";
const MORE = "Stripe needs more information";
const CLOSED = "Your payout account is closed";

let nextChannel = 1;
/** A builder without a payout account. */
async function registered(): Promise<string> {
  const user = people.person();
  const number = nextChannel++;
  cloud.twitch.addUser({ id: String(60_000 + number), login: `maker_${number}` });
  await people.register(user, `maker_${number}`);
  return user;
}

/** The notices about an account so far. */
const updatesOf = (account: string) =>
  cloud.stripe.events().filter((event) => event.account === account);

/** Delays the next Firestore call of this name; resolves once it is made. */
function struckBy(operation: RegExp, ms: number): Promise<void> {
  return new Promise((resolve) => {
    cloud.faults.add({
      target: "firestore",
      operation,
      times: 1,
      get fault() {
        resolve();
        return { kind: "delay", ms } as const;
      },
    });
  });
}

describe("/c500 payouts", () => {
  test("is reserved to builders", async () => {
    const user = people.person();
    expect((await payouts(user)).text).toContain("Become one with `/c500 register`");
  });

  test("creates one account and returns a new link each time", async () => {
    const user = await registered();
    const before = accounts();
    const first = await payouts(user);
    const second = await payouts(user);
    expect(accounts()).toBe(before + 1);
    const urls = [first, second].map(({ buttons }) => buttons[0]?.url);
    expect(urls[0]).not.toBe(urls[1]);
    for (const { buttons } of [first, second]) expect(buttons[0]?.label).toBe("Continue at Stripe");
    expect((await cloud.fetch(urls[1] ?? "")).status).toBe(200);
  });

  test("asks for the country once, before it creates an account", async () => {
    const user = await registered();
    const before = accounts();
    expect((await payouts(user, "")).text).toContain("pick it under `country`");
    expect(accounts()).toBe(before);
    expect((await payouts(user, "Germany")).buttons).toHaveLength(1);
    expect((await payouts(user, "")).buttons).toHaveLength(1);
    expect(accounts()).toBe(before + 1);
    const account = await atStripe(await people.accountOf(user));
    expect(account).toMatchObject({ country: "DE", default_currency: "eur" });
    expect(account.capabilities).toEqual({ card_payments: "inactive", transfers: "inactive" });
  });

  test("lists the supported countries for someone elsewhere, and creates no account", async () => {
    const user = await registered();
    const before = accounts();
    expect((await payouts(user, "Atlantis")).text).toContain('no payout accounts in "Atlantis"');
    const { text } = await payouts(user, "Japan");
    expect(text).toContain("I can't pay builders in Japan");
    expect(text).toContain("Germany");
    expect(accounts()).toBe(before);
  });

  test("a wrong country can be changed until Stripe's form is filled in", async () => {
    const user = await registered();
    await payouts(user, "AT");
    const wrong = await people.accountOf(user);
    expect((await payouts(user, "Switzerland")).buttons).toHaveLength(1);
    const right = await people.accountOf(user);
    expect(right).not.toBe(wrong);
    expect((await atStripe(right)).country).toBe("CH");
    cloud.stripe.completeOnboarding(right);
    await cloud.settle();
    const { text, buttons } = await payouts(user, "AT");
    expect(text).toContain("Your payout account stays in Switzerland");
    expect(buttons[0]?.label).toBe("Open your payouts");
    expect(await people.accountOf(user)).toBe(right);
  });

  test("offers countries by name while the user types", async () => {
    const user = people.person();
    const use = { user, channelId: community.generalChannelId, name: "c500 payouts" };
    const { response } = await cloud.discord.client.autocomplete(
      cloud.url("discord-interactions"),
      { ...use, focused: "country", options: { country: "ger" } },
    );
    expect(response).toMatchObject({
      data: { choices: [{ name: "Germany", value: "DE" }] },
    });
  });

  test("says that Stripe refuses for now, and notifies the operators once a day", async () => {
    const operation = /POST \/v1\/accounts$/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "fail", code: 400 } });
    const user = await registered();
    for (const asker of [user, user, await registered()]) {
      expect((await payouts(asker, "SE")).text).toContain("won't open a payout account in Sweden");
    }
    const notices = cloud.discord
      .messages(community.operatorsChannelId)
      .filter(({ embeds }) => JSON.stringify(embeds).includes("payout account in Sweden"));
    expect(notices).toHaveLength(1);
    expect((await cloud.firestore.collection("dead_letters").get()).size).toBe(0);
  });

  test("run five times at once creates one account", async () => {
    const user = await registered();
    const before = accounts();
    await Promise.all(Array.from({ length: 5 }, () => payouts(user)));
    await people.pass(5);
    expect(accounts()).toBe(before + 1);
    expect(await stateOf(user)).toBe("PENDING");
  });

  test("creates one account even if Stripe's response was lost", async () => {
    const user = await registered();
    const before = accounts();
    const operation = /POST \/v1\/accounts$/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "lose-answer" }, times: 3 });
    await payouts(user);
    await people.pass(1);
    expect(accounts()).toBe(before + 1);
    expect((await payouts(user)).buttons).toHaveLength(1);
  });

  test("says what is missing in plain words, without Stripe's field names", async () => {
    const user = await registered();
    const { text } = await payouts(user);
    expect(text).toBe(
      "Your payout account isn't finished yet. Still missing: a bank account for your payouts, your name, your agreement to Stripe's terms.",
    );
  });

  test("links to the dashboard once the account is ready, and not before", async () => {
    const user = await registered();
    await payouts(user);
    cloud.stripe.completeOnboarding(await people.accountOf(user));
    await cloud.settle();
    const { text, buttons } = await payouts(user);
    expect(text).toContain(READY);
    expect(buttons[0]?.label).toBe("Open your payouts");
    expect(buttons[0]?.url).toContain("/express/");
  });

  test("reads the state from Stripe's API if its event was lost", async () => {
    const user = await registered();
    await payouts(user);
    const operation = /deliver account/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "drop" } });
    cloud.stripe.completeOnboarding(await people.accountOf(user));
    await cloud.settle();
    expect(await stateOf(user)).toBe("PENDING");
    expect((await payouts(user)).text).toContain(READY);
    expect(await stateOf(user)).toBe("ACTIVE");
    expect(notifiedOf(user, READY)).toHaveLength(1);
  });

  test("for a closed or disconnected account explains how to connect another, which works", async () => {
    for (const end of ["reject", "deauthorize"] as const) {
      const { id: user } = await people.builder();
      const closed = await people.accountOf(user);
      cloud.stripe[end](closed);
      await cloud.settle();
      const { text, buttons } = await people.command(user, "c500 payouts");
      expect(text).toContain("To connect another one");
      expect(buttons).toEqual([]);
      await payouts(user);
      const opened = await people.accountOf(user);
      expect(opened).not.toBe(closed);
      cloud.stripe.completeOnboarding(opened);
      if (end === "reject") cloud.stripe.reject(closed);
      await cloud.settle();
      expect(await stateOf(user)).toBe("ACTIVE");
      await people.pass(60);
      const deadLetters = await cloud.firestore.collection("dead_letters").get();
      expect(deadLetters.docs.map((deadLetter) => deadLetter.get("reason"))).toEqual([]);
    }
  });
});

describe("changes of an account", () => {
  test("are reported once each: ready, more required, ready again, closed", async () => {
    const { id: user } = await people.builder();
    const account = await people.accountOf(user);
    expect(notifiedOf(user, READY)).toHaveLength(1);

    cloud.stripe.restrict(account, "individual.verification.document");
    await cloud.settle();
    expect(await stateOf(user)).toBe("RESTRICTED");
    expect(notifiedOf(user, MORE)[0]).toContain(
      "Still missing: a photo of your identity document.",
    );

    cloud.stripe.completeOnboarding(account);
    await cloud.settle();
    expect(notifiedOf(user, READY)).toHaveLength(2);

    cloud.stripe.reject(account);
    await cloud.settle();
    expect(await stateOf(user)).toBe("REJECTED");
    expect(notifiedOf(user, CLOSED)).toHaveLength(1);
    expect(people.messagesTo(user)).toHaveLength(4);
  });

  test("are reported once even if every event is delivered three times", async () => {
    const user = await registered();
    await payouts(user);
    const fault = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "stripe", operation: /deliver account/, fault });
    cloud.stripe.completeOnboarding(await people.accountOf(user));
    await cloud.eventually(() => notifiedOf(user, READY).length > 0);
    cloud.stripe.restrict(await people.accountOf(user));
    await cloud.eventually(() => notifiedOf(user, MORE).length > 0);
    await people.pass(10);
    expect(people.messagesTo(user)).toHaveLength(2);
  });

  test("follow Stripe's current state, whatever old event arrives late, and are not reported again", async () => {
    const { id: user } = await people.builder();
    const account = await people.accountOf(user);
    cloud.stripe.restrict(account);
    await cloud.settle();
    cloud.stripe.completeOnboarding(account);
    await cloud.settle();
    const sent = people.messagesTo(user).length;
    for (const { id } of updatesOf(account).toReversed()) await cloud.stripe.repeat(id);
    await cloud.settle();
    expect(await stateOf(user)).toBe("ACTIVE");
    expect(people.messagesTo(user)).toHaveLength(sent);
  });

  test("follow Stripe's current state, even if one read takes longer than the next", async () => {
    const { id: user } = await people.builder();
    const account = await people.accountOf(user);
    // The write of the restriction to Firestore is delayed; the write that lifts it is not.
    const slowRead = struckBy(/^BatchGetDocuments$/, 5000);
    cloud.stripe.restrict(account);
    await slowRead;
    const nextWrite = struckBy(/^Commit$/, 0);
    cloud.stripe.completeOnboarding(account);
    await nextWrite;
    await cloud.clock.advance(5000);
    await cloud.settle();
    expect(await stateOf(user)).toBe("ACTIVE");
  });

  test("a disconnected account counts as closed, and nothing more is sold", async () => {
    const { id: user } = await people.builder();
    const dropId = await people.drop(user);
    cloud.stripe.deauthorize(await people.accountOf(user));
    await cloud.settle();
    expect(await stateOf(user)).toBe("REJECTED");
    expect(notifiedOf(user, CLOSED)).toHaveLength(1);
    const answer = await people.buyNow(people.person(), dropId);
    expect(answer.text).toContain("payout account needs attention");
  });

  test("of an account that belongs to no builder are ignored", async () => {
    const secret = cloud.settings.STRIPE_WEBHOOK_SECRETS?.split(",")[1] ?? "";
    const event = {
      id: "evt_stranger",
      object: "event",
      type: "account.updated",
      livemode: false,
      created: Math.floor(cloud.clock.nowMs() / 1000),
      account: "acct_stranger",
      data: { object: { id: "acct_stranger", object: "account" } },
    };
    const answer = await cloud.stripe.send(cloud.url("stripe-webhook"), event, { secret });
    expect(answer.status).toBe(204);
    await people.pass(1);
    expect((await cloud.firestore.collection("dead_letters").get()).size).toBe(0);
  });
});
