import { beforeEach, describe, expect, test } from "@jest/globals";
import { bidders } from "../../support/auctions/auctions.ts";
import { redeliver } from "../../support/calls/redeliver.ts";
import { community, useCloud } from "../../support/cloud.ts";
import { freeShipping, shoppers, toAnswer } from "../../support/shop/shop.ts";

const MANAGE_SERVER = "32";

const cloud = await useCloud({ environment: { BUILDER_APPROVAL: "staff" }, rateLimits: false });
const people = shoppers(cloud);
const room = bidders(cloud, people);
await room.registerCommands();
const staff = people.person({ permissions: MANAGE_SERVER });
beforeEach(async () => {
  await cloud.clock.advance(5000);
});

let nextChannel = 1;
/** A new user with a Twitch channel. */
function newcomer(fields: { dmsClosed?: boolean } = {}) {
  const user = people.person(fields);
  const login = `newcomer_${nextChannel}`;
  cloud.twitch.addUser({ id: String(40_000 + nextChannel++), login });
  return { user, login };
}
const standing = async (user: string) =>
  (await cloud.firestore.doc(`builders/${user}`).get()).get("standing");
const staffSays = (words: string, builder: string, reason?: string) =>
  people.command(staff, `c500 builders ${words}`, { builder, ...(reason && { reason }) });
const notices = () => cloud.discord.messages(community.operatorsChannelId);
const noticeOf = (user: string) =>
  notices().findLast(({ embeds }) => JSON.stringify(embeds).includes(user));
const buttonsOf = (user: string) =>
  (
    (noticeOf(user)?.components ?? []) as unknown as {
      components: { label: string; custom_id: string }[];
    }[]
  ).flatMap(({ components }) => components);

/** Presses a button of the operators' notice about someone. */
async function press(by: string, user: string, label: string) {
  const button = buttonsOf(user).find((candidate) => candidate.label === label);
  const { id } = await cloud.discord.client.component(cloud.url("discord-interactions"), {
    user: by,
    channelId: community.operatorsChannelId,
    message: noticeOf(user)?.id ?? "",
    customId: button?.custom_id ?? "",
  });
  await cloud.settle();
  return toAnswer(cloud.discord, id);
}

/** A builder who is approved and can be paid. */
async function builder({ isLive = false } = {}) {
  const { user: id, login } = newcomer();
  if (isLive) cloud.twitch.goLive(login, { title: "At the bench" });
  await people.register(id, login);
  await staffSays("approve", id);
  await people.command(id, "c500 payouts", { country: "US" });
  cloud.stripe.completeOnboarding(await people.accountOf(id));
  await cloud.settle();
  await people.command(id, "c500 shipping", freeShipping);
  return { id, login };
}

