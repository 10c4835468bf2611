import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { startPayouts } from "../../../support/races/payouts.ts";

let world: Awaited<ReturnType<typeof startPayouts>>;
let cloud: (typeof world)["cloud"];

beforeAll(async () => {
  world = await startPayouts();
  cloud = world.cloud;
});
beforeEach(() => cloud.faults.clear());
afterAll(() => cloud.stop());

const connect = (user: string, country = "US") =>
  world.people.command(user, "payouts connect", country ? { country } : {});
const accountOf = async (user: string, collection: "wallets" | "builders" = "wallets") =>
  (await cloud.firestore.doc(`${collection}/${user}`).get()).get("stripe_account_id") as string;

/** A racer who is not a builder, with money and an account that is ready. */
async function connected(amount: number) {
  const user = await world.racer(amount);
  await connect(user);
  const account = await accountOf(user);
  cloud.stripe.completeOnboarding(account);
  await cloud.settle();
  return { user, account };
}

const paidTo = async (user: string) => (await world.people.command(user, "wallet")).embeds;

describe("/payouts connect", () => {
  test("opens an account for a racer who is not a builder, who is then paid by transfer", async () => {
    const user = await world.racer(5000);
    expect(await paidTo(user)).toContain("`/payouts connect` adds your bank account");
    expect((await connect(user, "")).text).toContain("Which country");
    const { text, buttons } = await connect(user);
    expect(text).toContain("isn't finished yet");
    expect(await paidTo(user)).toContain("Your bank account isn't ready");
    expect(buttons.map(({ label }) => label)).toEqual(["Continue at Stripe"]);
    expect((await world.pay(user, "50", { method: "stripe" })).text).toContain("/payouts connect");
    const account = await accountOf(user);
    cloud.stripe.completeOnboarding(account);
    await cloud.settle();
    expect(world.shop.timesNotified(user, "the team can send what you earn in races")).toBe(1);
    expect(await paidTo(user)).toContain("Your bank, through Stripe");
    expect((await connect(user, "")).buttons.map(({ label }) => label)).toEqual([
      "Open your payouts",
    ]);
    expect((await world.pay(user, "50", { method: "stripe" })).text).toContain("on the way");
    expect(world.shop.has({ account })).toBe(5000);
    expect(await world.left(user)).toBe(0);
  });

  test("opens one account, however often the command is run", async () => {
    const user = await world.racer(5000);
    const first = Object.keys(cloud.stripe.balances().accounts).length;
    await connect(user);
    await connect(user);
    expect(Object.keys(cloud.stripe.balances().accounts)).toHaveLength(first + 1);
  });

  test("is refused to people who have not earned anything", async () => {
    const user = world.people.person();
    expect((await connect(user)).text).toContain("haven't earned anything");
    expect(await accountOf(user)).toBeUndefined();
  });

  test("refuses a country that Stripe doesn't let the shop pay", async () => {
    const user = await world.racer(5000);
    expect((await connect(user, "JP")).text).toContain("I can't pay racers in Japan");
    expect(await accountOf(user)).toBeUndefined();
  });

  test("is a builder's existing account if they have one", async () => {
    const { user, account } = await world.connectedRacer(5000);
    expect((await connect(user, "")).buttons.map(({ label }) => label)).toEqual([
      "Open your payouts",
    ]);
    expect(await accountOf(user)).toBeUndefined();
    expect(await accountOf(user, "builders")).toBe(account);
  });
});

