import { isOver, type Lobby, racersOf } from "../../../functions/races/domain/race.ts";
import { type Options, useCommand } from "../../people.ts";
import type { Stage } from "../../stage.ts";
import type { Action, Pick } from "../scenario.ts";
import { storedLobbies } from "./lobby-watch.ts";
import { trackOf } from "./track.ts";

const MOST_LOBBIES = 3;
/** Until the same time on the next day. */
const NIGHT_MS = 24 * 3_600_000;

/** Actions of hosts and racers on lobbies, and their weights. */
export const hostingActions: readonly Action[] = [
  { name: "open a lobby", weight: 9, perform: openLobby },
  { name: "press Join", weight: 9, perform: pressJoin },
  { name: "join together", weight: 7, perform: joinTogether },
  { name: "press Leave", weight: 5, perform: pressLeave },
  { name: "leave and come back", weight: 3, perform: leaveAndComeBack },
  { name: "kick a racer", weight: 2, perform: kick },
  { name: "start a race", weight: 9, perform: start },
  { name: "finish a race", weight: 2, perform: finish },
  { name: "go on for an hour", weight: 4, perform: prolong },
  { name: "suspend a host", weight: 1, perform: suspendHost },
  { name: "restore a host", weight: 2, perform: restoreHost },
  { name: "press again and again", weight: 0.5, perform: pressOften },
  { name: "a night passes", weight: 0.5, perform: () => undefined, passesMs: async () => NIGHT_MS },
  { name: "cancel a race", weight: 1, perform: cancel },
  { name: "look at a report", weight: 2, perform: report },
  { name: "press an old button", weight: 3, perform: pressOldButton },
];

/** Presses a button of a lobby's message, whatever it currently shows. */
export async function pressOn(
  stage: Stage,
  lobby: Lobby,
  { button, user, target = lobby.id }: { button: string; user: string; target?: string },
): Promise<void> {
  const message = messageOf(lobby);
  const data = { custom_id: `race-${button}:${target}`, component_type: 2 };
  const pressed = { user, channelId: lobby.channelId, message, type: 3, data };
  const { id } = await stage.discord.client.raw(stage.endpoint, pressed);
  trackOf(stage).uses.set(id, { lobbyId: target, button });
}

/** The id of a lobby's message. Throws before it is posted. */
function messageOf({ messageId }: Lobby): string {
  if (messageId === undefined) throw new Error("There is no message yet.");
  return messageId;
}

/** Types a command that names a lobby, in its channel. */
export async function commandOn(
  stage: Stage,
  lobby: Lobby,
  { name, user, options = {} }: { name: string; user: string; options?: Options },
) {
  const typed = { ...options, lobby: lobby.id };
  const use = { user, channelId: lobby.channelId, name, options: typed };
  const sent = await stage.discord.client.command(stage.endpoint, use);
  trackOf(stage).uses.set(sent.id, { lobbyId: lobby.id });
  return sent;
}

/** A lobby in one of these states. Throws if there is none. */
export async function pickLobby(
  stage: Stage,
  pick: Pick,
  ...states: Lobby["state"][]
): Promise<Lobby> {
  const lobbies = await stage.withoutFaults(() => storedLobbies(stage));
  return pick(lobbies.filter(({ state }) => states.includes(state)));
}

async function openLobby(stage: Stage, pick: Pick): Promise<void> {
  const { hosts, channels } = trackOf(stage);
  const lobbies = await stage.withoutFaults(() => storedLobbies(stage));
  const open = lobbies.filter((lobby) => !isOver(lobby));
  if (open.length >= MOST_LOBBIES) throw new Error("There are enough.");
  const isOfSeries = pick([true, false]);
  const options = {
    name: "Night race",
    seats: pick([1, 2, 3, 4]),
    ...(isOfSeries && { series: "Night cup" }),
  };
  const use = { user: pick(hosts), channelId: pick(channels), name: "race lobby", options };
  await stage.discord.client.command(stage.endpoint, use);
}

export async function pressJoin(stage: Stage, pick: Pick): Promise<void> {
  const lobby = await pickLobby(stage, pick, "open", "racing");
  await pressOn(stage, lobby, { button: "join", user: pick(trackOf(stage).crowd) });
}

/** Everyone who is not racing presses at the same moment; there may be fewer seats. */
async function joinTogether(stage: Stage, pick: Pick): Promise<void> {
  const lobbies = (await stage.withoutFaults(() => storedLobbies(stage))).filter(
    (each) => !isOver(each),
  );
  const taken = new Set(lobbies.flatMap((each) => [...racersOf(each), ...each.waitingIds]));
  const free = trackOf(stage).crowd.filter((user) => !taken.has(user));
  const lobby = pick(lobbies);
  await Promise.all(free.map((user) => pressOn(stage, lobby, { button: "join", user })));
}

/** Usually someone who races. */
export async function pressLeave(stage: Stage, pick: Pick): Promise<void> {
  const lobby = await pickLobby(stage, pick, "open", "racing");
  const people = [...racersOf(lobby), ...lobby.waitingIds, pick(trackOf(stage).crowd)];
  await pressOn(stage, lobby, { button: "leave", user: pick(people) });
}

export async function leaveAndComeBack(stage: Stage, pick: Pick): Promise<void> {
  const lobby = await pickLobby(stage, pick, "racing");
  const user = pick(racersOf(lobby));
  const presses = ["leave", "join"].map((button) => pressOn(stage, lobby, { button, user }));
  await Promise.all(presses);
}

