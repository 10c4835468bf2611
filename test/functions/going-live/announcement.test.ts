import { describe, expect, test } from "@jest/globals";
import { limits } from "../../../shared/limits/limits.ts";
import { community, seeder, useCloud } from "../../support/cloud.ts";
import { answerOf, goLive, repeatGoLive } from "../../support/going-live/go-live.ts";
import { countUses } from "../../support/limits.ts";

const cloud = await useCloud();
const seed = seeder(cloud);

const TEN_MINUTES_MS = 10 * 60_000;

const postsOf = (channelId: string, login: string) =>
  cloud.discord.messages(channelId).filter(({ content }) => content.endsWith(`/${login}`));

/** Somebody has everything about themselves forgotten. */
async function forget(user: string): Promise<void> {
  const endpoint = cloud.url("discord-interactions");
  const from = { user, channelId: community.generalChannelId };
  const { id } = await cloud.discord.client.command(endpoint, { ...from, name: "c500 forget me" });
  await cloud.settle();
  const message = cloud.discord.interaction(id)?.original?.id ?? "";
  const customId = `forget-me:${user}`;
  await cloud.discord.client.component(endpoint, { ...from, message, customId });
  await cloud.clock.advance(10_000);
  await cloud.settle();
  expect((await cloud.firestore.doc(`builders/${user}`).get()).exists).toBe(false);
}

describe("going live to chat", () => {
  test("announces the hangout in the general channel and pings nobody", async () => {
    const builder = await seed.builder({ title: "Lo-fi and lube" });
    const { answer } = await goLive(cloud, builder.id, { context: "chat" });
    const [post, ...more] = postsOf(community.generalChannelId, builder.login);
    expect(more).toEqual([]);
    expect(post?.content).toContain("Come hang out");
    expect(post?.embeds[0]).toMatchObject({
      title: "LIVE NOW: Lo-fi and lube",
      url: `https://www.twitch.tv/${builder.login}`,
    });
    expect(post?.embeds[0]?.image?.url).toMatch(/1280x720/);
    expect(post?.pinged).toEqual({ users: [], roles: [], everyone: false });
    expect(answer).toBe(`You're live! The announcement is up in <#${community.generalChannelId}>.`);
  });
});

describe("going live with a drop", () => {
  test("posts the alert in the marketplace channel and pings the drop role and nobody else", async () => {
    const builder = await seed.builder();
    await goLive(cloud, builder.id, { context: "drop" });
    const [post] = postsOf(community.marketplaceChannelId, builder.login);
    expect(post?.content).toContain("HYPE ALERT: LIVE DROP INCOMING");
    expect(post?.pinged).toEqual({ users: [], roles: [community.dropRoleId], everyone: false });
  });

  test("a title that calls everyone pings no one and breaks nothing", async () => {
    const title = `@everyone @here <@&${community.dropRoleId}> \u0007**free** ${"x".repeat(300)}`;
    const builder = await seed.builder({ title });
    await goLive(cloud, builder.id, { context: "chat" });
    const [post] = postsOf(community.generalChannelId, builder.login);
    expect(post?.pinged).toEqual({ users: [], roles: [], everyone: false });
    expect(Array.from(post?.embeds[0]?.title ?? "")).toHaveLength(256);
    expect(post?.embeds[0]?.title).not.toMatch(/\p{Cc}/u);
  });

  test("a redelivered event posts no second alert", async () => {
    await cloud.clock.advance(TEN_MINUTES_MS);
    const builder = await seed.builder();
    const { interactionId } = await goLive(cloud, builder.id, { context: "drop" });
    await repeatGoLive(cloud, interactionId, { context: "drop" });
    expect(postsOf(community.marketplaceChannelId, builder.login)).toHaveLength(1);
  });
});

