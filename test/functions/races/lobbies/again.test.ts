import { describe, expect, test } from "@jest/globals";
import { useCloud } from "../../../support/cloud.ts";
import { type OpenLobby, racers } from "../../../support/races/races.ts";
import { type Answer, shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const track = racers(cloud, people);
await track.registerCommands();

/** A finished race with this many racers. */
async function raced(count: number) {
  const lobby = await track.racing(count, { name: "Night race", seats: 3, goal: "500" });
  await track.finish(lobby);
  return lobby;
}

const again = (lobby: OpenLobby, user: string = lobby.host, channelId: string = lobby.channelId) =>
  track.command(user, channelId, "race again");

/** The lobby that a button press or command opened. */
const opened = ({ interactionId: id }: Answer, { host, channelId }: OpenLobby): OpenLobby => ({
  id,
  host,
  channelId,
});

/** Who races in a lobby. */
async function roster(lobby: OpenLobby): Promise<string[]> {
  const { intervals } = (await track.stored(lobby)) as {
    intervals: readonly { racer_id: string; left_at: unknown }[];
  };
  return intervals.filter(({ left_at: leftAt }) => !leftAt).map(({ racer_id: id }) => id);
}

const pings = (lobby: OpenLobby) =>
  track.announced(lobby).filter(({ content }) => content.includes("races again"));

describe("Race again", () => {
  test("opens the next race with the same racers, name, seats and goal, and pings them once", async () => {
    const lobby = await raced(3);
    const answer = await again(lobby);
    expect(answer.text).toContain("open again");
    expect(answer.text).toContain("3 racers");
    const next = opened(answer, lobby);
    expect(await roster(next)).toEqual(lobby.racers);
    expect(await track.stored(next)).toMatchObject({
      name: "Night race",
      seats: 3,
      state: "open",
      goal: { amount: 50_000, currency: "usd" },
    });
    for (const racer of lobby.racers) expect(track.shown(next)).toContain(racer);
    expect(pings(lobby)).toHaveLength(1);
    expect(
      pings(lobby)[0]
        ?.mentions.map(({ id }) => id)
        .toSorted(),
    ).toEqual([...lobby.racers].toSorted());
    expect((await track.start(next)).text).toContain("is on");
    await cloud.clock.advance(1);
    await track.sell(next, 10_000);
    await cloud.eventually(() => track.shown(next).includes("$20.00"));
  });

  test("is offered as a button under the race's message, its result and the host's report", async () => {
    const lobby = await raced(2);
    await cloud.eventually(() => track.buttons(lobby).join() === "Race again");
    const report = await track.command(lobby.host, lobby.channelId, "race report");
    expect(report.buttons.map(({ label }) => label)).toEqual(["Race again"]);
    const staff = people.person({ permissions: "32" });
    const seen = await track.command(staff, lobby.channelId, "race report");
    expect(seen.buttons).toEqual([]);
    const result = track.announced(lobby).findLast(({ content }) => content.includes("is over"));
    const id = `race-again:${lobby.id}`;
    const answer = await track.press(lobby.host, lobby.channelId, result?.id ?? "", id);
    expect(await roster(opened(answer, lobby))).toEqual(lobby.racers);
  });

  test("is reserved to the host, who hosts one race at a time", async () => {
    const lobby = await raced(2);
    const other = await track.host();
    const press = (user: string) =>
      track.press(user, lobby.channelId, track.board(lobby).id, `race-again:${lobby.id}`);
    expect((await press(other)).text).toContain("Only the host");
    expect((await press(lobby.racers[0] ?? "")).text).toContain("Only the host");
    expect((await press(lobby.host)).text).toContain("open again");
    expect((await press(lobby.host)).text).toContain("one race at a time");
    expect(pings(lobby)).toHaveLength(1);
  });

  test("opens nothing for a host who has since been suspended", async () => {
    const lobby = await raced(1);
    await cloud.firestore.doc(`hosts/${lobby.host}`).set({ standing: "suspended" });
    const { text, interactionId } = await again(lobby);
    expect(text).toMatch(/suspended/);
    expect((await cloud.firestore.doc(`lobbies/${interactionId}`).get()).exists).toBe(false);
  });

  test("is refused with the reason while the race is not over", async () => {
    const lobby = await track.racing(1);
    const { text } = await track.command(lobby.host, lobby.channelId, "race again", {
      lobby: lobby.id,
    });
    expect(text).toContain("is racing");
    await track.finish(lobby);
  });

  test("leaves out racers who left the server or are in another race, and names them to the host", async () => {
    const lobby = await raced(3);
    const [stays = "", gone = "", busy = ""] = lobby.racers;
    cloud.discord.addUser({ id: gone, sharesGuild: false });
    const other = await track.lobby({ name: "Other cup" });
    await track.join(other, busy);
    const answer = await again(lobby);
    expect(await roster(opened(answer, lobby))).toEqual([stays]);
    expect(answer.text).toContain(`<@${gone}> has left the server`);
    expect(answer.text).toContain(`<@${busy}> races or waits in **Other cup**`);
    expect(answer.text).not.toContain(`<@${stays}>`);
    expect(pings(lobby)[0]?.mentions.map(({ id }) => id)).toEqual([stays]);
  });

  test("takes over no one who left before the end or was removed", async () => {
    const lobby = await track.racing(3);
    const [stays = "", leaves = "", kicked = ""] = lobby.racers;
    await track.leave(lobby, leaves);
    await track.command(lobby.host, lobby.channelId, "race kick", { racer: kicked });
    await track.finish(lobby);
    expect(await roster(opened(await again(lobby), lobby))).toEqual([stays]);
  });

  test("opens one lobby however often its command is delivered, with the same answer", async () => {
    const lobby = await raced(2);
    cloud.faults.add({
      target: "pubsub",
      operation: /^deliver race-control/,
      times: 1,
      fault: { kind: "duplicate", copies: 3 },
    });
    const answer = await again(lobby);
    const repeat = await track.repeat(answer, "race again");
    expect(repeat.text).toBe(answer.text);
    expect(pings(lobby)).toHaveLength(1);
    const all = await cloud.firestore
      .collection("lobbies")
      .where("host_id", "==", lobby.host)
      .get();
    expect(all.docs).toHaveLength(2);
  });

  test("leaves nothing behind in a channel where we may not post", async () => {
    const lobby = await raced(2);
    const closed = track.channel({ botMay: { sendMessages: false } });
    const answer = await again(lobby, lobby.host, closed);
    expect(answer.text).toContain("I can't post");
    const racer = lobby.racers[0] ?? "";
    const other = await track.lobby();
    expect((await track.join(other, racer)).text).toContain("You race in");
  });
});