describe("a proved channel", () => {
  test("waits for staff approval, and until then no builder command works", async () => {
    const { user, login } = newcomer();
    expect((await people.register(user, login)).text).toContain("the team has to approve you");
    expect(await standing(user)).toBe("awaiting");
    const waiting = "The team has yet to approve you as a C500 builder";
    cloud.twitch.goLive(login, { title: "Hello" });
    await cloud.settle();
    const tries = [
      await people.command(user, "c500 payouts", { country: "US" }),
      await people.command(user, "c500 live", { context: "chat" }),
      await people.sendDropForm(user),
      await room.control(user, room.channel(community.guildId), "start", {
        title: "T",
        price: "5",
        duration: "5m",
      }),
    ];
    for (const { text } of tries) expect(text).toContain(waiting);
    expect((await people.command(user, "race lobby")).text).toContain("That's for race hosts");
  });

  test("is approved once from the operators' notice, which shows by whom", async () => {
    const { user, login } = newcomer();
    await people.register(user, login);
    expect(buttonsOf(user).map(({ label }) => label)).toEqual(["Approve", "Decline…"]);
    const { text } = await press(staff, user, "Approve");
    expect(text).toContain("is now a C500 builder");
    expect(await standing(user)).toBe("approved");
    expect(people.messagesTo(user)).toEqual([expect.stringContaining("has approved you")]);
    expect(buttonsOf(user)).toEqual([]);
    expect(JSON.stringify(noticeOf(user)?.embeds)).toContain(`approved by <@${staff}>`);
    expect((await staffSays("approve", user)).text).toContain("Nothing has changed");
    expect(people.messagesTo(user)).toHaveLength(1);
  });

  test("is decided with word to the team that its owner accepts no DMs", async () => {
    const { user, login } = newcomer({ dmsClosed: true });
    await people.register(user, login);
    const { text } = await press(staff, user, "Approve");
    expect(text).toContain("They don't accept DMs: please notify them yourself.");
    const open = newcomer();
    await people.register(open.user, open.login);
    expect((await press(staff, open.user, "Approve")).text).toContain("They have been notified.");
  });

  test("is approved even if the notice can no longer be changed", async () => {
    const { user, login } = newcomer();
    await people.register(user, login);
    const channel = {
      id: community.operatorsChannelId,
      guildId: community.guildId,
      name: "operators",
    };
    cloud.discord.addChannel({ ...channel, botMay: { viewChannel: false } });
    const { text } = await staffSays("approve", user);
    cloud.discord.addChannel(channel);
    expect(text).toContain("is now a C500 builder");
    expect(await standing(user)).toBe("approved");
  });

  test("is reported once, however late its command is redelivered; a newer sign-in continues", async () => {
    const { user, login } = newcomer();
    const proved = await people.register(user, login);
    await staffSays("approve", user);
    const link = await people.command(user, "c500 register");
    const ofThem = () =>
      notices().filter(({ embeds }) => JSON.stringify(embeds).includes(`<@${user}>`)).length;
    const before = ofThem();
    await redeliver(cloud, proved, {
      command: "c500 register",
      handler: "shop",
      isStaff: false,
      options: { code: "BCDF-GHJK" },
    });
    expect(ofThem()).toBe(before);
    expect((await people.signIn(link, login)).code).not.toBe("");
  });

  test("can be approved only by staff", async () => {
    const { user, login } = newcomer();
    await people.register(user, login);
    expect((await press(user, user, "Approve")).text).toContain("That's for the team");
    expect((await press(user, user, "Decline…")).text).toContain("That's for the team");
    const typed = await people.command(user, "c500 builders approve", { builder: user });
    expect(typed.text).toContain("That's for the team");
    expect(await standing(user)).toBe("awaiting");
  });

  test("is declined through a form with a reason, which its owner receives, and stays declined", async () => {
    const { user, login } = newcomer();
    await people.register(user, login);
    const decline = await press(staff, user, "Decline…");
    const sent = await cloud.discord.client.modalSubmit(cloud.url("discord-interactions"), {
      of: decline.interactionId,
      values: { reason: "No keyboards on it" },
    });
    await cloud.settle();
    expect(toAnswer(cloud.discord, sent.id).text).toContain("is declined");
    expect(people.messagesTo(user)).toEqual([expect.stringContaining("No keyboards on it")]);
    const again = await people.command(user, "c500 register");
    expect(again.text).toContain("The team didn't approve you");
    expect(again.text).toContain("No keyboards on it");
    await staffSays("approve", user);
    expect(await standing(user)).toBe("approved");
  });

  test("a press on an outdated notice decides nothing", async () => {
    const { user, login } = newcomer();
    await people.register(user, login);
    const old = noticeOf(user);
    const [approve] = buttonsOf(user);
    await cloud.clock.advance(1000);
    await people.register(user, login);
    const { id } = await cloud.discord.client.component(cloud.url("discord-interactions"), {
      user: staff,
      channelId: community.operatorsChannelId,
      message: old?.id ?? "",
      customId: approve?.custom_id ?? "",
    });
    await cloud.settle();
    expect(toAnswer(cloud.discord, id).text).toContain("That notice is out of date");
    expect(await standing(user)).toBe("awaiting");
  });

  test("can be decided even if its notice was deleted", async () => {
    const { user, login } = newcomer();
    await people.register(user, login);
    const api = `${cloud.settings.DISCORD_API_BASE_URL}/v10/channels/${community.operatorsChannelId}`;
    const authorization = { authorization: `Bot ${cloud.settings.DISCORD_BOT_TOKEN}` };
    const notice = `${api}/messages/${noticeOf(user)?.id}`;
    const deleted = await cloud.fetch(notice, { method: "DELETE", headers: authorization });
    expect(deleted.status).toBe(204);
    expect((await staffSays("approve", user)).text).toContain("is now a C500 builder");
    expect(people.messagesTo(user)).toEqual([expect.stringContaining("has approved you")]);
  });

  test("each decision is recorded with its author, time and reason", async () => {
    const { id } = await builder();
    await staffSays("suspend", id, "Late parcels");
    const changes = await cloud.firestore.collection(`builders/${id}/standings`).get();
    const sent = changes.docs
      .map((change) => change.data())
      .sort((one, other) => Number(one["version"]) - Number(other["version"]))
      .map(({ from, to, by_id, reason }) => [from, to, by_id, reason]);
    expect(sent).toEqual([
      [null, "awaiting", id, null],
      ["awaiting", "approved", staff, null],
      ["approved", "suspended", staff, "Late parcels"],
    ]);
  });

  test("all builders are listed by standing", async () => {
    const { user, login } = newcomer();
    await people.register(user, login);
    const { embeds } = await people.command(staff, "c500 builders list");
    expect(embeds).toContain("Waiting for approval");
    expect(embeds).toContain(`<@${user}>`);
  });
});

