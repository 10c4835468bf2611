import { type Lobby, racersOf } from "../../../functions/races/domain/race.ts";
import { mustHold } from "../../rules.ts";
import type { Stage } from "../../stage.ts";
import type { Action, Pick } from "../scenario.ts";
import { commandOn, pickLobby, pressOn } from "./hosting.ts";
import { countSent } from "./messages.ts";
import { trackOf } from "./track.ts";

/** Hosts' actions for the next race and for a series, and attempts by others. */
export const afterRaceActions: readonly Action[] = [
  { name: "race again", weight: 4, perform: raceAgain },
  { name: "name a winner", weight: 3, perform: nameWinner },
  { name: "set a goal", weight: 2, perform: setGoal },
  { name: "attack: race again", weight: 1, perform: attackAgain },
  { name: "attack: name oneself the winner", weight: 1, perform: attackWinner },
];

/** By command, by button, or both at once; also twice. */
async function raceAgain(stage: Stage, pick: Pick): Promise<void> {
  const lobby = await pickLobby(stage, pick, "finished");
  trackOf(stage).allowed.add(`again ${lobby.id}`);
  const user = lobby.hostId;
  const command = () => commandOn(stage, lobby, { name: "race again", user });
  const button = () => pressOn(stage, lobby, { button: "again", user });
  const ways = pick([[command], [button], [button, button], [command, button]]);
  await Promise.all(ways.map((way) => way()));
}

/** A racer of the lobby, or someone who did not race. */
async function nameWinner(stage: Stage, pick: Pick): Promise<void> {
  const lobby = await pickLobby(stage, pick, "racing", "finished");
  const { staff, crowd, allowed } = trackOf(stage);
  allowed.add(`winner ${lobby.id}`);
  const racer = pick([...lobby.intervals.map(({ racerId }) => racerId), pick(crowd)]);
  const user = pick([lobby.hostId, lobby.hostId, pick(staff)]);
  await commandOn(stage, lobby, { name: "race winner", user, options: { racer } });
}

async function setGoal(stage: Stage, pick: Pick): Promise<void> {
  const lobby = await pickLobby(stage, pick, "open", "racing");
  trackOf(stage).allowed.add(`goal ${lobby.id}`);
  const amount = pick(["500", "1,250.00", "0", "3", "a lot"]);
  await commandOn(stage, lobby, { name: "race goal", user: lobby.hostId, options: { amount } });
}

async function attackAgain(stage: Stage, pick: Pick): Promise<void> {
  const lobby = await pickLobby(stage, pick, "finished");
  const { stranger, crowd } = trackOf(stage);
  const user = pick([stranger, ...crowd]);
  if (pick([true, false])) await pressOn(stage, lobby, { button: "again", user });
  else await commandOn(stage, lobby, { name: "race again", user });
}

async function attackWinner(stage: Stage, pick: Pick): Promise<void> {
  const lobby = await pickLobby(stage, pick, "racing", "finished");
  const user = pick(racersOf(lobby));
  await commandOn(stage, lobby, { name: "race winner", user, options: { racer: user } });
}

/** Only people with permission named a winner, set a goal or raced again, and each winner raced. */
export function checkAfterRace(
  lobby: Lobby,
  lobbies: readonly Lobby[],
  allowed: ReadonlySet<string>,
): void {
  const { id, winnerId, goal, againOf, intervals } = lobby;
  const check = (what: string, isThere: boolean) =>
    mustHold(
      "Access",
      !isThere || allowed.has(what),
      () => `"${what}" has happened without a request from someone with permission`,
    );
  check(`winner ${id}`, winnerId !== undefined);
  const hasRaced = winnerId === undefined || intervals.some(({ racerId }) => racerId === winnerId);
  mustHold("W5", hasRaced, () => `${winnerId} won race ${id} without racing in it`);
  const before = againOf === undefined ? undefined : lobbies.find((each) => each.id === againOf);
  check(`goal ${id}`, goal !== undefined && goal.amount !== before?.goal?.amount && !before);
  if (againOf === undefined) return;
  check(`again ${againOf}`, true);
  const isSameHost = before?.state === "finished" && before.hostId === lobby.hostId;
  mustHold("Access", isSameHost, () => `lobby ${id} continues ${againOf}, which is not over`);
}

/** N1: everyone with a seat in the next race because of the last one is pinged once. */
export function checkAgainPosts({ discord }: Stage, lobbies: readonly Lobby[]): void {
  for (const { id, againOf, channelId } of lobbies) {
    if (againOf === undefined) continue;
    const times = countSent(discord.messages(channelId), `race-again:${id}`);
    mustHold("N1", times <= 1, () => `the racers of ${id} were pinged ${times} times`);
  }
}
