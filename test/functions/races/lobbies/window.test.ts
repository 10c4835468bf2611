import { beforeEach, describe, expect, test } from "@jest/globals";
import { createLobbies } from "../../../../functions/races/store/lobbies/lobbies.ts";
import { useCloud } from "../../../support/cloud.ts";
import { type OpenLobby, racers } from "../../../support/races/races.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const MINUTE = 60;
const DROPPED = { kind: "drop" } as const;

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const track = racers(cloud, people);
await track.registerCommands();
beforeEach(async () => {
  await finishAll();
});

/** Sales that name no lobby are shared by all open windows, so each test starts without any. */
async function finishAll(): Promise<void> {
  const running = await cloud.firestore.collection("lobbies").where("state", "==", "racing").get();
  const endedAt = new Date(cloud.clock.nowMs());
  for (const lobby of running.docs) {
    await lobby.ref.update({ state: "finished", closed_at: endedAt, is_board_due: false });
  }
}

const sent = (user: string, words: string) =>
  people.messagesTo(user).filter((text) => text.includes(words));
const posts = (lobby: OpenLobby, words: string) =>
  track.announced(lobby).filter(({ content }) => content.includes(words));
const stateOf = async (lobby: OpenLobby) => (await track.stored(lobby))["state"];
const atMs = async ({ id }: OpenLobby, field: "openedAt" | "closesAt" | "closedAt") =>
  (await createLobbies(async () => cloud.firestore).get(id))?.[field]?.getTime();
const report = (lobby: OpenLobby, user: string = lobby.host) =>
  track.command(user, lobby.channelId, "race report", { lobby: lobby.id });
const copies = (target: "pubsub" | "tasks", operation: RegExp) =>
  cloud.faults.add({ target, operation, fault: { kind: "duplicate", copies: 3 } });
const loseTasks = () =>
  cloud.faults.add({ target: "tasks", operation: /^dispatch window-close/, fault: DROPPED });

/** Presses "Keep it open for an hour" under the newest warning that the host received. */
async function goOn(lobby: OpenLobby, user: string = lobby.host) {
  const warning = cloud.discord.dms(lobby.host).findLast(({ content }) => content.includes("⏰"));
  if (!warning) throw new Error("The host was not warned.");
  const [row] = warning.components as unknown as { components: { custom_id: string }[] }[];
  const customId = row?.components[0]?.custom_id ?? "";
  return track.press(user, warning.channel_id, warning.id, customId);
}

describe("/start", () => {
  test("opens the window, announces it once and pings only the racers", async () => {
    const lobby = await track.lobby({ name: "Cup @everyone" });
    const [ann, bob] = [people.person(), people.person()];
    await track.join(lobby, ann);
    await track.join(lobby, bob);
    copies("pubsub", /^deliver race-control/);
    expect((await track.start(lobby)).text).toContain("is on, with 2 racers");
    await track.pass(3);
    const [post, ...others] = posts(lobby, "has started");
    expect(others).toEqual([]);
    expect(post?.pinged).toMatchObject({ users: [ann, bob], everyone: false });
    expect(await stateOf(lobby)).toBe("racing");
    expect(track.buttons(lobby)).toEqual(["Join", "Leave", "Finish", "Watch"]);
    expect(track.shown(lobby)).toMatch(/The window closes <t:\d+:R>/);
  });

  test("needs a racer, and does not take effect later by itself", async () => {
    const lobby = await track.lobby();
    const refused = await track.start(lobby);
    expect(refused.text).toContain("Nobody has joined yet");
    await track.join(lobby, people.person());
    expect((await track.repeat(refused, "start")).text).toBe(refused.text);
    expect(await stateOf(lobby)).toBe("open");
    expect((await track.pressStart(lobby, lobby.host)).text).toContain("is on, with 1 racer.");
  });

  test("works only for the host", async () => {
    const lobby = await track.lobby();
    const ann = people.person();
    await track.join(lobby, ann);
    expect((await track.pressStart(lobby, ann)).text).toContain("Only the host");
    const staff = people.person({ permissions: "32" });
    expect((await track.start(lobby, staff)).text).toContain("Only the host");
    expect(await stateOf(lobby)).toBe("open");
  });

  test("repeated changes neither the window's start nor its end", async () => {
    const lobby = await track.racing();
    const before = [await atMs(lobby, "openedAt"), await atMs(lobby, "closesAt")];
    await track.pass(MINUTE);
    expect((await track.pressStart(lobby, lobby.host)).text).toContain("is racing");
    expect([await atMs(lobby, "openedAt"), await atMs(lobby, "closesAt")]).toEqual(before);
  });

  test("that crashed before it was announced is announced later", async () => {
    const lobby = await track.lobby();
    await track.join(lobby, people.person());
    await track.pass(3);
    const operation = /^POST .*messages/;
    cloud.faults.add({ target: "discord", operation, fault: { kind: "fail", code: 400 } });
    await track.start(lobby);
    expect(await stateOf(lobby)).toBe("racing");
    expect(posts(lobby, "has started")).toEqual([]);
    cloud.faults.clear();
    await track.sweep();
    await track.pass(5);
    expect(posts(lobby, "has started")).toHaveLength(1);
  });

  test("and /finish are answered within two seconds even if Discord takes five to post", async () => {
    const lobby = await track.lobby();
    await track.join(lobby, people.person());
    await track.pass(3);
    const operation = new RegExp(`^POST /channels/${lobby.channelId}/messages`);
    cloud.faults.add({ target: "discord", operation, fault: { kind: "delay", ms: 5_000 } });
    for (const use of [track.start, track.finish]) {
      const sentAtMs = cloud.clock.nowMs();
      const { interactionId } = await use(lobby);
      const answer = cloud.discord.interaction(interactionId)?.original?.id;
      const read = cloud.discord
        .events()
        .find((event) => event.kind === "message-edited" && event.messageId === answer);
      expect(read?.atMs).toBeLessThan(sentAtMs + 2_000);
      await track.pass(15);
    }
    expect(posts(lobby, "has started")).toHaveLength(1);
    expect(posts(lobby, "is over")).toHaveLength(1);
  });

  test("in a channel where we may no longer post still starts the race", async () => {
    const lobby = await track.lobby();
    await track.join(lobby, people.person());
    track.close(lobby.channelId);
    expect((await track.start(lobby)).text).toContain("is on");
    await track.pass(3);
    expect(await track.stored(lobby)).toMatchObject({ state: "racing", is_board_due: false });
  });
});

