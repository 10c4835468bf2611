import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Fault } from "../../../../local/kit/faults.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const HOUR_MS = 3_600_000;
const CREATE_EVENTS = (1n << 44n).toString();

const cloud = await useCloud();
const people = shoppers(cloud);
const builder = await people.builder();
const { guildId } = community;
beforeEach(async () => {
  cloud.faults.clear();
  allow(CREATE_EVENTS);
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
  await cloud.settle();
});

/** Changes what the bot may do in the server. */
const allow = (botPermissions: string) =>
  cloud.discord.addGuild({ id: guildId, name: "C500", botPermissions });
const events = () => cloud.discord.serverEvents(guildId);
const eventsOf = (dropId: string) =>
  events().filter(
    ({ location }) => location.endsWith(`drop=${dropId}`) || location.endsWith(`/drop/${dropId}`),
  );
const stored = async (dropId: string) =>
  (await cloud.firestore.doc(`inventory/${dropId}`).get()).data();
/** When a drop opens, in milliseconds. */
const openingOf = async (dropId: string) =>
  ((await stored(dropId))?.["opens_at"] as { toMillis(): number } | undefined)?.toMillis();
const failNext = (operation: RegExp, fault: Fault) =>
  cloud.faults.add({ target: "discord", operation, fault, times: 1 });
const CREATING = /POST .*scheduled-events/;

/** Lets seconds pass, with everything that becomes due. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await cloud.clock.advance(1000);
    await cloud.settle();
  }
}

/** A drop that opens later. */
async function scheduled(title = "Brass weight", opens = "in 2 hours"): Promise<string> {
  const asked = await cloud.discord.client.command(cloud.url("discord-interactions"), {
    user: builder.id,
    channelId: community.generalChannelId,
    name: "c500 drop",
    options: { payment: "split", opens },
  });
  const values = { title, price: "12.50", quantity: "2", description: "" };
  const { interactionId } = await people.fillIn(asked.id, values);
  await pass(3);
  return interactionId;
}

const change = async (dropId: string, options: Record<string, string | boolean>) => {
  const answer = await people.command(builder.id, "c500 drops", { drop: dropId, ...options });
  await pass(3);
  return answer;
};

describe("a drop that opens later", () => {
  test("is announced once among the server's events, and leads to its page once it is open", async () => {
    const dropId = await scheduled();
    const [event, ...others] = eventsOf(dropId);
    expect(others).toEqual([]);
    expect(event).toMatchObject({ name: "Brass weight", status: 1 });
    expect(event?.description).toContain("$12.50");
    expect(event?.startsAtMs).toBe(await openingOf(dropId));
    expect((await cloud.fetch(event?.location ?? "")).status).toBe(200);
    await cloud.pass(2 * HOUR_MS);
    const [running] = eventsOf(dropId);
    expect(running).toMatchObject({ id: event?.id, status: 2 });
    expect((await cloud.fetch(running?.location ?? "")).status).toBe(200);
    expect(running?.location).toContain(`/drop/${dropId}`);
    await cloud.pass(HOUR_MS);
    expect(eventsOf(dropId)).toEqual([]);
  });

  test("changes its event with its title and time", async () => {
    const dropId = await scheduled();
    const [before] = eventsOf(dropId);
    await change(dropId, { opens: "in 1 day" });
    await change(dropId, { price: "15" });
    const [after, ...others] = eventsOf(dropId);
    expect(others).toEqual([]);
    expect(after?.id).toBe(before?.id);
    expect(after?.startsAtMs).toBe(await openingOf(dropId));
    expect(after?.description).toContain("$15.00");
  });

  test("begins its event early when its builder opens it early, and ends it when they close it", async () => {
    const dropId = await scheduled();
    const panel = await people.command(builder.id, "c500 drops", { drop: dropId });
    await people.pressIn(builder.id, panel, "Open now");
    await pass(3);
    expect(eventsOf(dropId)).toMatchObject([{ status: 2 }]);
    const [event] = eventsOf(dropId);
    expect(event?.endsAtMs).toBeLessThan(cloud.clock.nowMs() + HOUR_MS);
    await change(dropId, { close: true });
    expect(eventsOf(dropId)).toEqual([]);
  });

  test("has no event once it is thrown away", async () => {
    const dropId = await scheduled();
    const panel = await people.command(builder.id, "c500 drops", { drop: dropId });
    await people.pressIn(builder.id, panel, "Throw away");
    await pass(3);
    expect(eventsOf(dropId)).toEqual([]);
    expect((await stored(dropId))?.["event"]).toBeNull();
  });

  test("has no event once it could not open", async () => {
    const dropId = await scheduled("Unpaid weight", "in 1 hour");
    const channel = { id: community.marketplaceChannelId, guildId, name: "marketplace" };
    cloud.discord.addChannel({ ...channel, botMay: { sendMessages: false } });
    await cloud.pass(HOUR_MS + 60_000);
    cloud.discord.addChannel(channel);
    expect((await stored(dropId))?.["draft_state"]).toBe("draft");
    expect(eventsOf(dropId)).toEqual([]);
  });
});

