import { describe, expect, test } from "@jest/globals";
import { createLobbies } from "../../../../functions/races/store/lobbies/lobbies.ts";
import { createSales } from "../../../../functions/races/store/sales/sales.ts";
import type { Timestamp } from "../../../../shared/ports/database.ts";
import { useCloud } from "../../../support/cloud.ts";
import { type OpenLobby, racers } from "../../../support/races/races.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const LISTED = 100;
const ACTS = 300;

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const track = racers(cloud, people);
const lobbies = createLobbies(async () => cloud.firestore);
await track.registerCommands();

const sent = (user: string) => people.messagesTo(user).at(-1);
const staff = () => people.person({ permissions: "32" });
const set = ({ id }: OpenLobby, fields: object) =>
  cloud.firestore.doc(`lobbies/${id}`).update({ ...fields });
const membersOf = async (lobby: OpenLobby) => (await track.stored(lobby))["member_ids"];
const inAMs = (ms: number) => new Date(Math.floor(cloud.clock.nowMs()) + ms);
const cancel = ({ host, channelId }: OpenLobby) => track.command(host, channelId, "race cancel");

/** Advances the clock to a day after the lobby was opened. */
const lapse = (lobby: OpenLobby) => set(lobby, { created_at: inAMs(-DAY_MS) });

describe("a lobby that is not started within a day", () => {
  test("can't be started, joined or cancelled, says why, and its host can open another", async () => {
    const lobby = await track.lobby({ name: "Late" });
    await track.join(lobby, people.person());
    await lapse(lobby);
    const why = "**Late** was not started within a day, so it was called off";
    expect((await track.pressStart(lobby, lobby.host)).text).toContain(why);
    expect((await track.start(lobby)).text).toContain(why);
    expect((await cancel(lobby)).text).toContain(why);
    expect((await track.join(lobby, people.person())).text).toContain(why);
    expect(await track.stored(lobby)).toMatchObject({ state: "open" });
    const next = await track.command(lobby.host, track.channel(), "race lobby");
    expect(next.text).toContain("is open in");
  });

  test("is cancelled by the sweeper, and its message notifies the host", async () => {
    const [late, early] = [await track.lobby(), await track.lobby()];
    const racing = await track.racing(1);
    for (const lobby of [late, racing]) await lapse(lobby);
    await set(early, { created_at: inAMs(MINUTE_MS - DAY_MS) });
    for (let sweeps = 0; sweeps < 2; sweeps += 1) expect(await track.sweep()).toBe(204);
    await track.pass(3);
    expect(await track.stored(late)).toMatchObject({ state: "cancelled", is_board_due: false });
    expect(track.shown(late)).toContain(`not started within a day. <@${late.host}>, `);
    expect(track.buttons(late)).toEqual([]);
    expect(await track.stored(early)).toMatchObject({ state: "open" });
    expect(await track.stored(racing)).toMatchObject({ state: "racing" });
  });

  test("is cancelled even if its channel no longer exists", async () => {
    const lobby = await track.lobby();
    await track.pass(3);
    track.close(lobby.channelId);
    await lapse(lobby);
    expect(await track.sweep()).toBe(204);
    await track.pass(3);
    expect(await track.stored(lobby)).toMatchObject({ state: "cancelled", is_board_due: false });
  });

  test("that its host has cancelled says only that", async () => {
    const lobby = await track.lobby();
    await cancel(lobby);
    await track.pass(3);
    expect(track.shown(lobby)).toContain('Called off."');
  });
});

describe("a host", () => {
  test("has one lobby at a time, and learns what to do with it", async () => {
    const one = await track.lobby({ name: "One" });
    const elsewhere = track.channel();
    const open = () => track.command(one.host, elsewhere, "race lobby");
    const refused = await open();
    expect(refused.text).toContain("You already host **One** in");
    expect(refused.text).toContain("`/race cancel`");
    expect(await track.stored({ id: refused.interactionId })).toEqual({});
    await track.join(one, people.person());
    await track.start(one);
    expect((await open()).text).toContain("`/finish`");
    await track.finish(one);
    expect((await open()).text).toContain("is open in");
  });

  test("who was refused gets no lobby when the same command is redelivered", async () => {
    const one = await track.lobby();
    const refused = await track.command(one.host, one.channelId, "race lobby");
    await cancel(one);
    expect((await track.repeat(refused, "race lobby")).text).toBe(refused.text);
    expect(await track.stored({ id: refused.interactionId })).toEqual({});
  });

  test("who opens two lobbies at once has one", async () => {
    const [hostId, channelId] = [await track.host(), track.channel()];
    const use = { user: hostId, channelId, name: "race lobby", options: {} };
    const endpoint = cloud.url("discord-interactions");
    await Promise.all([1, 2, 3].map(() => cloud.discord.client.command(endpoint, use)));
    await cloud.settle();
    expect(await lobbies.ofHost(hostId)).toHaveLength(1);
    expect(cloud.discord.messages(channelId)).toHaveLength(1);
  });
});

