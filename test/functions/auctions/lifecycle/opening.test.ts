import { beforeEach, describe, expect, test } from "@jest/globals";
import { bidders } from "../../../support/auctions/auctions.ts";
import { upload } from "../../../support/calls/upload.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const PARTNER = "500000000000088888";
const MINUTE_MS = 60_000;

let builder: { id: string; login: string };

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const room = bidders(cloud, people);
await room.registerCommands();
cloud.discord.addGuild({ id: PARTNER, name: "Partner" });
beforeEach(async () => {
  builder = await people.builder();
});

type Lacking = "viewChannel" | "sendMessages" | "embedLinks";
const TERMS = { title: "Brass C500", price: "50", duration: "5m" };

const lacking = (channelId: string, permission?: Lacking, guildId: string = community.guildId) =>
  cloud.discord.addChannel({
    id: channelId,
    guildId,
    name: "stage",
    ...(permission && { botMay: { [permission]: false } }),
  });

async function goLive(): Promise<void> {
  cloud.twitch.goLive(builder.login, { title: "At the bench" });
  await cloud.settle();
}

async function sweep(): Promise<void> {
  await cloud.fetch(cloud.url("sweeper"), { method: "POST" });
  await cloud.settle();
}

const received = (words: string) =>
  people.messagesTo(builder.id).filter((text) => text.includes(words));