describe("a drop without a time", () => {
  test("stays a secret", async () => {
    const before = events().length;
    const asked = await cloud.discord.client.command(cloud.url("discord-interactions"), {
      user: builder.id,
      channelId: community.generalChannelId,
      name: "c500 drop",
      options: { payment: "split", draft: true },
    });
    await people.fillIn(asked.id, { title: "X", price: "12.50", quantity: "2", description: "" });
    await pass(3);
    expect(events()).toHaveLength(before);
  });
});

describe("an event that Discord refuses", () => {
  test("without permission is asked for once, and the drop opens on time", async () => {
    allow("0");
    const dropId = await scheduled();
    expect(await stored(dropId)).toMatchObject({ event: { state: "refused" } });
    await cloud.pass(2 * HOUR_MS);
    expect(people.shown(dropId, "Units left")).toBe("2 of 2");
    expect(eventsOf(dropId)).toEqual([]);
    const refused = cloud.discord
      .events()
      .filter((event) => event.kind === "call-refused" && CREATING.test(event.call));
    expect(refused).toMatchObject([{ code: 50013 }]);
  });

  test("and that staff deleted is not made again, and the drop opens on time", async () => {
    const dropId = await scheduled();
    const [event] = eventsOf(dropId);
    cloud.discord.deleteServerEvent(guildId, event?.id ?? "");
    await change(dropId, { price: "14" });
    expect(eventsOf(dropId)).toEqual([]);
    await cloud.pass(2 * HOUR_MS);
    expect(people.shown(dropId, "Units left")).toBe("2 of 2");
  });
});

describe("there is one event in the end, whatever happens while it is created", () => {
  test.each<[string, Fault]>([
    ["Discord's answer is lost", { kind: "lose-answer" }],
    ["the call fails", { kind: "fail", code: 500 }],
    ["a rate limit applies", { kind: "fail", code: 429, retryAfterMs: 2_000 }],
  ])("when %s", async (_what, fault) => {
    failNext(CREATING, fault);
    const dropId = await scheduled();
    await pass(15);
    expect(eventsOf(dropId)).toHaveLength(1);
    expect(await stored(dropId)).toMatchObject({ event: { state: "scheduled" } });
  });

  test("when each task is delivered twice", async () => {
    const twice = { kind: "duplicate", copies: 2 } as const;
    cloud.faults.add({ target: "tasks", operation: /^dispatch drop-board/, fault: twice });
    const dropId = await scheduled();
    expect(eventsOf(dropId)).toHaveLength(1);
  });

  test("when it crashes after any commit", async () => {
    for (let commits = 0; commits < 6; commits += 1) {
      const commit = { target: "firestore", operation: /^Commit/ } as const;
      cloud.faults.add({ ...commit, fault: { kind: "delay", ms: 0 }, times: commits });
      cloud.faults.add({ ...commit, fault: { kind: "lose-answer" }, times: 1 });
      cloud.faults.add({ ...commit, fault: { kind: "fail", code: 7 }, times: 1 });
      const dropId = await scheduled();
      await pass(20);
      cloud.faults.clear();
      await pass(20);
      expect(eventsOf(dropId)).toHaveLength(1);
    }
  });
});
