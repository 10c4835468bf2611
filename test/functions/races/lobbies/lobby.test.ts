import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { type OpenLobby, racers } from "../../../support/races/races.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const track = racers(cloud, people);
await track.registerCommands();

const sent = (user: string, words: string) =>
  people.messagesTo(user).filter((text) => text.includes(words));
const racing = async (lobby: OpenLobby) =>
  ((await track.stored(lobby))["intervals"] as { racer_id: string; left_at: unknown }[])
    .filter(({ left_at: leftAt }) => leftAt === null)
    .map(({ racer_id: racerId }) => racerId);
const waiting = async (lobby: OpenLobby) => (await track.stored(lobby))["waiting_ids"];
const COPIES = { kind: "duplicate", copies: 3 } as const;
const twice = () =>
  cloud.faults.add({ target: "pubsub", operation: /^deliver race-control/, fault: COPIES });

describe("/race lobby", () => {
  test("posts a lobby, whose message shows who joins and leaves", async () => {
    const lobby = await track.lobby({ name: "Night *race*", seats: 3 });
    expect(track.buttons(lobby)).toEqual(["Join", "Leave", "Start", "Watch"]);
    expect(track.shown(lobby)).toContain("Racers: 0 of 3");
    const ann = people.person();
    expect((await track.join(lobby, ann)).text).toContain("You race in");
    await track.pass(2);
    expect(track.shown(lobby)).toContain("Racers: 1 of 3");
    expect(track.shown(lobby)).toContain(`<@${ann}>`);
    expect(track.board(lobby).pinged).toMatchObject({ users: [] });
    expect((await track.leave(lobby, ann)).text).toContain("You have left");
    await track.pass(2);
    expect(track.shown(lobby)).toContain("Racers: 0 of 3");
    expect(track.board(lobby).embeds[0]).toMatchObject({
      title: "Night \\*race\\*",
      color: 0xf2b705,
    });
    expect(await track.stored(lobby)).toMatchObject({ is_board_due: false });
  });

  test("shows its name and its racers' names without invisible characters", async () => {
    const lobby = await track.lobby({ name: "Night\u202e \u2066race" });
    const ann = "300000000000009999";
    cloud.discord.addUser({ id: ann, username: "ann", globalName: "An\u202en" });
    await track.join(lobby, ann);
    expect((await track.stored(lobby))["name"]).toBe("Night race");
    expect((await track.stored(lobby))["names"]).toEqual({ [ann]: "Ann" });
    const hidden = await track.lobby({ name: "\u200b\u3164" });
    expect((await track.stored(hidden))["name"]).toBe("C500 race");
  });

  test("gives an unnamed lobby a name and eight seats", async () => {
    const channelId = track.channel();
    const answer = await track.command(await track.host(), channelId, "race lobby");
    const lobby = { id: answer.interactionId, channelId };
    expect(await track.stored(lobby)).toMatchObject({
      name: "C500 race",
      seats: 8,
      rate_bps: 2000,
    });
    expect(String((await track.stored(lobby))["pot_key"])).toMatch(/^[\w-]{22}$/);
  });

  test.each(["viewChannel", "sendMessages", "embedLinks"])(
    "in a channel without %s leaves no lobby behind, and names the missing permission",
    async (permission) => {
      const channelId = track.channel({ botMay: { [permission]: false } });
      const answer = await track.command(await track.host(), channelId, "race lobby");
      expect(answer.text).toContain("I can't post in");
      expect(answer.text).toContain("**Embed Links**");
      expect(await track.stored({ id: answer.interactionId })).toEqual({});
    },
  );

  test("is reserved to approved hosts and staff", async () => {
    const channelId = track.channel();
    const stranger = await track.command(people.person(), channelId, "race lobby");
    expect(stranger.text).toContain("That's for race hosts");
    const seller = (await people.builder()).id;
    const refused = await track.command(seller, channelId, "race lobby");
    expect(refused.buttons.map(({ label }) => label)).toEqual(["Ask to host"]);
    expect(await track.stored({ id: stranger.interactionId })).toEqual({});
    const staff = people.person({ permissions: "32" });
    expect((await track.command(staff, channelId, "race lobby")).text).toContain("is open in");
  });

  test("delivered more than once creates one lobby with one message", async () => {
    twice();
    const lobby = await track.lobby();
    await track.pass(3);
    expect(cloud.discord.messages(lobby.channelId)).toHaveLength(1);
  });

  test("that crashed before posting is posted later", async () => {
    const channelId = track.channel();
    const fault = { kind: "fail", code: 500 } as const;
    cloud.faults.add({ target: "discord", operation: /^POST .*messages/, fault });
    await track.command(await track.host(), channelId, "race lobby");
    expect(cloud.discord.messages(channelId)).toEqual([]);
    cloud.faults.clear();
    await cloud.eventually(() => cloud.discord.messages(channelId).length > 0);
    await track.pass(60);
    expect(cloud.discord.messages(channelId)).toHaveLength(1);
  });

  test("edits the message only after a change, and tolerates the message's deletion", async () => {
    const lobby = await track.lobby();
    await track.pass(3);
    const { id } = track.board(lobby);
    const edits = () =>
      cloud.discord.events().filter((event) => JSON.stringify(event).includes(id)).length;
    const before = edits();
    await track.sweep();
    await track.pass(3);
    expect(edits()).toBe(before);
    await track.join(lobby, people.person());
    await track.pass(3);
    expect(edits()).toBeGreaterThan(before);
    const message = `${cloud.settings.DISCORD_API_BASE_URL}/v10/channels/${lobby.channelId}/messages/${id}`;
    const authorization = { authorization: `Bot ${cloud.settings.DISCORD_BOT_TOKEN}` };
    const deleted = await cloud.fetch(message, { method: "DELETE", headers: authorization });
    expect(deleted.status).toBe(204);
    await track.command(lobby.host, lobby.channelId, "start");
    await track.pass(3);
    expect(await track.stored(lobby)).toMatchObject({ state: "racing", is_board_due: false });
  });
});