describe("the pot", () => {
  test("is kept up to date, and is shared by those who raced at the time of each sale", async () => {
    const lobby = await track.racing(2);
    const [ann = "", bob = ""] = lobby.racers;
    await track.pass(10);
    await track.sell(lobby, 10_000);
    await track.pass(2);
    expect(track.shown(lobby)).toContain("$20.00");
    await track.pass(MINUTE);
    await track.leave(lobby, ann);
    await track.pass(MINUTE);
    await track.sell(lobby, 10_000);
    await track.sell(lobby, 10_000, { secondsAgo: 90 });
    await track.sell(lobby, 5000, { currency: "eur" });
    await track.pass(2);
    expect(track.shown(lobby)).toContain("€10.00 · $60.00");
    const { embeds } = await report(lobby);
    expect(embeds).toContain(`<@${ann}>: €0.00 · $20.00`);
    expect(embeds).toContain(`<@${bob}>: €10.00 · $40.00`);
    expect(embeds).toContain('"name":"Sales","value":"4"');
  });

  test("is split between concurrent races if a sale names none", async () => {
    const one = await track.racing(2);
    const two = await track.racing(2);
    await track.pass(2);
    await track.sell(one, 10_000, { isNamed: false });
    await track.sell(one, 10_000);
    await track.pass(2);
    expect(track.shown(one)).toContain("$30.00");
    expect(track.shown(two)).toContain("$10.00");
  });

  test("gets nothing of a sale that names no lobby while it has only one racer, even if others join later", async () => {
    const lobby = await track.racing(1);
    await track.pass(2);
    expect(track.shown(lobby)).toContain("once it has a second racer");
    await track.sell(lobby, 10_000, { isNamed: false });
    await track.join(lobby, track.people.person());
    await track.pass(2);
    expect(track.shown(lobby)).toContain("nothing yet");
    expect(track.shown(lobby)).toContain('"name":"Sales","value":"0"');
    await track.sell(lobby, 10_000, { isNamed: false });
    await track.refund(5000);
    await track.pass(2);
    expect(track.shown(lobby)).toContain("$10.00");
    expect(track.shown(lobby)).not.toContain("once it has a second racer");
  });

  test("gets a sale that names it, even while it has only one racer", async () => {
    const lobby = await track.racing(1);
    await track.pass(2);
    await track.sell(lobby, 10_000);
    await track.pass(2);
    expect(track.shown(lobby)).toContain("$20.00");
  });

  test("is shared by those who raced at the sale's recorded time, even if clocks differ", async () => {
    const lobby = await track.racing(1);
    await track.pass(10);
    // The shop's clock is four seconds ahead: someone who joins now was not there when it was sold.
    await track.sell(lobby, 10_000, { isNamed: false, secondsAgo: -4 });
    await track.join(lobby, track.people.person());
    const { intervals } = await track.stored(lobby);
    const [sale] = (await cloud.firestore.collection("sales").orderBy("sold_at", "desc").get())
      .docs;
    const { sold_at: sold } = (sale?.data() ?? {}) as { sold_at: { toMillis(): number } };
    const soldAt = sold.toMillis();
    const joins = (intervals as { joined_at: { toMillis(): number } }[]).map(({ joined_at }) =>
      joined_at.toMillis(),
    );
    expect(Math.max(...joins)).toBeGreaterThan(soldAt);
    expect(sale?.get("lobby_ids")).toEqual([]);
  });

  test("shows a late sale through the sweeper if its task was lost", async () => {
    const lobby = await track.racing();
    await track.pass(10);
    await track.finish(lobby);
    await track.pass(5);
    const create = /CreateTask/;
    cloud.faults.add({ target: "tasks", operation: create, fault: { kind: "fail", code: 3 } });
    await track.sell(lobby, 10_000, { secondsAgo: 8 });
    cloud.faults.clear();
    expect(track.shown(lobby)).not.toContain("$20.00");
    await cloud.eventually(() => track.shown(lobby).includes("$20.00"));
    expect(await stateOf(lobby)).toBe("finished");
  });

  test("is reported to the host and staff", async () => {
    const lobby = await track.racing();
    expect((await report(lobby, people.person())).text).toContain("Only the host of a lobby");
    expect((await report(lobby, people.person({ permissions: "8" }))).embeds).toContain("nothing");
    await track.finish(lobby);
    const bare = await track.command(lobby.host, track.channel(), "race report");
    expect(bare.embeds).toContain("Finished");
  });
});