describe("a racer", () => {
  test("is in one lobby at a time, including waiting lists", async () => {
    const one = await track.lobby({ name: "One", seats: 1 });
    const two = await track.lobby();
    const [ann, bob] = [people.person(), people.person()];
    await track.join(one, ann);
    await track.join(one, bob);
    for (const racer of [ann, bob]) {
      const { text } = await track.join(two, racer);
      expect(text).toContain(`in **One** in <#${one.channelId}>, and people are in one lobby`);
      expect(text).toContain("Press Leave under its message there, then Join here");
      expect(text).toContain(`ask its host <@${one.host}> or the team`);
      expect(text).toContain(`\`lobby: ${one.id}\``);
    }
    expect(await membersOf(two)).toEqual([]);
    await track.leave(one, ann);
    expect((await track.join(two, ann)).text).toContain("You race in");
    expect((await track.join(one, ann)).text).toContain("in **Night race** in");
  });

  test("who was refused gets the same answer when the press is redelivered, and does not join", async () => {
    const [one, two] = [await track.lobby(), await track.lobby()];
    const ann = people.person();
    await track.join(one, ann);
    const refused = await track.join(two, ann);
    await track.leave(one, ann);
    const again = await track.repeat(refused, "race-join", { lobbyId: two.id });
    expect(again.text).toBe(refused.text);
    expect(await membersOf(two)).toEqual([]);
  });

  test("of a lobby whose message was deleted can be removed by staff with the command that the refusal names", async () => {
    const [one, two] = [await track.lobby(), await track.lobby()];
    const ann = people.person();
    await track.join(one, ann);
    track.close(one.channelId);
    const [, lobby = ""] = /`lobby: (\d+)`/.exec((await track.join(two, ann)).text) ?? [];
    const kick = { racer: ann, lobby };
    const kicked = await track.command(staff(), two.channelId, "race kick", kick);
    expect(kicked.text).toContain("is out of");
    expect((await track.join(two, ann)).text).toContain("You race in");
  });

  test.each<[string, (lobby: OpenLobby) => Promise<unknown>]>([
    ["called off", cancel],
    ["not started within a day", (lobby) => lapse(lobby)],
    ["finished", (lobby) => track.start(lobby).then(() => track.finish(lobby))],
    [
      "past its end",
      (lobby) => track.start(lobby).then(() => set(lobby, { closes_at: inAMs(-1) })),
    ],
  ])("of a race that was %s can join the next", async (_, end) => {
    const one = await track.lobby();
    const two = await track.lobby();
    const ann = people.person();
    await track.join(one, ann);
    await end(one);
    expect((await track.join(two, ann)).text).toContain("You race in");
  });

  test("who joins several lobbies at once is in one of them", async () => {
    const ann = people.person();
    const all = [await track.lobby(), await track.lobby(), await track.lobby()];
    await Promise.all(all.map((lobby) => track.joinAtOnce(lobby, [ann])));
    await cloud.settle();
    const members = await Promise.all(all.map(membersOf));
    expect(members.flat()).toEqual([ann]);
  });

  test("who was removed cannot join again, and learns who removed them", async () => {
    const lobby = await track.lobby();
    const [ann, bob] = [people.person(), people.person()];
    await track.join(lobby, ann);
    await track.join(lobby, bob);
    const kick = (user: string, racer: string) =>
      track.command(user, lobby.channelId, "race kick", { racer, lobby: lobby.id });
    await kick(lobby.host, ann);
    await kick(staff(), bob);
    expect(sent(ann)).toMatch(/^The host has taken you out .* can't join it again/);
    expect(sent(bob)).toMatch(/^The team has taken you out .* can't join it again/);
    expect((await track.join(lobby, ann)).text).toContain("were taken out of **Night race**");
    expect(await membersOf(lobby)).toEqual([]);
    expect((await track.join(await track.lobby(), ann)).text).toContain("You race in");
  });

  test("is not seated after the window's end, even before it is closed", async () => {
    const lobby = await track.racing(1, { seats: 1 });
    const [ann = ""] = lobby.racers;
    const [bob, cy] = [people.person(), people.person()];
    await track.join(lobby, bob);
    await set(lobby, { closes_at: inAMs(-1) });
    for (const answer of [await track.join(lobby, cy), await track.leave(lobby, ann)]) {
      expect(answer.text).toContain("is over");
    }
    expect(await membersOf(lobby)).toEqual([ann, bob]);
    expect(sent(bob)).toBe(undefined);
  });
});

describe("a lobby", () => {
  test("whose /start is redelivered after the race gives the same answer again", async () => {
    const lobby = await track.lobby();
    await track.join(lobby, people.person());
    const started = await track.start(lobby);
    await track.finish(lobby);
    expect((await track.repeat(started, "start")).text).toBe(started.text);
    expect(await track.stored(lobby)).toMatchObject({ state: "finished" });
  });

  test("is not extended by a commit after its end, whatever an instance's clock says", async () => {
    const lobby = await track.racing(2);
    const [end, soldAt] = [inAMs(1000), inAMs(2000)];
    await set(lobby, { closes_at: end });
    await cloud.clock.advance(3000);
    const [slow, until] = [inAMs(-2500), inAMs(120 * MINUTE_MS)];
    expect((await lobbies.goOn(lobby.id, slow, until))?.closesAt).toEqual(end);
    const sale = { id: "kofi:after-end", provider: "kofi", base: 1000, currency: "usd" } as const;
    const terms = { holdDays: 7, now: inAMs(0) };
    const order = { ...sale, title: "A shirt", lobbyId: lobby.id, soldAt };
    const sales = createSales(async () => cloud.firestore);
    const { windows } = await sales.book(order, terms);
    expect(windows.map(({ lobbyId }) => lobbyId)).not.toContain(lobby.id);
    await lobbies.shown((await lobbies.get(lobby.id)) ?? { id: lobby.id, revision: 0 });
    const { closes_at: stored, prolonged_from: from } = await track.stored(lobby);
    expect([(stored as Timestamp).toDate(), from]).toEqual([end, null]);
  });

  test("closes at the time of the commit, whatever an instance's clock says", async () => {
    const lobby = await track.racing(2);
    await cloud.clock.advance(1000);
    const before = inAMs(0);
    const { closedAt } = (await lobbies.finish(lobby.id)) ?? {};
    expect(closedAt?.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(closedAt?.getTime()).toBeLessThanOrEqual(inAMs(2).getTime());
    await cloud.clock.advance(60_000);
    await lobbies.posted(lobby.id, "1");
    expect((await lobbies.get(lobby.id))?.closedAt).toEqual(closedAt);
  });

  test("that is finished is not extended, even if its hour is not over", async () => {
    const lobby = await track.racing();
    await track.finish(lobby);
    const before = await lobbies.get(lobby.id);
    const after = await lobbies.goOn(lobby.id, inAMs(0), inAMs(120 * MINUTE_MS));
    expect(after?.closesAt).toEqual(before?.closesAt);
  });

  test("that people have joined or seen is not withdrawn", async () => {
    const seen = await track.lobby();
    expect(await lobbies.takeBack(seen.id)).toBe(false);
    const joined = await track.lobby();
    await track.join(joined, people.person());
    await set(joined, { message_id: null });
    expect(await lobbies.takeBack(joined.id)).toBe(false);
    const unseen = await track.lobby();
    await set(unseen, { message_id: null });
    expect(await lobbies.takeBack(unseen.id)).toBe(true);
    expect(await Promise.all([seen, joined, unseen].map(({ id }) => lobbies.get(id)))).toEqual([
      expect.anything(),
      expect.anything(),
      undefined,
    ]);
  });

  test("that changed recently is shown before those whose messages have long been due", async () => {
    const lobby = await track.lobby();
    await cloud.settle();
    const fields = { ...(await track.stored(lobby)), host_id: "1", is_board_due: true };
    const batch = cloud.firestore.batch();
    const old = Array.from({ length: LISTED }, (_, index) =>
      cloud.firestore.doc(`lobbies/${100_000 + index}`),
    );
    for (const place of old) batch.set(place, fields);
    await batch.commit();
    await set(lobby, { is_board_due: true });
    const [newest] = await lobbies.boardsDue();
    expect(newest?.id).toBe(lobby.id);
    await Promise.all(old.map((place) => place.delete()));
  });

  test("knows that an action it no longer stores was done", async () => {
    const lobby = await track.lobby();
    const act = (id: number) => ({ id: String(id), outcome: "left", movedUp: undefined }) as const;
    const ids = Array.from({ length: ACTS + 2 }, (_, index) => index + 1);
    const acts = Object.fromEntries(ids.map((id) => [`racer-${id}`, act(id)]));
    const after = await lobbies.changeRoster(lobby.id, inAMs(0), (before) => ({ ...before, acts }));
    expect(Object.keys(after?.acts ?? {})).toHaveLength(ACTS);
    expect(after?.forgottenActId).toBe("2");
  });
});