describe("the lobby's message", () => {
  test("is edited by one function at a time, so that no older state replaces a newer one", async () => {
    const lobby = await track.lobby();
    await track.pass(3);
    await track.join(lobby, people.person());
    const edit = new RegExp(`^PATCH /channels/${lobby.channelId}/`);
    const slow = { kind: "delay", ms: 3000 } as const;
    cloud.faults.add({ target: "discord", operation: edit, fault: slow, times: 1 });
    const edits = [track.showBoard(lobby), track.showBoard(lobby)];
    expect(await Promise.race(edits)).toBe(500);
    await cloud.clock.advance(3000);
    expect((await Promise.all(edits)).sort()).toEqual([204, 500]);
    expect(track.shown(lobby)).toContain("Racers: 1 of 8");
  });

  test("shows the present state after a crash in between, also if that is as it was before", async () => {
    const lobby = await track.lobby();
    const [ann, bob] = [people.person(), people.person()];
    await track.join(lobby, ann);
    await track.pass(3);
    const fault = { kind: "fail", code: 500 } as const;
    cloud.faults.add({ target: "upstash", operation: /^SET/, fault });
    await track.join(lobby, bob);
    await track.pass(3);
    expect(track.shown(lobby)).toContain(bob);
    cloud.faults.clear();
    await track.leave(lobby, bob);
    await track.pass(60);
    expect(track.shown(lobby)).toContain(ann);
    expect(track.shown(lobby)).not.toContain(bob);
  });

  test("shows each of many people who join at once, in one place each", async () => {
    const lobby = await track.lobby({ seats: 3 });
    const crowd = Array.from({ length: 8 }, () => people.person());
    await track.joinAtOnce(lobby, crowd);
    await cloud.settle();
    await track.pass(10);
    const [racers, waiters] = [await racing(lobby), (await waiting(lobby)) as string[]];
    expect(racers).toHaveLength(3);
    expect([...racers, ...waiters].sort()).toEqual(crowd.toSorted());
    expect(track.shown(lobby)).toContain("Waiting: 5");
  });
});