describe("the limits of announcements", () => {
  const raised = (builder: { login: string }) =>
    postsOf(community.marketplaceChannelId, builder.login).length;
  const drop = { context: "drop" };
  const restart = (login: string) => {
    cloud.twitch.endStream(login);
    cloud.twitch.goLive(login);
  };
  /** A drop that its builder has posted. */
  const postedDrop = (builderId: string) =>
    cloud.firestore.collection("inventory").doc().set({
      builder_id: builderId,
      created_at: cloud.clock.now(),
      is_closed: false,
      title: "Weight",
      price: 100,
      currency: "usd",
      plan: "split",
      stock: 1,
      limit_per_buyer: 1,
    });

  test("a stream has one hangout announcement, and the next stream another one", async () => {
    const builder = await seed.builder();
    const chat = { context: "chat" };
    await goLive(cloud, builder.id, chat);
    const { answer } = await goLive(cloud, builder.id, chat);
    expect(answer).toContain("already announced this stream");
    expect(postsOf(community.generalChannelId, builder.login)).toHaveLength(1);
    restart(builder.login);
    expect((await goLive(cloud, builder.id, chat)).answer).toContain("is up in");
  });

  test("a stream has one alert, and another one for each drop posted meanwhile", async () => {
    await cloud.clock.advance(TEN_MINUTES_MS);
    const builder = await seed.builder();
    await goLive(cloud, builder.id, drop);
    await cloud.clock.advance(TEN_MINUTES_MS);
    const { answer } = await goLive(cloud, builder.id, drop);
    expect(answer).toContain("once you have posted another drop");
    await postedDrop(builder.id);
    expect((await goLive(cloud, builder.id, drop)).answer).toContain("is up in");
    await cloud.clock.advance(TEN_MINUTES_MS);
    expect((await goLive(cloud, builder.id, drop)).answer).toContain("already");
    expect(raised(builder)).toBe(2);
    restart(builder.login);
    expect((await goLive(cloud, builder.id, drop)).answer).toContain("is up in");
  });

  test("two alerts are ten minutes apart, across all builders, and the answer says when the next one is possible", async () => {
    await cloud.clock.advance(TEN_MINUTES_MS);
    const [one, other] = [await seed.builder(), await seed.builder()];
    await goLive(cloud, one.id, drop);
    const { answer } = await goLive(cloud, other.id, drop);
    const retryAtMs = Number(/<t:(\d+):R>/.exec(answer)?.[1]) * 1000;
    expect(answer).toContain("at least ten minutes apart");
    expect(raised(other)).toBe(0);
    await cloud.clock.advance(retryAtMs - cloud.clock.nowMs() + 1000);
    expect((await goLive(cloud, other.id, drop)).answer).toContain("is up in");
  });

  test("two alerts are ten minutes apart even if the builder of the first one is forgotten meanwhile", async () => {
    await cloud.clock.advance(TEN_MINUTES_MS);
    const [one, other] = [await seed.builder(), await seed.builder()];
    await goLive(cloud, one.id, drop);
    await forget(one.id);
    expect((await goLive(cloud, other.id, drop)).answer).toContain("at least ten minutes apart");
    await cloud.clock.advance(TEN_MINUTES_MS);
    expect((await goLive(cloud, other.id, drop)).answer).toContain("is up in");
  });

  test("a refused announcement does not count towards the daily limit, a posted one does", async () => {
    await cloud.clock.advance(TEN_MINUTES_MS);
    const builder = await seed.builder();
    await countUses(cloud, "announcements", builder.id, limits.announcements.most - 2);
    expect((await goLive(cloud, builder.id, drop)).answer).toContain("is up in");
    for (let tries = 0; tries < 3; tries += 1) {
      expect((await goLive(cloud, builder.id, drop)).answer).not.toContain("is up in");
    }
    const chat = { context: "chat" };
    expect((await goLive(cloud, builder.id, chat)).answer).toContain("is up in");
    restart(builder.login);
    expect((await goLive(cloud, builder.id, chat)).answer).toContain("That's the limit");
  });

  test("one of two simultaneous requests for an alert succeeds", async () => {
    await cloud.clock.advance(TEN_MINUTES_MS);
    const both = [await seed.builder(), await seed.builder()];
    const answers = await Promise.all(both.map(({ id }) => goLive(cloud, id, drop)));
    const texts = answers.map(({ interactionId }) => answerOf(cloud, interactionId).answer);
    expect(texts.filter((text) => text.includes("is up in"))).toHaveLength(1);
    expect(texts.filter((text) => text.includes("ten minutes apart"))).toHaveLength(1);
    expect(both.map(raised).toSorted()).toEqual([0, 1]);
  });

  test("two alerts are ten minutes apart even if Discord was unavailable while they were claimed", async () => {
    // Google's emulator redelivers by its own clock.
    if (!cloud.hasOwnPubSub) return;
    await cloud.clock.advance(TEN_MINUTES_MS);
    const [one, other] = [await seed.builder(), await seed.builder()];
    const operation = new RegExp(`^POST /channels/${community.marketplaceChannelId}/messages$`);
    cloud.faults.add({ target: "discord", operation, fault: { kind: "fail", code: 503 } });
    await goLive(cloud, one.id, drop);
    // The event is retried after a long delay, and meanwhile another alert may be claimed.
    const away = { kind: "delay", ms: 2 * TEN_MINUTES_MS } as const;
    cloud.faults.add({
      target: "pubsub",
      operation: /^deliver announcement/,
      fault: away,
      times: 1,
    });
    await cloud.clock.advance(2 * TEN_MINUTES_MS);
    cloud.faults.clear();
    expect((await goLive(cloud, other.id, drop)).answer).toContain("is up in");
    await cloud.clock.advance(2 * TEN_MINUTES_MS);
    await cloud.settle();
    expect([raised(one), raised(other)]).toEqual([0, 1]);
    // After that long the answer can no longer be edited.
    const [dm] = cloud.discord.dms(one.id);
    expect(dm?.content).toContain("couldn't post your announcement in time");
    expect((await goLive(cloud, one.id, drop)).answer).toContain("is up in");
  });

  test("a builder is asked to look if the process died while posting, and the repeat comes late", async () => {
    if (!cloud.hasOwnPubSub) return;
    await cloud.clock.advance(TEN_MINUTES_MS);
    const builder = await seed.builder();
    const soon = { kind: "delay", ms: 1_000 } as const;
    cloud.faults.add({
      target: "pubsub",
      operation: /^deliver announcement/,
      fault: soon,
      times: 1,
    });
    const { interactionId } = await goLive(cloud, builder.id, drop);
    await cloud.clock.advance(1_000);
    await cloud.settle();
    expect(raised(builder)).toBe(1);
    // The process died before it recorded the post.
    await cloud.firestore.doc(`processed/announcement:${interactionId}`).delete();
    await cloud.clock.advance(TEN_MINUTES_MS);
    await repeatGoLive(cloud, interactionId, drop);
    expect(answerOf(cloud, interactionId).answer).toContain(
      `Look in <#${community.marketplaceChannelId}>`,
    );
    expect(raised(builder)).toBe(1);
  });

  test.each(["chat", "drop"])(
    "a %s announcement that is 20 minutes late is not posted, its builder learns why, and it can be requested again",
    async (context) => {
      if (!cloud.hasOwnPubSub) return;
      await cloud.clock.advance(TEN_MINUTES_MS);
      const [one, other] = [await seed.builder(), await seed.builder()];
      const posts = () =>
        [community.generalChannelId, community.marketplaceChannelId].flatMap((channelId) =>
          postsOf(channelId, one.login),
        );
      const late = { kind: "delay", ms: 2 * TEN_MINUTES_MS } as const;
      const deliveries = { target: "pubsub", operation: /^deliver announcement/ } as const;
      cloud.faults.add({ ...deliveries, fault: late, times: 1 });
      await goLive(cloud, one.id, { context });
      await cloud.clock.advance(2 * TEN_MINUTES_MS);
      await cloud.settle();
      expect(posts()).toEqual([]);
      const [dm] = cloud.discord.dms(one.id);
      expect(dm?.content).toContain("couldn't post your announcement in time");
      expect((await goLive(cloud, other.id, { context })).answer).toContain("is up in");
      await cloud.clock.advance(TEN_MINUTES_MS);
      expect((await goLive(cloud, one.id, { context })).answer).toContain("is up in");
      expect(posts()).toHaveLength(1);
    },
  );

  test("a redelivery does not withdraw an alert that was posted just before it became too late", async () => {
    if (!cloud.hasOwnPubSub) return;
    await cloud.clock.advance(TEN_MINUTES_MS);
    const builder = await seed.builder();
    const almostLate = { kind: "delay", ms: 290_000 } as const;
    const deliveries = { target: "pubsub", operation: /^deliver announcement/ } as const;
    cloud.faults.add({ ...deliveries, fault: almostLate, times: 1 });
    const { interactionId } = await goLive(cloud, builder.id, drop);
    await cloud.clock.advance(290_000);
    await cloud.settle();
    expect(raised(builder)).toBe(1);
    // The process crashed before it recorded the post.
    await cloud.firestore.doc(`processed/announcement:${interactionId}`).delete();
    await cloud.clock.advance(15_000);
    await repeatGoLive(cloud, interactionId, drop);
    expect(raised(builder)).toBe(1);
    expect(cloud.discord.dms(builder.id)).toEqual([]);
    expect((await goLive(cloud, builder.id, drop)).answer).not.toContain("is up in");
  });

  test("an alert that could not be posted is not posted after another one", async () => {
    await cloud.clock.advance(TEN_MINUTES_MS);
    const [one, other] = [await seed.builder(), await seed.builder()];
    const { guildId, marketplaceChannelId: id } = community;
    const channel = { id, guildId, name: "marketplace" };
    cloud.discord.addChannel({ ...channel, botMay: { sendMessages: false } });
    const { interactionId } = await goLive(cloud, one.id, drop);
    cloud.discord.addChannel(channel);
    expect((await goLive(cloud, other.id, drop)).answer).toContain("is up in");
    await repeatGoLive(cloud, interactionId, drop);
    expect(answerOf(cloud, interactionId).answer).toContain("another announcement came first");
    expect([raised(one), raised(other)]).toEqual([0, 1]);
  });

  test("an alert is not refused because of its own first delivery, nor posted twice after Redis has lost its data", async () => {
    await cloud.clock.advance(TEN_MINUTES_MS);
    const builder = await seed.builder();
    const fault = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "pubsub", operation: /^deliver/i, fault });
    expect((await goLive(cloud, builder.id, drop)).answer).toContain("is up in");
    cloud.faults.clear();
    cloud.faults.add({ target: "upstash", fault: { kind: "drop" } });
    expect((await goLive(cloud, builder.id, drop)).answer).toContain("already");
    cloud.faults.clear();
    expect(raised(builder)).toBe(1);
  });
});

