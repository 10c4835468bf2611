import { beforeEach, describe, expect, test } from "@jest/globals";
import { createBuilders } from "../../../functions/members/store/builders.ts";
import { bidders } from "../../support/auctions/auctions.ts";
import { community, useCloud } from "../../support/cloud.ts";
import { shoppers } from "../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

let nextChannel = 1;
/** A new Twitch channel. */
function channel() {
  const number = nextChannel++;
  return cloud.twitch.addUser({ id: String(70_000 + number), login: `channel_${number}` });
}
const stored = async (id: string) => (await cloud.firestore.doc(`builders/${id}`).get()).data();
const subscriptionsTo = (twitchId: string) =>
  cloud.twitch.subscriptions().filter(({ broadcasterId }) => broadcasterId === twitchId);

const MINUTE_MS = 60_000;
const MANAGES_SERVER = { permissions: String(1n << 5n) };

describe("/c500 register", () => {
  test("someone who signs in at Twitch and enters the code becomes a builder, whose streams Twitch reports", async () => {
    const [user, { id, login }] = [people.person(), channel()];
    const asked = await people.command(user, "c500 register");
    expect(await stored(user)).toBeUndefined();
    const page = await people.signIn(asked, login);
    expect(page).toMatchObject({ status: 200, code: expect.stringMatching(/^\w{4}-\w{4}$/) });
    expect(page.text).toContain(login);
    expect(await stored(user)).toBeUndefined();
    const { text } = await people.command(user, "c500 register", { code: page.code });
    expect(text).toContain(`https://www.twitch.tv/${login} is your channel.`);
    expect(text).toContain("run `/c500 payouts`");
    expect(await stored(user)).toMatchObject({
      twitch_user_id: id,
      twitch_username: login,
      standing: "approved",
    });
    expect(subscriptionsTo(id).map(({ type, status }) => [type, status])).toEqual([
      ["stream.online", "enabled"],
      ["stream.offline", "enabled"],
    ]);
    await cloud.clock.advance(1000);
    cloud.twitch.goLive(login, { title: "Hello" });
    await cloud.settle();
    expect(await stored(user)).toMatchObject({ is_live: true });
    // The next stream begins in the millisecond in which this one ends; Twitch's messages come in this order.
    await cloud.clock.advance(60_000);
    cloud.twitch.endStream(login);
    const { id: streamId } = cloud.twitch.goLive(login, { title: "Back again" });
    await cloud.settle();
    expect(await stored(user)).toMatchObject({ is_live: true, live_stream_id: streamId });
  });

  test("stores no token: the one it used is revoked", async () => {
    const requests = () =>
      cloud.twitch.events().flatMap((event) => (event.kind === "request" ? [event] : []));
    const [user, { login }] = [people.person(), channel()];
    const before = requests().length;
    const asked = await people.command(user, "c500 register");
    await people.signIn(asked, login);
    expect(
      requests()
        .slice(before)
        .map(({ method, path, status }) => [method, path, status]),
    ).toEqual([
      ["POST", "/oauth2/token", 200],
      ["GET", "/helix/users", 200],
      ["POST", "/oauth2/revoke", 200],
    ]);
  });

  test("a code works only for the person who requested the link", async () => {
    const [attacker, victim, { login }] = [people.person(), people.person(), channel()];
    const lure = await people.command(attacker, "c500 register");
    const { text, code } = await people.signIn(lure, login);
    expect(text).toContain("Did someone send you this link?");
    const own = await people.command(victim, "c500 register", { code });
    expect(own.text).toContain("don't give them the code");
    expect(await stored(victim)).toBeUndefined();
    expect(await stored(attacker)).toBeUndefined();
  });

  test("five wrong codes invalidate the sign-in, so that codes cannot be guessed", async () => {
    const [user, { login }] = [people.person(), channel()];
    const asked = await people.command(user, "c500 register");
    const { code } = await people.signIn(asked, login);
    for (let tries = 0; tries < 5; tries += 1) {
      const { text } = await people.command(user, "c500 register", { code: "BBBB-BBBB" });
      expect(text).toContain("isn't the code of your sign-in");
    }
    const { text } = await people.command(user, "c500 register", { code });
    expect(text).toContain("too many wrong codes");
    expect(await stored(user)).toBeUndefined();
    expect((await people.register(user, login)).text).toContain("is your channel");
  });

  test("a wrong code counts once, however often its command is delivered", async () => {
    const [user, { login }] = [people.person(), channel()];
    const { code } = await people.signIn(await people.command(user, "c500 register"), login);
    const fault = { kind: "duplicate", copies: 3 } as const;
    for (let tries = 0; tries < 4; tries += 1) {
      cloud.faults.add({ target: "pubsub", operation: /^deliver/, fault, times: 1 });
      const { text } = await people.command(user, "c500 register", { code: "BBBB-BBBB" });
      expect(text).toContain("isn't the code of your sign-in");
    }
    cloud.faults.clear();
    expect((await people.command(user, "c500 register", { code })).text).toContain(
      "is your channel",
    );
  });

  test("the page shows the person's username, and no name that others can imitate", async () => {
    const [user, { login }] = [people.person(), channel()];
    cloud.discord.addUser({ id: user, username: "asker.one", globalName: "Moss" });
    const asked = await people.command(user, "c500 register");
    const { text } = await people.signIn(asked, login);
    expect(text).toContain("@asker.one");
    expect(text).not.toContain("Moss");
  });

  test("a code is accepted in any spelling", async () => {
    const [user, { login }] = [people.person(), channel()];
    const asked = await people.command(user, "c500 register");
    const { code } = await people.signIn(asked, login);
    const typed = ` ${code.toLowerCase().replace("-", " ")} `;
    const { text } = await people.command(user, "c500 register", { code: typed });
    expect(text).toContain("is your channel");
  });

  test("a link works once, and a newer one invalidates it", async () => {
    const [user, { login }] = [people.person(), channel()];
    const first = await people.command(user, "c500 register");
    await people.signIn(first, login);
    expect(await people.signIn(first, login)).toMatchObject({
      status: 409,
      text: expect.stringContaining("already used"),
      code: "",
    });
    await cloud.clock.advance(1000);
    const second = await people.command(user, "c500 register");
    expect(await people.signIn(first, login)).toMatchObject({ status: 410, code: "" });
    expect(await people.signIn(second, login)).toMatchObject({ status: 200 });
  });

  test("if two people sign in with one link at the same time, only one is shown a code", async () => {
    const [user, one, other] = [people.person(), channel(), channel()];
    const asked = await people.command(user, "c500 register");
    const pages = await Promise.all([
      people.signIn(asked, one.login),
      people.signIn(asked, other.login),
    ]);
    expect(pages.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const shown = pages.find(({ status }) => status === 200);
    await people.command(user, "c500 register", { code: shown?.code ?? "" });
    const { login } = shown?.text.includes(one.login) ? one : other;
    expect(await stored(user)).toMatchObject({ twitch_username: login });
  });

  test("a code works once", async () => {
    const [user, { login }] = [people.person(), channel()];
    const { code } = await people.signIn(await people.command(user, "c500 register"), login);
    const first = await people.command(user, "c500 register", { code });
    expect(first.text).toContain("is your channel");
    await cloud.clock.advance(1000);
    const again = await people.command(user, "c500 register", { code });
    expect(again.text).toContain("work once");
  });

  test("link and code expire after fifteen minutes", async () => {
    const [user, { login }] = [people.person(), channel()];
    const asked = await people.command(user, "c500 register");
    const late = await people.command(people.person(), "c500 register");
    const { code } = await people.signIn(asked, login);
    await cloud.clock.advance(15 * MINUTE_MS);
    expect(await people.signIn(late, login)).toMatchObject({ status: 410, code: "" });
    const { text } = await people.command(user, "c500 register", { code });
    expect(text).toContain("links and codes last 15 minutes");
    expect(await stored(user)).toBeUndefined();
  });

  test("someone who cancels at Twitch learns how to continue, and can use the link again", async () => {
    const [user, { login }] = [people.person(), channel()];
    const asked = await people.command(user, "c500 register");
    const cancelled = await people.signIn(asked, undefined);
    expect(cancelled).toMatchObject({ status: 200, code: "" });
    expect(cancelled.text).toContain("You cancelled, and nothing has happened");
    expect(await people.signIn(asked, login)).toMatchObject({ status: 200 });
  });

  test.each([
    ["nothing", ""],
    ["an unknown state", `?code=abc&state=5.${"x".repeat(32)}`],
    ["a malformed state", "?code=abc&state=__x__.y"],
    ["two states", `?state=5.${"x".repeat(32)}&state=6.${"x".repeat(32)}`],
  ])("a callback with %s shows a page with an explanation", async (_what, query) => {
    const answer = await cloud.fetch(
      `${cloud.settings["PUBLIC_SITE_URL"]}/twitch/callback${query}`,
    );
    expect([400, 410]).toContain(answer.status);
    expect(await answer.text()).toContain("/c500 register");
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
  });

  test("a sign-in while Twitch is down changes nothing, and the link still works afterwards", async () => {
    const [user, { login }] = [people.person(), channel()];
    const asked = await people.command(user, "c500 register");
    const operation = /POST \/oauth2\/token/;
    cloud.faults.add({ target: "twitch", operation, fault: { kind: "fail", code: 503 } });
    const down = await people.signIn(asked, login);
    expect(down).toMatchObject({ status: 503, code: "" });
    expect(down.text).toContain("Twitch is not answering");
    cloud.faults.clear();
    expect(await people.signIn(asked, login)).toMatchObject({ status: 200 });
  });

  test("an authorization code that was already used leads to another sign-in with the same link", async () => {
    const [user, { login }] = [people.person(), channel()];
    const asked = await people.command(user, "c500 register");
    const url = asked.buttons[0]?.url ?? "";
    const location = new URL(cloud.twitch.signIn(url, login));
    location.searchParams.set("code", "used-before");
    const answer = await cloud.fetch(location);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("Please sign in once more");
    expect(await people.signIn(asked, login)).toMatchObject({ status: 200 });
  });

  test("for another builder's proved channel changes nothing, even if both register at once", async () => {
    const [one, other, { id, login }] = [people.person(), people.person(), channel()];
    const asked = await Promise.all(
      [one, other].map((who) => people.command(who, "c500 register")),
    );
    const pages: Awaited<ReturnType<typeof people.signIn>>[] = [];
    for (const answer of asked) pages.push(await people.signIn(answer, login));
    const answers = await Promise.all(
      [one, other].map((who, index) =>
        people.command(who, "c500 register", { code: pages[index]?.code ?? "" }),
      ),
    );
    expect(answers.filter(({ text }) => text.includes("is your channel"))).toHaveLength(1);
    expect(
      answers.filter(({ text }) => text.includes("Another builder has already registered")),
    ).toHaveLength(1);
    const owners = cloud.firestore.collection("builders").where("twitch_user_id", "==", id);
    expect((await owners.get()).size).toBe(1);
  });

  test("the owner takes precedence over an unproved claim; the claimant is notified, and their held money waits", async () => {
    const [squatter, owner, { id, login }] = [people.person(), people.person(), channel()];
    await cloud.firestore.doc(`builders/${squatter}`).set({ twitch_username: login });
    const held = { hold: "held", hold_ends_at: new Date(cloud.clock.nowMs() + 1e9) };
    await cloud.firestore.doc(`orders/claimed-${squatter}`).set({
      buyer_id: "5",
      builder_id: squatter,
      fulfillment_status: "paid",
      ...held,
    });
    expect((await people.register(owner, login)).text).toContain("is your channel");
    expect(await stored(squatter)).toMatchObject({ twitch_username: null, standing: "unproved" });
    expect(await stored(owner)).toMatchObject({ twitch_user_id: id });
    const sent = people.messagesTo(squatter);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toContain("it is theirs now");
    const notices = cloud.discord.messages(community.operatorsChannelId);
    const notice = JSON.stringify(notices.at(-1)?.embeds);
    expect(notice).toContain(`<@${squatter}> had claimed the channel without proof`);
    expect(notice).toContain("Money is held for 1 of their orders");
  });

  test("a code delivered three times counts once", async () => {
    const [user, { id, login }] = [people.person(), channel()];
    const asked = await people.command(user, "c500 register");
    const { code } = await people.signIn(asked, login);
    const before = cloud.discord.messages(community.operatorsChannelId).length;
    const fault = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "discord", operation: /deliver \/c500 register/, fault, times: 1 });
    const { text } = await people.command(user, "c500 register", { code });
    expect(text).toContain("is your channel");
    expect(subscriptionsTo(id)).toHaveLength(2);
    expect(cloud.discord.messages(community.operatorsChannelId)).toHaveLength(before + 1);
    expect(await stored(user)).toMatchObject({ standing_version: 1 });
  });

  test("again with another channel keeps the payout account and follows the new channel", async () => {
    const { id: user } = await people.builder();
    const account = await people.accountOf(user);
    const next = channel();
    expect((await people.register(user, next.login)).text).not.toContain("/c500 payouts");
    expect(await stored(user)).toMatchObject({
      twitch_user_id: next.id,
      stripe_account_id: account,
      stripe_account_state: "ACTIVE",
    });
    cloud.twitch.goLive(next.login, { title: "Hello" });
    await cloud.settle();
    expect(await stored(user)).toMatchObject({ is_live: true });
  });

  test("with another channel ends what Twitch is still asked about the one before", async () => {
    const [user, first, next] = [people.person(), channel(), channel()];
    await people.register(user, first.login);
    await people.register(user, next.login);
    const known = await stored(user);
    const builders = createBuilders(async () => cloud.firestore);
    const late = { isLive: true, streamId: "1", at: new Date(cloud.clock.nowMs()) };
    await builders.recordStreamStatus(user, { ...late, channelId: first.id });
    expect(await stored(user)).toEqual(known);
    await builders.recordStreamStatus(user, { ...late, channelId: next.id });
    expect(await stored(user)).toMatchObject({ twitch_user_id: next.id, is_live: true });
  });

  test("a change of channel is refused while buyers' money is held", async () => {
    const builder = await people.builder();
    await people.purchase(await people.drop(builder.id, { payment: "held" }));
    const { text } = await people.register(builder.id, channel().login);
    expect(text).toContain("You can't move to another channel");
    expect(await stored(builder.id)).toMatchObject({ twitch_username: builder.login });
  });

  test("leaves the subscriptions to the sweeper if Twitch fails after the channel is proved", async () => {
    const [user, { id, login }] = [people.person(), channel()];
    const asked = await people.command(user, "c500 register");
    const { code } = await people.signIn(asked, login);
    const operation = /\/helix\/eventsub/;
    cloud.faults.add({ target: "twitch", operation, fault: { kind: "fail", code: 503 } });
    const { text } = await people.command(user, "c500 register", { code });
    expect(text).toContain("is your channel");
    cloud.faults.clear();
    await cloud.fetch(cloud.url("sweeper"), { method: "POST" });
    await cloud.settle();
    expect(subscriptionsTo(id)).toHaveLength(2);
  });
});