describe("/finish", () => {
  test("closes the window and announces pot and shares, once", async () => {
    const lobby = await track.racing(1);
    await track.pass(2);
    await track.sell(lobby, 10_000);
    copies("pubsub", /^deliver race-control/);
    expect((await track.finish(lobby)).text).toContain("is closed");
    await track.pass(5);
    const [post, ...others] = posts(lobby, "is over");
    expect(others).toEqual([]);
    expect(JSON.stringify(post?.embeds)).toContain(`<@${lobby.racers[0]}>: $20.00`);
    expect(post?.pinged).toMatchObject({ users: lobby.racers });
    expect(track.buttons(lobby)).toEqual(["Race again"]);
    await track.sell(lobby, 10_000);
    await track.pass(2);
    expect(track.shown(lobby)).toContain("**$20.00**");
  });

  test("works by the button and for staff, and for nobody else", async () => {
    const lobby = await track.racing();
    const refused = await track.pressFinish(lobby, lobby.racers[0] ?? "");
    expect(refused.text).toContain("Only the host of a lobby or the team");
    const staff = people.person({ permissions: "32" });
    expect((await track.pressFinish(lobby, staff)).text).toContain("is closed");
    expect((await track.pressFinish(lobby, staff)).text).toContain("is over");
  });

  test("before the start finishes nothing, even if it is redelivered after the start", async () => {
    const lobby = await track.lobby();
    await track.join(lobby, people.person());
    const early = await track.finish(lobby);
    expect(early.text).toContain("has not started yet");
    await track.start(lobby);
    await track.repeat(early, "finish");
    expect(await stateOf(lobby)).toBe("racing");
  });
});