describe("trouble in the channel", () => {
  test("a channel we may not post in is reported to the builder with what to do, and to the operators", async () => {
    const builder = await seed.builder();
    const { guildId, generalChannelId: id } = community;
    cloud.discord.addChannel({ id, guildId, name: "general", botMay: { sendMessages: false } });
    const { answer, interactionId } = await goLive(cloud, builder.id, { context: "chat" });
    cloud.discord.addChannel({ id, guildId, name: "general" });
    expect(answer).toContain(`I can't post in <#${id}>`);
    expect(answer).toContain("Ask a server admin");
    const notices = cloud.discord.messages(community.operatorsChannelId);
    expect(notices.at(-1)?.embeds[0]?.title).toContain("announcement");
    expect((await goLive(cloud, builder.id, { context: "chat" })).answer).toContain("is up in");
    // The first one's event is redelivered after the stream has been announced.
    await repeatGoLive(cloud, interactionId, { context: "chat" });
    expect(postsOf(id, builder.login)).toHaveLength(1);
  });

  test("a stream can be announced ten minutes after a delivery died that could neither post nor withdraw its claim", async () => {
    const builder = await seed.builder();
    const { guildId, generalChannelId: id } = community;
    const channel = { id, guildId, name: "general" };
    const chat = { context: "chat" } as const;
    cloud.discord.addChannel({ ...channel, botMay: { sendMessages: false } });
    const { interactionId } = await goLive(cloud, builder.id, chat);
    cloud.discord.addChannel(channel);
    const claims = cloud.firestore.collection("processed").where("go_live_id", "==", interactionId);
    for (const { ref } of (await claims.get()).docs) await ref.update({ is_withdrawn: false });
    expect((await goLive(cloud, builder.id, chat)).answer).toContain("already announced");
    await cloud.clock.advance(TEN_MINUTES_MS);
    expect((await goLive(cloud, builder.id, chat)).answer).toContain("is up in");
    await cloud.clock.advance(TEN_MINUTES_MS);
    expect((await goLive(cloud, builder.id, chat)).answer).toContain("already announced");
    expect(postsOf(id, builder.login)).toHaveLength(1);
  });

  test("a 429 is waited out and a lost answer does not post twice", async () => {
    const builder = await seed.builder();
    const operation = new RegExp(`^POST /channels/${community.generalChannelId}/messages$`);
    const rule = { target: "discord" as const, operation, times: 1 };
    cloud.faults.add({ ...rule, fault: { kind: "fail", code: 429, retryAfterMs: 50 } });
    cloud.faults.add({ ...rule, fault: { kind: "lose-answer" } });
    await goLive(cloud, builder.id, { context: "chat" });
    await cloud.eventually(() => postsOf(community.generalChannelId, builder.login).length > 0);
    expect(postsOf(community.generalChannelId, builder.login)).toHaveLength(1);
  });
});