describe("a racer's account", () => {
  test("is also used for their sales when they become a builder, and they are still paid to it", async () => {
    const { user, account } = await connected(5000);
    const login = `racer_${user.slice(-5)}`;
    cloud.twitch.addUser({ id: `8${user.slice(-5)}`, login });
    await world.people.register(user, login);
    const { text } = await world.people.command(user, "c500 payouts");
    expect(text).toContain("is ready: what you sell reaches your bank");
    expect(await accountOf(user, "builders")).toBe(account);
    expect(await accountOf(user)).toBeNull();
    expect((await world.pay(user, "50", { method: "stripe" })).text).toContain("on the way");
    expect(world.shop.has({ account })).toBe(5000);
  });

  test("that was opened at the same time as the shop's is used while the shop's isn't ready, and no longer after that", async () => {
    const user = await world.racer(5000);
    const login = `racer_${user.slice(-5)}`;
    cloud.twitch.addUser({ id: `8${user.slice(-5)}`, login });
    await world.people.register(user, login);
    // Both commands are at Stripe before either has stored an account.
    const slow = { kind: "delay", ms: 1000 } as const;
    cloud.faults.add({ target: "stripe", operation: /^POST \/v1\/accounts$/, fault: slow });
    const commands = [
      world.people.command(user, "c500 payouts", { country: "CA" }),
      connect(user, "US"),
    ];
    await cloud.clock.advance(1000);
    await Promise.all(commands);
    const own = await accountOf(user);
    const shops = await accountOf(user, "builders");
    expect(own).not.toBe(shops);
    for (const [account, amount] of [
      [own, 2000],
      [shops, 3000],
    ] as const) {
      cloud.stripe.completeOnboarding(account);
      await cloud.settle();
      const typed = String(amount / 100);
      expect((await world.pay(user, typed, { method: "stripe" })).text).toContain("on the way");
      expect(world.shop.has({ account })).toBe(amount);
    }
  });

  test("that is disconnected receives nothing more; they are notified, and can connect another", async () => {
    const { user, account } = await connected(5000);
    cloud.stripe.deauthorize(account);
    await cloud.settle();
    expect(world.shop.timesNotified(user, "Run `/payouts connect` to see what you can do")).toBe(1);
    const refused = await world.pay(user, "50", { method: "stripe" });
    expect(refused.text).toContain("no Stripe account that can receive money");
    expect(await world.left(user)).toBe(5000);
    expect((await connect(user, "")).text).toContain("is closed");
    await connect(user, "US");
    const next = await accountOf(user);
    expect(next).not.toBe(account);
    cloud.stripe.completeOnboarding(next);
    await cloud.settle();
    expect((await world.pay(user, "50", { method: "stripe" })).text).toContain("on the way");
    expect(world.shop.has({ account: next })).toBe(5000);
  });

  test("that no longer exists when the money is sent returns it to the wallet, and both are notified", async () => {
    const { user, account } = await connected(5000);
    cloud.faults.add({
      target: "pubsub",
      operation: /^deliver seller-account/,
      fault: { kind: "drop" },
    });
    cloud.stripe.deauthorize(account);
    const { text } = await world.pay(user, "50", { method: "stripe" });
    expect(text).toContain("closed or no longer connected");
    expect(await world.left(user)).toBe(5000);
    expect(world.shop.timesNotified(user, "run `/payouts connect` to open another")).toBe(1);
  });

  test("is swept: a lost Stripe event does not leave it unready", async () => {
    const user = await world.racer(5000);
    await connect(user);
    const drop = { kind: "drop" } as const;
    cloud.faults.add({ target: "pubsub", operation: /^deliver seller-account/, fault: drop });
    cloud.stripe.completeOnboarding(await accountOf(user));
    await cloud.settle();
    cloud.faults.clear();
    await world.shop.nextSweep();
    expect((await world.pay(user, "50", { method: "stripe" })).text).toContain("on the way");
  });

  test("is in the team's list of who can be paid", async () => {
    const { user } = await connected(77_700);
    const without = await world.racer(66_600);
    const { embeds } = await world.people.command(world.staff, "payouts list");
    expect(embeds).toContain(`<@${user}> **$777.00** · 💳 Stripe`);
    expect(embeds).toContain(`<@${without}> **$666.00** · store credit`);
  });
});
