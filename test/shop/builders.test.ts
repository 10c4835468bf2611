import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { startTestCloud, type TestCloud } from "../support/cloud.ts";
import { shoppers } from "../support/shop.ts";

let cloud: TestCloud;
let people: ReturnType<typeof shoppers>;

beforeAll(async () => {
  cloud = await startTestCloud();
  people = shoppers(cloud);
});
afterAll(() => cloud.stop());
beforeEach(async () => {
  cloud.faults.clear();
  // Discord counts posts of a channel by five seconds.
  await cloud.clock.advance(5000);
});

let nextChannel = 1;
/** A new channel at Twitch. */
function channel() {
  const number = nextChannel++;
  return cloud.twitch.addUser({ id: String(70_000 + number), login: `channel_${number}` });
}
const stored = async (id: string) => (await cloud.firestore.doc(`builders/${id}`).get()).data();
const register = (user: string, twitch: string) =>
  people.command(user, "c500 register", { twitch });
const subscriptionsTo = (twitchId: string) =>
  cloud.twitch.subscriptions().filter(({ broadcasterId }) => broadcasterId === twitchId);

describe("/c500 register", () => {
  test("makes a builder of someone, and Twitch tells us of their streams from then on", async () => {
    const [user, { id, login }] = [people.person(), channel()];
    const { text } = await register(user, login);
    expect(text).toContain(`https://www.twitch.tv/${login} is your channel.`);
    expect(text).toContain("run `/c500 payouts`");
    expect(await stored(user)).toMatchObject({ twitch_user_id: id, twitch_username: login });
    expect(subscriptionsTo(id).map(({ type, status }) => [type, status])).toEqual([
      ["stream.online", "enabled"],
      ["stream.offline", "enabled"],
    ]);
    cloud.twitch.goLive(login, { title: "Hello" });
    await cloud.settle();
    expect(await stored(user)).toMatchObject({ is_live: true });
  });

  test.each([
    ["a link", (login: string) => `https://www.twitch.tv/${login}`],
    ["a link of a phone with more behind it", (login: string) => `m.twitch.tv/${login}?sr=a#b`],
    ["a link to a page of it", (login: string) => `http://twitch.tv/${login}/videos`],
    ["an @ before it", (login: string) => `@${login}`],
    ["capitals and blanks around it", (login: string) => `  ${login.toUpperCase()}  `],
  ])("understands a name pasted as %s", async (_what, paste) => {
    const [user, { login }] = [people.person(), channel()];
    await register(user, paste(login));
    expect(await stored(user)).toMatchObject({ twitch_username: login });
  });

  test.each([
    ["a sentence", "my channel"],
    ["a path", "../builders/1"],
    ["another site's link", "https://youtube.com/@someone"],
    ["letters of other scripts", "кирилл"],
    ["too long a name", "a".repeat(26)],
    ["one letter", "a"],
    ["nothing but a link's beginning", "https://twitch.tv/"],
    ["a query of its own", "name&login=other"],
  ])("refuses %s in words and makes nobody a builder", async (_what, typed) => {
    const user = people.person();
    expect((await register(user, typed)).text).toContain("That can't be a Twitch name.");
    expect(await stored(user)).toBeUndefined();
  });

  test("of a channel Twitch does not know says so", async () => {
    const user = people.person();
    const { text } = await register(user, "nobody_at_all");
    expect(text).toContain("Twitch knows no channel of that name.");
    expect(await stored(user)).toBeUndefined();
  });

  test("of another builder's channel changes nothing, also when both ask at one moment", async () => {
    const [one, other, { id, login }] = [people.person(), people.person(), channel()];
    const answers = await Promise.all([register(one, login), register(other, login)]);
    expect(answers.filter(({ text }) => text.includes("is your channel"))).toHaveLength(1);
    expect(answers.filter(({ text }) => text.includes("by another builder"))).toHaveLength(1);
    const owners = cloud.firestore.collection("builders").where("twitch_user_id", "==", id);
    expect((await owners.get()).size).toBe(1);
  });

  test("twice is as once, and twice at one moment too", async () => {
    const [user, { id, login }] = [people.person(), channel()];
    await register(user, login);
    const { registered_at } = (await stored(user)) ?? {};
    const fault = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "discord", operation: /deliver \/c500 register/, fault, times: 1 });
    expect((await register(user, login)).text).toContain("is your channel");
    expect(await stored(user)).toMatchObject({
      ...{ twitch_user_id: id, twitch_username: login, registered_at },
    });
    expect(subscriptionsTo(id)).toHaveLength(2);
  });

  test("again with another channel keeps the payout account and follows the new channel", async () => {
    const { id: user } = await people.builder();
    const account = await people.accountOf(user);
    const next = channel();
    expect((await register(user, next.login)).text).not.toContain("/c500 payouts");
    expect(await stored(user)).toMatchObject({
      ...{ twitch_user_id: next.id, stripe_account_id: account, stripe_account_state: "ACTIVE" },
    });
    cloud.twitch.goLive(next.login, { title: "Hello" });
    await cloud.settle();
    expect(await stored(user)).toMatchObject({ is_live: true });
  });

  test("while Twitch is down changes nothing and says when to try again", async () => {
    const [user, { login }] = [people.person(), channel()];
    cloud.faults.add({ target: "twitch", fault: { kind: "fail", code: 503 } });
    expect((await register(user, login)).text).toContain("Twitch isn't answering right now");
    expect(await stored(user)).toBeUndefined();
    cloud.faults.clear();
    expect((await register(user, login)).text).toContain("is your channel");
  });

  test("asks for the subscriptions that Twitch did not take the first time", async () => {
    const [user, { id, login }] = [people.person(), channel()];
    const operation = /POST \/helix\/eventsub/;
    cloud.faults.add({ target: "twitch", operation, fault: { kind: "fail", code: 500 }, times: 1 });
    await register(user, login);
    expect(subscriptionsTo(id)).toHaveLength(2);
  });
});

describe("/c500 profile", () => {
  const profile = async (user: string) => (await people.command(user, "c500 profile")).embeds;

  test("of someone who has done nothing yet says where to begin", async () => {
    const embeds = await profile(people.person());
    expect(embeds).toContain("Nothing yet. The marketplace channel shows what is on sale.");
    expect(embeds).not.toContain("Your shop");
  });

  test("of a buyer shows their orders, and the page of one that is not paid yet", async () => {
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
    await register(user, login);
    expect(await profile(user)).toContain("No payout account yet: run `/c500 payouts`.");
  });

  test("is seen by the asker alone", async () => {
    const user = people.person();
    const { interactionId } = await people.command(user, "c500 profile");
    expect(cloud.discord.interaction(interactionId)?.original?.onlyFor).toBe(user);
  });
});