describe("/c500 profile", () => {
  const profile = async (user: string) => (await people.command(user, "c500 profile")).embeds;

  test("of a new user says where to start", async () => {
    const embeds = await profile(people.person());
    expect(embeds).toContain("Nothing yet. The marketplace channel shows what is on sale.");
    expect(embeds).not.toContain("Your shop");
  });

  test("of a buyer shows their orders, and the Checkout link of an unpaid one", async () => {
    const builder = await people.builder();
    const dropId = await people.drop(builder.id, { title: "Lamp", price: "40", limit: 3 });
    const { buyer } = await people.purchase(dropId);
    const open = await people.buyNow(buyer, dropId);
    const embeds = await profile(buyer);
    expect(embeds).toContain("**Lamp** · $40.00 · paid");
    expect(embeds).toContain("**Lamp** · $40.00 · waiting for your payment");
    expect(embeds).toContain(open.buttons[0]?.url);
    expect(embeds).not.toContain("Your shop");
    const stranger = await profile(people.person());
    expect(stranger).not.toContain("Lamp");
  });

  test("of a builder shows open orders, drops on sale and where their money is", async () => {
    const builder = await people.builder({ isLive: true });
    const held = await people.drop(builder.id, { title: "Held", price: "100", payment: "held" });
    await people.drop(builder.id, { title: "Other" });
    const proved = await people.purchase(held);
    const waiting = await people.purchase(held);
    await people.proveOnStream(builder.id, proved.orderId);
    const embeds = await profile(builder.id);
    expect(embeds).toContain(`\`${waiting.orderId}\` · paid`);
    expect(embeds).toContain(`\`${proved.orderId}\` · on the workbench`);
    const field = (name: string) =>
      new RegExp(`"name":"${name}","value":"([^"]*)"`).exec(embeds)?.[1];
    expect(field("Drops on sale")).toBe("2");
    expect(field("Held")).toBe("$95.00");
    expect(field("Released")).toBe("$95.00");
    expect(field("Account")).toContain("Your payout account is ready");
  });

  test("of a builder without a payout account says how to get one", async () => {
    const [user, { login }] = [people.person(), channel()];
    await people.register(user, login);
    expect(await profile(user)).toContain("No payout account yet: run `/c500 payouts`.");
  });

  test("of a builder who has sold nothing shows no sum in a currency that may not be the shop's", async () => {
    const embeds = await profile((await people.builder()).id);
    expect(embeds).toContain('"name":"Held","value":"Nothing yet"');
    expect(embeds).toContain('"name":"Released","value":"Nothing yet"');
    expect(embeds).not.toContain("$0.00");
  });

  test("is seen only by the person who runs the command", async () => {
    const user = people.person();
    const { interactionId } = await people.command(user, "c500 profile");
    expect(cloud.discord.interaction(interactionId)?.original?.onlyFor).toBe(user);
  });
});

test("someone else who proves a removed builder's channel does not become a builder automatically", async () => {
  const [user, other, staff] = [people.person(), people.person(), people.person(MANAGES_SERVER)];
  const { login } = channel();
  await people.register(user, login);
  // Discord resolves the option to a user only for a registered command.
  await bidders(cloud, people).registerCommands();
  await people.command(staff, "c500 builders remove", { builder: user, reason: "Copies" });
  expect((await people.register(other, login)).text).toContain("the team has to approve you");
  expect(await stored(other)).toMatchObject({ standing: "awaiting" });
});