describe("a window left open", () => {
  test("closes by itself after an hour, with a warning before, each once", async () => {
    const lobby = await track.racing(1);
    copies("tasks", /^dispatch window-close/);
    await track.pass(49 * MINUTE);
    expect(sent(lobby.host, "⏰")).toEqual([]);
    await track.pass(2 * MINUTE);
    expect(sent(lobby.host, "⏰")).toHaveLength(1);
    expect(await stateOf(lobby)).toBe("racing");
    await track.pass(10 * MINUTE);
    expect(await stateOf(lobby)).toBe("finished");
    expect(await atMs(lobby, "closedAt")).toBe(await atMs(lobby, "closesAt"));
    expect(posts(lobby, "is over")).toHaveLength(1);
    expect(sent(lobby.host, "⏰")).toHaveLength(1);
  });

  test("stays open for another hour if the host presses the button, however often", async () => {
    const lobby = await track.racing(1);
    const closesAtMs = (await atMs(lobby, "closesAt")) ?? 0;
    await track.pass(51 * MINUTE);
    expect((await goOn(lobby, people.person())).text).toContain("Only the host of a lobby");
    expect((await goOn(lobby)).text).toContain("continues");
    expect((await goOn(lobby)).text).toContain("continues");
    expect(await atMs(lobby, "closesAt")).toBe(closesAtMs + 3_600_000);
    await track.pass(10 * MINUTE);
    expect(await stateOf(lobby)).toBe("racing");
    await track.sell(lobby, 10_000);
    await track.pass(50 * MINUTE);
    expect(sent(lobby.host, "⏰")).toHaveLength(2);
    await track.pass(10 * MINUTE);
    expect(await stateOf(lobby)).toBe("finished");
    expect(await atMs(lobby, "closedAt")).toBe(closesAtMs + 3_600_000);
    expect(track.shown(lobby)).toContain("$20.00");
    expect((await goOn(lobby)).text).toContain("is over");
  });

  test("stays open if the button in a DM is pressed by a host who is on the team", async () => {
    const host = people.person({ permissions: "32" });
    const lobby = await track.lobby({}, host);
    await track.join(lobby, people.person());
    await track.start(lobby);
    await track.pass(51 * MINUTE);
    expect((await goOn(lobby)).text).toContain("continues");
    await track.pass(10 * MINUTE);
    expect(await stateOf(lobby)).toBe("racing");
  });

  test("stays open for one day at most", async () => {
    const lobby = await track.racing(1);
    // Its times are settled once its message is shown.
    await cloud.clock.advance(2000);
    await cloud.settle();
    const openedAtMs = (await atMs(lobby, "openedAt")) ?? 0;
    const nearlyADay = new Date(openedAtMs + 23.5 * 3_600_000);
    await cloud.firestore.doc(`lobbies/${lobby.id}`).update({ closes_at: nearlyADay });
    await track.warn(lobby, nearlyADay.getTime());
    expect((await goOn(lobby)).text).toContain("can't be open for longer than a day");
    expect(await atMs(lobby, "closesAt")).toBe(openedAtMs + 24 * 3_600_000);
    await track.warn(lobby, openedAtMs + 24 * 3_600_000);
    const last = cloud.discord.dms(lobby.host).at(-1);
    expect(last?.content).toContain("so it can't be extended");
    expect(last?.components).toEqual([]);
  });

  test("warns a host with closed DMs in the channel", async () => {
    const host = people.person({ dmsClosed: true, permissions: "32" });
    const lobby = await track.lobby({}, host);
    await track.join(lobby, people.person());
    await track.start(lobby);
    await track.pass(51 * MINUTE);
    const [warning, ...others] = posts(lobby, "⏰");
    expect(others).toEqual([]);
    expect(warning?.pinged).toMatchObject({ users: [host] });
  });

  test("is closed by the sweeper if its tasks were lost, as of its scheduled end", async () => {
    const lobby = await track.racing(1);
    loseTasks();
    await track.pass(57 * MINUTE);
    await track.sweep();
    expect(sent(lobby.host, "⏰")).toHaveLength(1);
    await cloud.clock.advance(4 * MINUTE * 1000);
    await track.sell(lobby, 10_000);
    expect((await goOn(lobby)).text).toMatch(/is over/);
    await track.sweep();
    await track.pass(5);
    expect(await stateOf(lobby)).toBe("finished");
    expect(await atMs(lobby, "closedAt")).toBe(await atMs(lobby, "closesAt"));
    expect(posts(lobby, "is over")).toHaveLength(1);
    expect(track.shown(lobby)).toContain("nothing yet");
  });

  test("that the host has finished is not affected by later tasks", async () => {
    const lobby = await track.racing(1);
    await track.pass(5);
    await track.finish(lobby);
    const closedAtMs = await atMs(lobby, "closedAt");
    await track.pass(61 * MINUTE);
    expect(await atMs(lobby, "closedAt")).toBe(closedAtMs);
    expect(sent(lobby.host, "⏰")).toEqual([]);
    expect(posts(lobby, "is over")).toHaveLength(1);
  });
});

describe("people who join and leave while it is open", () => {
  test("share from then on, and someone who moves up is notified", async () => {
    const lobby = await track.racing(1, { seats: 1 });
    const [ann = ""] = lobby.racers;
    const bob = people.person();
    await track.join(lobby, bob);
    await track.pass(2);
    await track.sell(lobby, 1000);
    await track.leave(lobby, ann);
    expect(sent(bob, "from now on you share")).toHaveLength(1);
    await track.pass(2);
    await track.sell(lobby, 2000);
    await track.leave(lobby, bob);
    await track.join(lobby, ann);
    await track.pass(2);
    await track.sell(lobby, 3000);
    await track.leave(lobby, ann);
    await track.pass(2);
    await track.sell(lobby, 5000);
    const { embeds } = await report(lobby);
    expect(embeds).toContain(`<@${ann}>: $8.00`);
    expect(embeds).toContain(`<@${bob}>: $4.00`);
    expect(embeds).toContain('"name":"Pot","value":"**$12.00**"');
  });
});
