import { describe, expect, test } from "@jest/globals";
import type { Fault } from "../../../../local/kit/faults.ts";
import { holdNext } from "../../../support/calls/held-call.ts";
import { community } from "../../../support/cloud.ts";
import {
  auction,
  builder,
  cloud,
  people,
  room,
  stored,
  useAuctionHouse,
} from "../auction-house.ts";

const QUARTER_MS = 15 * 60_000;

useAuctionHouse({ fields: { duration: "1h" } });

/** The ids of a channel's pinned messages. */
const pinnedIn = (channelId: string) => cloud.discord.pins(channelId).map(({ id }) => id);
/** The messages in which Discord says that something was pinned. */
const announcedIn = (channelId: string) =>
  cloud.discord.messages(channelId).filter(({ type }) => type === 6);
/** How often Discord was asked to pin or unpin something in a channel. */
const askedIn = (channelId: string) =>
  cloud.discord
    .events()
    .filter(
      (event) =>
        (event.kind === "message-pinned" || event.kind === "message-unpinned") &&
        event.channelId === channelId,
    ).length;
const refusedIn = (channelId: string) =>
  cloud.discord
    .events()
    .flatMap((event) =>
      event.kind === "call-refused" && event.call.includes(`${channelId}/messages/pins`)
        ? [event.code]
        : [],
    );
const failOnce = (operation: RegExp, fault: Fault) =>
  cloud.faults.add({ target: "discord", operation, fault, times: 1 });
/** Time is frozen while the sweeper works. */
async function nextSweep(): Promise<void> {
  await cloud.clock.advance(QUARTER_MS - (cloud.clock.nowMs() % QUARTER_MS));
  await cloud.settle();
}

describe("the board of an auction", () => {
  test("is pinned while the auction runs, announced once, and unpinned after the hammer", async () => {
    const { channelId } = await auction({ duration: "30s" });
    const board = room.board(channelId);
    expect(pinnedIn(channelId)).toEqual([board.id]);
    await room.bid(people.person(), channelId, "50");
    await room.pass(5);
    expect(room.board(channelId).text).toContain("$50.00");
    expect(pinnedIn(channelId)).toEqual([board.id]);
    expect(announcedIn(channelId)).toHaveLength(1);
    await room.pass(45);
    expect(room.board(channelId).text).toContain("SOLD");
    expect(pinnedIn(channelId)).toEqual([]);
    expect(askedIn(channelId)).toBe(2);
  });

  test("is unpinned when the auction is cancelled", async () => {
    const { channelId, id } = await auction();
    expect(pinnedIn(channelId)).toHaveLength(1);
    await room.control(builder, channelId, "cancel", { auction: id });
    await room.pass(3);
    expect(await stored(id)).toMatchObject({ state: "cancelled" });
    expect(pinnedIn(channelId)).toEqual([]);
  });

  test("is not pinned before the auction begins", async () => {
    const { id: waiting } = await people.builder();
    const channelId = room.channel(community.guildId);
    await room.start(waiting, channelId, { opens: "live" });
    await room.pass(3);
    expect(room.board(channelId).text).toContain("Brass");
    expect(pinnedIn(channelId)).toEqual([]);
  });

  test("gives its pin to the one that takes its place after it was deleted", async () => {
    const { channelId, id } = await auction();
    const first = room.board(channelId).id;
    cloud.discord.deleteMessage(channelId, first);
    expect(pinnedIn(channelId)).toEqual([]);
    await room.control(builder, channelId, "show", { auction: id });
    await room.bid(people.person(), channelId, "50");
    await room.pass(3);
    const [pinned, ...others] = cloud.discord.pins(channelId);
    expect(JSON.stringify(pinned?.embeds)).toContain("$50.00");
    expect(others).toEqual([]);
  });

  test("was deleted by hand: the auction ends as it would with it", async () => {
    const { channelId, id } = await auction({ duration: "30s" });
    cloud.discord.deleteMessage(channelId, room.board(channelId).id);
    await room.bid(people.person(), channelId, "50");
    await room.pass(45);
    expect(await stored(id)).toMatchObject({ state: "sold" });
    await nextSweep();
    expect((await stored(id))?.["is_board_due"]).toBe(false);
    expect(refusedIn(channelId).filter((code) => code === 10008)).toHaveLength(1);
  });
});

describe("pinning a board that Discord refuses", () => {
  test.each([
    ["without permission", 50013],
    ["where the channel has as many pins as it may", 30003],
  ])("%s is tried once; bids, board and sale go on", async (_why, code) => {
    const channelId = room.channel(community.guildId);
    if (code === 50013) {
      const botMay = { pinMessages: false };
      cloud.discord.addChannel({ id: channelId, guildId: community.guildId, botMay });
    } else await fillPins(channelId);
    const before = pinnedIn(channelId);
    const id = await room.start(builder, channelId, { duration: "30s" });
    await room.pass(3);
    await room.bid(people.person(), channelId, "50");
    await room.pass(45);
    expect(await stored(id)).toMatchObject({ state: "sold" });
    await nextSweep();
    expect(pinnedIn(channelId)).toEqual(before);
    expect(refusedIn(channelId)).toEqual([code]);
    expect((await stored(id))?.["is_board_due"]).toBe(false);
  });
});