describe("suspending a builder", () => {
  test("pauses their drops at once, and restoring them puts the drops on sale again", async () => {
    const { id } = await builder();
    const drop = await people.drop(id);
    const { text } = await staffSays("suspend", id, "Late parcels");
    expect(text).toContain("is suspended");
    expect(people.messagesTo(id).at(-1)).toContain("Late parcels");
    expect((await people.buyFromOldPost(people.person(), drop)).text).toContain("drop is paused");
    expect(await people.stock(drop)).toMatchObject({ reserved: 0 });
    await cloud.clock.advance(2000);
    await cloud.settle();
    expect(people.buyButton(drop)).toMatchObject({ label: "Paused", disabled: true });
    const restock = await people.command(id, "c500 drops", { drop, restock: 1 });
    expect(restock.text).toContain("has suspended you");

    await staffSays("restore", id);
    await cloud.clock.advance(2000);
    await cloud.settle();
    expect(people.buyButton(drop)).toMatchObject({ label: "Buy Now", disabled: false });
    expect((await people.buyNow(people.person(), drop)).text).toContain("is reserved for you");
  });

  test("stops releases for orders already shown on stream; restoring them makes the releases", async () => {
    const { id } = await builder({ isLive: true });
    const drop = await people.drop(id, { payment: "held", price: "100" });
    const { orderId, buyer } = await people.purchase(drop);
    // What asks for the release is on its way when the team suspends them.
    const fault = { kind: "delay", ms: 60_000 } as const;
    cloud.faults.add({ target: "pubsub", operation: /order-release/, fault, times: 1 });
    await people.command(id, "c500 live", { context: "order", orders: orderId });
    await staffSays("suspend", id, "Stolen pictures");
    await cloud.clock.advance(30 * 60_000);
    await cloud.settle();
    expect(await people.order(orderId)).toMatchObject({ hold: "held" });
    expect(people.messagesTo(buyer).at(-1)).toContain("held and safe until the team has decided");

    await staffSays("restore", id);
    await cloud.eventually(async () => (await people.order(orderId))["hold"] === "released");
    expect(people.messagesTo(id).filter((text) => text.includes("suspended you"))).toHaveLength(1);
  });

  test("cancels running auctions, keeps planned ones closed, and notifies each buyer once", async () => {
    const { id, login } = await builder();
    const [running, planned] = [room.channel(community.guildId), room.channel(community.guildId)];
    const auction = await room.start(id, running);
    await room.bid(people.person(), running, "60");
    const waiting = await room.start(id, planned, { opens: "live" });
    const { buyer, orderId } = await people.purchase(await people.drop(id, { payment: "held" }));
    const fault = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "discord", operation: /deliver \/c500 builders/, fault, times: 1 });
    await staffSays("suspend", id, "Away");
    expect(await room.stored(auction)).toMatchObject({ state: "cancelled" });
    expect((await room.bid(people.person(), running, "70")).text).not.toContain("You lead");
    cloud.twitch.goLive(login, { title: "Hello" });
    await cloud.settle();
    expect(await room.stored(waiting)).toMatchObject({ state: "planned" });
    const sent = people.messagesTo(buyer).filter((text) => text.includes(orderId));
    expect(sent.filter((text) => text.includes("suspended its builder"))).toHaveLength(1);
    expect(people.messagesTo(id).filter((text) => text.includes("has suspended you"))).toHaveLength(
      1,
    );

    await staffSays("restore", id);
    await cloud.fetch(cloud.url("sweeper"), { method: "POST" });
    await cloud.settle();
    expect(await room.stored(waiting)).toMatchObject({ state: "live" });
  });

  test("notifies every buyer whose order waits, however many there are", async () => {
    const { id } = await builder();
    const { orderId } = await people.purchase(await people.drop(id, { payment: "held" }));
    const record = (await cloud.firestore.doc(`orders/${orderId}`).get()).data();
    const another = people.person();
    for (let more = 0; more < 101; more += 1) {
      const theirs = { ...record, buyer_id: another };
      await cloud.firestore.doc(`orders/8000000000000${10_000 + more}`).set(theirs);
    }
    await staffSays("suspend", id, "Away");
    const sent = people
      .messagesTo(another)
      .filter((text) => text.includes("suspended its builder"));
    expect(sent).toHaveLength(101);
  });

  test("cancels running auctions, however many auctions they have had since", async () => {
    const { id } = await builder();
    const auction = await room.start(id, room.channel(community.guildId), { duration: "7d" });
    const record = await room.stored(auction);
    const created_at = new Date(cloud.clock.nowMs() + 1000);
    for (let more = 0; more < 100; more += 1) {
      const over = { ...record, state: "unsold", created_at };
      await cloud.firestore.doc(`auctions/8000000000000${10_000 + more}`).set(over);
    }
    await staffSays("suspend", id, "Away");
    expect(await room.stored(auction)).toMatchObject({ state: "cancelled" });
  });

  test("has no effect when redelivered after they were restored", async () => {
    const { id } = await builder();
    const fault = { kind: "fail", code: 503 } as const;
    cloud.faults.add({ target: "discord", operation: /^POST .*\/messages$/, fault });
    await staffSays("suspend", id, "Away");
    await staffSays("restore", id);
    cloud.faults.clear();
    const auction = await room.start(id, room.channel(community.guildId), { duration: "2h" });
    await cloud.clock.advance(30 * 60_000);
    await cloud.settle();
    expect(await room.stored(auction)).toMatchObject({ state: "live" });
    expect(people.messagesTo(id).filter((text) => text.includes("has suspended you"))).toEqual([]);
    expect(people.messagesTo(id).filter((text) => text.includes("has restored you"))).toHaveLength(
      1,
    );
  });

  test("prevents them from being forgotten until the team has decided", async () => {
    const { id } = await builder();
    await staffSays("suspend", id, "Late parcels");
    const { text } = await people.command(id, "c500 forget me");
    expect(text).toContain("suspended");
    await staffSays("remove", id, "Late parcels");
    const after = await people.command(id, "c500 forget me");
    expect(after.embeds).toContain("Do you want me to forget you?");
  });
});