describe("a full lobby", () => {
  let lobby: OpenLobby;
  let ann: string;
  let bob: string;
  let cy: string;

  beforeEach(async () => {
    lobby = await track.lobby({ seats: 1 });
    [ann, bob, cy] = [people.person(), people.person(), people.person()];
    await track.join(lobby, ann);
    await track.join(lobby, bob);
    await track.join(lobby, cy);
  });

  test("keeps a waiting list that moves up, and notifies each person who moves up once", async () => {
    expect(await waiting(lobby)).toEqual([bob, cy]);
    await track.pass(2);
    expect(track.shown(lobby)).toContain("Waiting: 2");
    twice();
    await track.leave(lobby, ann);
    expect(await racing(lobby)).toEqual([bob]);
    expect(await waiting(lobby)).toEqual([cy]);
    expect(sent(bob, "is yours")).toHaveLength(1);
    expect(sent(cy, "is yours")).toEqual([]);
  });

  test("shows everyone their place", async () => {
    expect((await track.join(lobby, ann)).text).toContain("already race in **Night race**");
    const queue = await track.join(lobby, cy);
    expect(queue.text).toContain("already on the waiting list of **Night race**, as number 2");
    expect((await track.leave(lobby, bob)).text).toContain("no longer on the waiting list");
    expect((await track.leave(lobby, bob)).text).toContain("You don't race in");
    expect(await waiting(lobby)).toEqual([cy]);
  });

  test("removes whom the host kicks, notifies them once, and seats the next in line", async () => {
    twice();
    const answer = await track.command(lobby.host, lobby.channelId, "race kick", { racer: ann });
    expect(answer.text).toBe(
      `<@${ann}> is out of **Night race**, and can't join it again. <@${bob}> moves up.`,
    );
    expect(await racing(lobby)).toEqual([bob]);
    expect(sent(ann, "has taken you out")).toHaveLength(1);
    expect(sent(bob, "is yours")).toHaveLength(1);
    const again = await track.command(lobby.host, lobby.channelId, "race kick", { racer: ann });
    expect(again.text).toContain("is not in");
    expect(sent(ann, "has taken you out")).toHaveLength(1);
  });

  test("lets only its host and staff kick", async () => {
    const kick = (user: string, racer: string) =>
      track.command(user, lobby.channelId, "race kick", { racer, lobby: lobby.id });
    expect((await kick(cy, ann)).text).toContain("Only the host of a lobby or the team");
    expect((await kick(people.person({ permissions: "32" }), ann)).text).toContain("is out of");
    expect(await racing(lobby)).toEqual([bob]);
  });
});

describe("presses that arrive late, twice or out of order", () => {
  const target = ({ id }: OpenLobby) => ({ lobbyId: id });

  test("a join redelivered after its racer left does not bring them back", async () => {
    const lobby = await track.lobby();
    const ann = people.person();
    const joined = await track.join(lobby, ann);
    await track.leave(lobby, ann);
    const again = await track.repeat(joined, "race-join", target(lobby));
    expect(again.text).toContain("pressed something else since");
    expect(await racing(lobby)).toEqual([]);
  });

  test("a redelivered join gives the same answer", async () => {
    const lobby = await track.lobby();
    const joined = await track.join(lobby, people.person());
    const again = await track.repeat(joined, "race-join", target(lobby));
    expect(again.text).toBe(joined.text);
    expect(await racing(lobby)).toHaveLength(1);
  });

  test("a leave that overtakes its join wins", async () => {
    const lobby = await track.lobby();
    const ann = people.person();
    cloud.faults.add({
      target: "pubsub",
      operation: /^deliver race-control/,
      times: 1,
      fault: { kind: "delay", ms: 5000 },
    });
    await track.join(lobby, ann);
    await track.leave(lobby, ann);
    await track.pass(10);
    expect(await racing(lobby)).toEqual([]);
  });

  test("a redelivered kick does not affect who joined after it", async () => {
    const lobby = await track.lobby();
    const ann = people.person();
    const options = { racer: ann };
    const early = await track.command(lobby.host, lobby.channelId, "race kick", options);
    await track.join(lobby, ann);
    await track.repeat(early, "race kick", options);
    expect(await racing(lobby)).toEqual([ann]);
  });

  test("a kick that crashed before its notice still sends it after its racer has pressed Leave", async () => {
    const lobby = await track.lobby();
    const ann = people.person();
    await track.join(lobby, ann);
    const late = { kind: "delay", ms: 1000 } as const;
    cloud.faults.add({ target: "pubsub", operation: /^deliver race-control/, fault: late });
    const options = { racer: ann };
    const { interactionId } = await track.command(
      lobby.host,
      lobby.channelId,
      "race kick",
      options,
    );
    cloud.faults.clear();
    const fail = { kind: "fail", code: 403 } as const;
    cloud.faults.add({ target: "pubsub", operation: /^Publish/, fault: fail });
    await track.pass(2);
    expect(await racing(lobby)).toEqual([]);
    cloud.faults.clear();
    expect((await track.leave(lobby, ann)).text).toContain("You don't race in");
    await track.pass(120);
    expect(people.readAnswer(interactionId).text).toContain("is out of");
    expect(sent(ann, "has taken you out")).toHaveLength(1);
  });

  test("buttons of a race that is over or does not exist change nothing", async () => {
    const lobby = await track.lobby();
    await track.command(lobby.host, lobby.channelId, "race cancel");
    expect((await track.join(lobby, people.person())).text).toContain("was called off");
    expect((await track.pressStart(lobby, lobby.host)).text).toContain("was called off");
    expect((await track.pressFinish(lobby, lobby.host)).text).toContain("was called off");
    expect(await track.stored(lobby)).toMatchObject({ state: "cancelled", intervals: [] });
    const message = track.board(lobby).id;
    const unknown = await track.press(lobby.host, lobby.channelId, message, "race-join:12");
    expect(unknown.text).toContain("can't find that lobby");
  });
});