describe("pinning a board is repeated until it is done, and done once", () => {
  test.each<[string, Fault]>([
    ["fails", { kind: "fail", code: 500 }],
    ["loses its answer", { kind: "lose-answer" }],
    ["must wait for a rate limit", { kind: "fail", code: 429, retryAfterMs: 2_000 }],
  ])("when a call %s", async (_what, fault) => {
    const channelId = room.channel(community.guildId);
    failOnce(new RegExp(`PUT /channels/${channelId}/messages/pins`), fault);
    failOnce(new RegExp(`DELETE /channels/${channelId}/messages/pins`), fault);
    const id = await room.start(builder, channelId, { duration: "30s" });
    await room.pass(10);
    expect(pinnedIn(channelId)).toEqual([room.board(channelId).id]);
    await room.pass(40);
    expect(await stored(id)).toMatchObject({ state: "unsold" });
    expect(pinnedIn(channelId)).toEqual([]);
    expect(announcedIn(channelId)).toHaveLength(1);
  });

  test("when Discord pins it and never says so", async () => {
    const channelId = room.channel(community.guildId);
    const put = new RegExp(`PUT /channels/${channelId}/messages/pins`);
    failOnce(put, { kind: "lose-answer" });
    cloud.faults.add({ target: "discord", operation: put, fault: { kind: "fail", code: 500 } });
    const id = await room.start(builder, channelId, { duration: "30s" });
    await room.pass(5);
    expect(pinnedIn(channelId)).toHaveLength(1);
    await room.pass(55);
    expect(await stored(id)).toMatchObject({ state: "unsold" });
    expect(pinnedIn(channelId)).toEqual([]);
  });

  test("when each task is delivered twice", async () => {
    const twice = { kind: "duplicate", copies: 2 } as const;
    cloud.faults.add({ target: "tasks", operation: /^dispatch auction-board/, fault: twice });
    const { channelId } = await auction({ duration: "30s" });
    await room.pass(45);
    expect(pinnedIn(channelId)).toEqual([]);
    expect(askedIn(channelId)).toBe(2);
  });

  test("when it crashes after any commit", async () => {
    for (let commits = 0; commits < 8; commits += 1) {
      const channelId = room.channel(community.guildId);
      const id = await room.start(builder, channelId, { duration: "30s" });
      await room.pass(3);
      expect(pinnedIn(channelId)).toHaveLength(1);
      const commit = { target: "firestore", operation: /^Commit/ } as const;
      cloud.faults.add({ ...commit, fault: { kind: "delay", ms: 0 }, times: commits });
      cloud.faults.add({ ...commit, fault: { kind: "lose-answer" }, times: 1 });
      cloud.faults.add({ ...commit, fault: { kind: "fail", code: 7 }, times: 1 });
      await room.pass(60);
      cloud.faults.clear();
      await nextSweep();
      expect(await stored(id)).toMatchObject({ state: "unsold" });
      expect(pinnedIn(channelId)).toEqual([]);
    }
  });

  test("when the auction is over before Discord has answered", async () => {
    const channelId = room.channel(community.guildId);
    const pin = holdNext(cloud, "discord", new RegExp(`PUT /channels/${channelId}/messages/pins`));
    const id = await send(channelId, "start", { title: "Brass C500", price: "50", duration: "1h" });
    const passing = room.pass(2);
    await pin.arrived;
    await send(channelId, "cancel", { auction: id });
    await passing;
    await pin.release();
    expect(await stored(id)).toMatchObject({ state: "cancelled" });
    await room.pass(20);
    expect(announcedIn(channelId)).toHaveLength(1);
    expect(pinnedIn(channelId)).toEqual([]);
  });
});

/** Sends a command of the builder's without waiting for its effects. Returns its id. */
async function send(channelId: string, words: string, options: Record<string, string>) {
  const endpoint = cloud.url("discord-interactions");
  const use = { user: builder, channelId, name: `c500 auction ${words}`, options };
  return (await cloud.discord.client.command(endpoint, use)).id;
}

/** Pins as many messages as a channel can have pinned. */
async function fillPins(channelId: string): Promise<void> {
  for (let index = 0; index < 250; index += 1) {
    const { id } = (await call("POST", `/channels/${channelId}/messages`, { content: "x" })) ?? {};
    await call("PUT", `/channels/${channelId}/messages/pins/${id}`);
  }
}

async function call(method: string, path: string, body?: object) {
  const { DISCORD_API_BASE_URL, DISCORD_BOT_TOKEN } = cloud.settings;
  const answer = await cloud.fetch(`${DISCORD_API_BASE_URL}/v10${path}`, {
    method,
    headers: {
      authorization: `Bot ${DISCORD_BOT_TOKEN}`,
      "user-agent": "DiscordBot (https://c500.test, 1)",
      "content-type": "application/json",
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return answer.status === 204 ? undefined : ((await answer.json()) as { id: string });
}