describe("removing a builder", () => {
  test("ends their permissions; their buyers can still be refunded", async () => {
    const { id } = await builder();
    const { orderId } = await people.purchase(await people.drop(id, { payment: "held" }));
    await staffSays("remove", id, "Sold copies");
    expect((await people.sendDropForm(id)).text).toContain("You are no longer a C500 builder");
    expect((await people.command(staff, "c500 refund", { order: orderId })).text).not.toContain(
      "can't",
    );
    await cloud.eventually(
      async () => (await people.order(orderId))["fulfillment_status"] === "refunded",
    );
  });

  test("their channel can be proved by someone else, whom staff have to approve", async () => {
    const { id, login } = await builder();
    await staffSays("remove", id, "Sold copies");
    const other = people.person();
    expect((await people.register(other, login)).text).toContain("the team has to approve you");
    expect(JSON.stringify(noticeOf(other)?.embeds)).toContain("whom the team removed");
  });

  test("they may register again once restored", async () => {
    const { id, login } = await builder();
    await staffSays("remove", id, "Sold copies");
    expect((await people.command(id, "c500 register")).text).toContain("has removed you");
    await staffSays("restore", id);
    await people.register(id, login);
    expect(await standing(id)).toBe("awaiting");
  });
});

test("only one of two concurrent decisions counts", async () => {
  const { user, login } = newcomer();
  await people.register(user, login);
  const other = people.person({ permissions: MANAGE_SERVER });
  const answers = await Promise.all([
    staffSays("approve", user),
    people.command(other, "c500 builders approve", { builder: user }),
  ]);
  expect(answers.filter(({ text }) => text.includes("is now a C500 builder"))).toHaveLength(1);
  expect(answers.filter(({ text }) => text.includes("Nothing has changed"))).toHaveLength(1);
  expect(people.messagesTo(user)).toHaveLength(1);
});
