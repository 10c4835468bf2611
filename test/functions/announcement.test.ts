import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { community, seeder, startTestCloud, type TestCloud } from "../support/cloud.ts";
import { goLive, repeatGoLive } from "../support/go-live.ts";

let cloud: TestCloud;
let seed: ReturnType<typeof seeder>;

beforeAll(async () => {
  cloud = await startTestCloud();
  seed = seeder(cloud);
});
afterAll(() => cloud.stop());

const postsOf = (channelId: string, login: string) =>
  cloud.discord.messages(channelId).filter(({ content }) => content.endsWith(`/${login}`));

describe("going live to chat", () => {
  test("announces the hangout in the general channel and pings nobody", async () => {
    const builder = await seed.builder({ title: "Lo-fi and lube" });
    const { answer } = await goLive(cloud, builder.id, { context: "chat" });
    const [post, ...more] = postsOf(community.generalChannelId, builder.login);
    expect(more).toEqual([]);
    expect(post?.content).toContain("Come hang out");
    expect(post?.embeds[0]).toMatchObject({
      title: "Lo-fi and lube",
      url: `https://www.twitch.tv/${builder.login}`,
    });
    expect(post?.embeds[0]?.image?.url).toMatch(/1280x720/);
    expect(post?.pinged).toEqual({ users: [], roles: [], everyone: false });
    expect(answer).toBe(`You're live! The announcement is up in <#${community.generalChannelId}>.`);
  });
});

describe("going live with a drop", () => {
  test("raises the alert in the marketplace channel and pings the drop role and nobody else", async () => {
    const builder = await seed.builder();
    await goLive(cloud, builder.id, { context: "drop" });
    const [post] = postsOf(community.marketplaceChannelId, builder.login);
    expect(post?.content).toContain("Drop time");
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

  test("one alert a command, although its event comes twice", async () => {
    const builder = await seed.builder();
    const { interactionId } = await goLive(cloud, builder.id, { context: "drop" });
    await repeatGoLive(cloud, interactionId, { context: "drop" });
    expect(postsOf(community.marketplaceChannelId, builder.login)).toHaveLength(1);
  });
});

describe("trouble in the channel", () => {
  test("a channel we may not write in is told to the builder with what to do, and to the operators", async () => {
    const builder = await seed.builder();
    const { guildId, generalChannelId: id } = community;
    cloud.discord.addChannel({ id, guildId, name: "general", botMay: { sendMessages: false } });
    const { answer } = await goLive(cloud, builder.id, { context: "chat" });
    cloud.discord.addChannel({ id, guildId, name: "general" });
    expect(answer).toContain(`I'm not allowed to post in <#${id}>`);
    expect(answer).toContain("Ask a server admin");
    const notices = cloud.discord.messages(community.operatorsChannelId);
    expect(notices.at(-1)?.embeds[0]?.title).toContain("announcement");
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