describe("a channel where we may not post", () => {
  test.each<Lacking>(["viewChannel", "sendMessages", "embedLinks"])(
    "without %s opens no auction, and the builder learns what is missing",
    async (permission) => {
      const channelId = room.channel(community.guildId);
      lacking(channelId, permission);
      const refused = await room.control(builder.id, channelId, "start", TERMS);
      expect(refused.text).toMatch(/I can't post in <#\d+>.*\*\*Send Messages\*\*/);
      expect(await room.stored(refused.interactionId)).toMatchObject({ state: "cancelled" });
      expect((await room.bid(people.person(), channelId, "50")).text).toContain("no auction");
      lacking(channelId);
      await sweep();
      expect(cloud.discord.messages(channelId)).toEqual([]);
      expect(received("could not open")).toEqual([]);
      const rerun = await room.control(builder.id, channelId, "rerun", {
        auction: refused.interactionId,
      });
      expect(rerun.text).toContain("is up in");
    },
  );

  test.each(["now", "live"])(
    "for any other permanent reason is reported to the builder who opens one %s",
    async (opens) => {
      const channelId = room.channel(community.guildId);
      // As in an archived and locked thread.
      const refuse = { kind: "fail", code: 400 } as const;
      cloud.faults.add({ target: "discord", operation: /^POST .*messages$/, fault: refuse });
      const refused = await room.control(builder.id, channelId, "start", { ...TERMS, opens });
      expect(refused.text).toMatch(/I can't post in <#\d+>.*not archived or locked/);
      expect(await room.stored(refused.interactionId)).toMatchObject({ state: "cancelled" });
    },
  );

  test("for a temporary reason still opens one, and its board is posted later", async () => {
    const channelId = room.channel(community.guildId);
    const busy = { kind: "fail", code: 503 } as const;
    cloud.faults.add({ target: "discord", operation: /^POST .*messages$/, fault: busy });
    const id = await room.start(builder.id, channelId);
    expect(await room.stored(id)).toMatchObject({ state: "live" });
    expect((await room.bid(people.person(), channelId, "50")).text).toContain("You lead");
    cloud.faults.clear();
    await room.pass(20);
    expect(room.board(channelId).text).toContain("$50.00");
  });

  test("does not prevent the boards in other channels from showing the bids", async () => {
    const [first, second] = [room.channel(community.guildId), room.channel(community.guildId)];
    const id = await room.start(builder.id, first);
    await room.control(builder.id, second, "show", { auction: id });
    const refuse = { kind: "fail", code: 400 } as const;
    const operation = new RegExp(`^PATCH .*${first}/messages`);
    cloud.faults.add({ target: "discord", operation, fault: refuse });
    await room.bid(people.person(), second, "60");
    await room.pass(3);
    expect(room.board(second).text).toContain("$60.00");
  });

  test("is refused when the auction is planned, not when the stream begins", async () => {
    const channelId = room.channel(community.guildId);
    lacking(channelId, "sendMessages");
    const planned = { ...TERMS, opens: "live" };
    const refused = await room.control(builder.id, channelId, "start", planned);
    expect(refused.text).toContain("I can't post in");
    await goLive();
    expect(await room.stored(refused.interactionId)).toMatchObject({ state: "cancelled" });
    expect(people.messagesTo(builder.id).join()).not.toContain("Brass C500");
  });

  test("since the auction was planned is reported to the builder when they go live", async () => {
    const channelId = room.channel(community.guildId);
    const id = await room.start(builder.id, channelId, { opens: "live" });
    lacking(channelId, "viewChannel");
    await goLive();
    expect(await room.stored(id)).toMatchObject({ state: "cancelled", is_settling: false });
    expect(received("could not open: I can't post in")).toHaveLength(1);
  });

  const closedWhilePlanned = async () => {
    const channelId = room.channel(community.guildId);
    const id = await room.start(builder.id, channelId, { opens: "live" });
    await room.pass(2);
    lacking(channelId, "viewChannel");
    await goLive();
    expect(room.board(channelId).text).toContain("Opens when the builder goes live");
    return { channelId, id };
  };

  test("for a moment when the stream began is repaired by the sweeper, which posts the board", async () => {
    const { channelId } = await closedWhilePlanned();
    lacking(channelId);
    await sweep();
    await room.pass(2);
    expect(room.board(channelId).text).toContain("Cancelled");
  });

  test("for longer is repaired when the auction is run again", async () => {
    const { channelId, id } = await closedWhilePlanned();
    await sweep();
    await room.pass(2);
    expect(await room.stored(id)).toMatchObject({ is_board_due: false });
    lacking(channelId);
    const again = await room.control(builder.id, channelId, "rerun", { auction: id });
    expect(again.text).toContain("is up in");
    await room.pass(3);
    expect(room.board(channelId).text).toContain("Cancelled");
  });

  test("does not lose the picture: it is there when the auction is run again", async () => {
    const channelId = room.channel(community.guildId);
    lacking(channelId, "sendMessages");
    const image = await upload(cloud, Buffer.from("89504e470d0a1a0a", "hex"), "image/png");
    const refused = await room.control(builder.id, channelId, "start", { ...TERMS, image });
    expect(refused.text).toContain("I can't post in");
    lacking(channelId);
    await room.control(builder.id, channelId, "rerun", { auction: refused.interactionId });
    await room.pass(2);
    expect(room.board(channelId).attachments).toHaveLength(1);
  });

  test("in a partner's server is reported to the user who runs show, and stays free", async () => {
    const id = await room.start(builder.id, room.channel(community.guildId));
    const there = room.channel(PARTNER);
    lacking(there, "sendMessages", PARTNER);
    const refused = await room.control(builder.id, there, "show", { auction: id });
    expect(refused.text).toContain("I can't post in");
    expect((await room.stored(id))?.["boards"]).toHaveLength(1);
    expect((await room.bid(people.person(), there, "50")).text).toContain("no auction");
    lacking(there, undefined, PARTNER);
    expect((await room.control(builder.id, there, "start", TERMS)).text).toContain("is up in");
  });
});

describe("a board that somebody deleted", () => {
  test("is posted again by /c500 auction show, and shows the bids", async () => {
    const channelId = room.channel(community.guildId);
    const id = await room.start(builder.id, channelId);
    const { DISCORD_API_BASE_URL: api, DISCORD_BOT_TOKEN: token } = cloud.settings;
    const board = `${api}/v10/channels/${channelId}/messages/${room.board(channelId).id}`;
    const authorization = { authorization: `Bot ${token}`, "user-agent": "DiscordBot (x, 1)" };
    const deleted = await cloud.fetch(board, { method: "DELETE", headers: authorization });
    expect(deleted.status).toBe(204);
    const shown = await room.control(builder.id, channelId, "show", { auction: id });
    expect(shown.text).toContain("is now shown here");
    await room.bid(people.person(), channelId, "50");
    await room.pass(3);
    expect(room.board(channelId).text).toContain("$50.00");
    expect((await room.stored(id))?.["boards"]).toHaveLength(1);
  });
});

describe("a builder who cannot be paid", () => {
  const restrict = async () => {
    cloud.stripe.restrict(await people.accountOf(builder.id));
    await cloud.settle();
  };

  test("cannot have an auction run again by anyone", async () => {
    const { channelId, id } = await room.hammered(builder.id, []);
    await restrict();
    const own = await room.control(builder.id, channelId, "rerun", { auction: id });
    expect(own.text).toContain("You can't be paid at the moment");
    const staff = people.person({ permissions: "32" });
    const theirs = await room.control(staff, channelId, "rerun", { auction: id });
    expect(theirs.text).toContain("Its builder can't be paid at the moment");
    const first = await room.control(builder.id, channelId, "start", TERMS);
    expect(first.text).toContain("You can't be paid at the moment");
  });

  test("is notified when going live; the auction opens once that is fixed", async () => {
    const channelId = room.channel(community.guildId);
    const id = await room.start(builder.id, channelId, { opens: "live" });
    await restrict();
    await goLive();
    await sweep();
    expect(await room.stored(id)).toMatchObject({ state: "planned" });
    expect(received("has not opened with your stream")).toHaveLength(1);
    cloud.stripe.completeOnboarding(await people.accountOf(builder.id));
    await cloud.settle();
    await sweep();
    expect(await room.stored(id)).toMatchObject({ state: "live" });
  });
});

describe("an auction whose channel is taken when the stream begins", () => {
  const busy = async () => {
    const other = await people.builder();
    const channelId = room.channel(community.guildId);
    const id = await room.start(builder.id, channelId, { opens: "live" });
    await room.start(other.id, channelId);
    return { channelId, id };
  };

  test("is cancelled, and its builder is notified even if the first attempts fail", async () => {
    const { id } = await busy();
    const refuse = { kind: "fail", code: 403 } as const;
    cloud.faults.add({ target: "discord", operation: /^POST .*channels$/, fault: refuse });
    await goLive();
    expect(await room.stored(id)).toMatchObject({ state: "cancelled" });
    expect(received("could not open")).toEqual([]);
    cloud.faults.clear();
    await sweep();
    await sweep();
    expect(received("could not open: another auction is running in")).toHaveLength(1);
    expect(await room.stored(id)).toMatchObject({ is_settling: false });
  });

  test("is cancelled too if its opening stopped before Redis knew of it", async () => {
    const { id } = await busy();
    const ends_at = new Date(cloud.clock.nowMs() + 60_000);
    const opened = { state: "live", opened_at: new Date(cloud.clock.nowMs()), ends_at };
    await cloud.firestore.doc(`auctions/${id}`).update({ ...opened, latest_end: ends_at });
    await sweep();
    expect(await room.stored(id)).toMatchObject({ state: "cancelled" });
    await sweep();
    expect(received("could not open: another auction is running in")).toHaveLength(1);
  });
});

test("an auction whose opening was interrupted for half an hour is cancelled, its builder is notified, and it never opens", async () => {
  const channelId = room.channel(community.guildId);
  cloud.faults.add({
    target: "upstash",
    operation: /^TIME/,
    fault: { kind: "fail", code: 500 },
  });
  const { interactionId: id } = await room.control(builder.id, channelId, "start", TERMS);
  await cloud.pass(14 * MINUTE_MS);
  await sweep();
  expect(await room.stored(id)).toMatchObject({ state: "planned" });
  await cloud.pass(17 * MINUTE_MS);
  await sweep();
  await sweep();
  expect(await room.stored(id)).toMatchObject({ state: "cancelled", is_settling: false });
  expect(received("could not open: I was interrupted")).toHaveLength(1);
  cloud.faults.clear();
  await cloud.pass(20 * MINUTE_MS);
  expect(await room.stored(id)).toMatchObject({ state: "cancelled" });
  expect((await room.bid(people.person(), channelId, "50")).text).toContain("no auction");
  const rerun = await room.control(builder.id, channelId, "rerun", { auction: id });
  expect(rerun.text).toContain("is up in");
});