async function kick(stage: Stage, pick: Pick): Promise<void> {
  const { allowed, kicks } = trackOf(stage);
  const lobby = await pickLobby(stage, pick, "racing");
  const racer = pick(racersOf(lobby));
  allowed.add(`kick ${racer} ${lobby.id}`);
  const use = { name: "race kick", user: lobby.hostId, options: { racer } };
  const { id } = await commandOn(stage, lobby, use);
  kicks.push({ id, lobbyId: lobby.id, racer });
}

/** By command, by button, or both at once. */
async function twoWays(stage: Stage, pick: Pick, lobby: Lobby, name: string): Promise<void> {
  const user = lobby.hostId;
  const command = () => commandOn(stage, lobby, { name, user });
  const button = () => pressOn(stage, lobby, { button: name, user });
  const ways = pick<readonly (() => Promise<unknown>)[]>([[command], [button], [command, button]]);
  await Promise.all(ways.map((way) => way()));
}

/** Prefers a lobby with racers. */
export async function start(stage: Stage, pick: Pick): Promise<void> {
  const lobbies = await stage.withoutFaults(() => storedLobbies(stage));
  const open = lobbies.filter(({ state }) => state === "open");
  const ready = open.filter((each) => racersOf(each).length > 0);
  const lobby = pick([...ready, ...ready, ...ready, ...open]);
  if (await mayHost(stage, lobby)) trackOf(stage).allowed.add(`start ${lobby.id}`);
  await twoWays(stage, pick, lobby, "start");
}

async function finish(stage: Stage, pick: Pick): Promise<void> {
  const lobby = await pickLobby(stage, pick, "racing");
  trackOf(stage).allowed.add(`end ${lobby.id}`);
  await twoWays(stage, pick, lobby, "finish");
}

export async function prolong(stage: Stage, pick: Pick): Promise<void> {
  const lobby = await pickLobby(stage, pick, "racing");
  if (await mayHost(stage, lobby)) trackOf(stage).allowed.add(`go-on ${lobby.id}`);
  const target = `${lobby.id}-${lobby.closesAt?.getTime()}`;
  await pressOn(stage, lobby, { button: "go-on", user: lobby.hostId, target });
}

/** A suspended host can neither start a race nor prolong it. */
async function mayHost(stage: Stage, { hostId }: Lobby): Promise<boolean> {
  const host = await stage.withoutFaults(() =>
    stage.database.collection("hosts").doc(hostId).get(),
  );
  return host.get("standing") !== "suspended";
}

async function suspendHost(stage: Stage, pick: Pick): Promise<void> {
  const { staff, hosts } = trackOf(stage);
  const options = { host: hosts.at(-1) ?? "", reason: "We have to talk." };
  await useCommand(stage, pick(staff), "c500 hosts suspend", options);
}

/** From now on it is unknown whether a start came before the suspension. */
async function restoreHost(stage: Stage, pick: Pick): Promise<void> {
  const { staff, hosts, allowed } = trackOf(stage);
  const host = hosts.at(-1) ?? "";
  for (const { id, hostId } of await stage.withoutFaults(() => storedLobbies(stage))) {
    if (hostId !== host) continue;
    allowed.add(`start ${id}`);
    allowed.add(`go-on ${id}`);
  }
  await useCommand(stage, pick(staff), "c500 hosts restore", { host });
}

const PRESSES = 34;
const PRESSED_EVERY_MS = 4_000;

/** Someone who cannot decide whether to race. */
async function pressOften(stage: Stage, pick: Pick): Promise<void> {
  const lobby = await pickLobby(stage, pick, "open", "racing");
  const user = pick(trackOf(stage).crowd);
  // Presses are not awaited, so that this must fail before them.
  messageOf(lobby);
  for (let press = 0; press < PRESSES; press += 1) {
    void pressOn(stage, lobby, { button: press % 2 === 0 ? "join" : "leave", user });
    await stage.cloud.clock.sleep(PRESSED_EVERY_MS);
  }
}

async function cancel(stage: Stage, pick: Pick): Promise<void> {
  const lobby = await pickLobby(stage, pick, "open");
  trackOf(stage).allowed.add(`cancel ${lobby.id}`);
  await commandOn(stage, lobby, { name: "race cancel", user: lobby.hostId });
}

async function report(stage: Stage, pick: Pick): Promise<void> {
  const lobby = await pickLobby(stage, pick, "racing", "finished");
  const [name, options] = pick<readonly [string, Options]>([
    ["race report", {}],
    ["race report", { series: "Night cup" }],
    ["race overlay", {}],
  ]);
  await commandOn(stage, lobby, { name, user: lobby.hostId, options });
}

/** A button of a finished lobby, pressed by its host or anyone. */
async function pressOldButton(stage: Stage, pick: Pick): Promise<void> {
  const lobby = await pickLobby(stage, pick, "finished", "cancelled");
  const button = pick(["join", "leave", "start", "finish"]);
  const user = pick([lobby.hostId, ...trackOf(stage).crowd]);
  await pressOn(stage, lobby, { button, user });
}

/** Looks at their own wallet. */
export async function lookAtWallet(stage: Stage, pick: Pick): Promise<void> {
  await useCommand(stage, pick(trackOf(stage).crowd), "wallet");
}
