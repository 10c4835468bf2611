import type { CommandUse } from "../../../shared/discord/command-action.ts";
import { isNewer } from "../../../shared/discord/snowflake.ts";
import { readSnowflake } from "../../../shared/documents/outside-id.ts";
import { asOf, type Lobby, type LobbyState } from "../domain/race.ts";
import { raceTexts, whichText, wrongStateText } from "../messages/race-control.ts";
import type { Meaning } from "../store/race-commands.ts";
import type { ControlDeps } from "./control-deps.ts";

/** Whom a command obeys, and of which lobbies. */
export interface Rule {
  readonly obeys: "host" | "host-or-staff";
  /** The lobby has to be in one of these. */
  readonly states: readonly LobbyState[];
  /** Where nothing is named and none is in these, the newest of any other state will do. */
  readonly orNewest?: true;
  /** Where nothing is named and several are in these, the newest of the asker's is meant, else of the channel. */
  readonly newest?: true;
  /** Why it can't be done now all the same; undefined when it can. */
  readonly problem?: (lobby: Lobby) => string | undefined;
}

/** A list has room for so many. */
const MAX_ASKED = 10;

/**
 * The lobby that a command or button means: the one it names, else the asker's only one, else the one
 * of the channel. Returns the answer to the asker where there is none. What it was once, it stays for a
 * repeat, whatever has changed since.
 */
export async function lobbyMeant(
  use: CommandUse,
  named: string | undefined,
  rule: Rule,
  deps: ControlDeps,
): Promise<Lobby | string> {
  const decide = () => meaningOf(use, named, rule, deps);
  const meaning = await deps.raceCommands.meaning(use.id, deps.clock.now(), decide);
  if ("refusal" in meaning) return meaning.refusal;
  return (await get(meaning.lobbyId, deps)) ?? raceTexts.unknown;
}

async function meaningOf(
  use: CommandUse,
  named: string | undefined,
  rule: Rule,
  deps: ControlDeps,
): Promise<Meaning> {
  const found = named === undefined ? await implied(use, rule, deps) : await get(named, deps);
  if (typeof found === "string") return { refusal: found };
  if (!found) return { refusal: raceTexts.unknown };
  if (!mayAsk(use, rule, found)) return { refusal: notAllowed(rule) };
  if (!rule.orNewest && !rule.states.includes(found.state)) {
    return { refusal: wrongStateText(found) };
  }
  const problem = rule.problem?.(found);
  return problem === undefined ? { lobbyId: found.id } : { refusal: problem };
}

async function get(named: string, { lobbies, clock }: ControlDeps): Promise<Lobby | undefined> {
  const id = readSnowflake(named);
  const found = id === undefined ? undefined : await lobbies.get(id);
  return found && asOf(found, clock.now());
}

/** The lobby to act on where none is named, or the answer to the asker. */
async function implied(
  use: CommandUse,
  rule: Rule,
  { lobbies, clock }: ControlDeps,
): Promise<Lobby | string> {
  const { id, userId, channelId } = use;
  const now = clock.now();
  const isBefore = (lobby: Lobby) => isNewer(id, lobby.id);
  const isInState = ({ state }: Lobby) => rule.states.includes(state);
  const own = (await lobbies.ofHost(userId)).filter(isBefore).map((lobby) => asOf(lobby, now));
  const inChannel = channelId === undefined ? [] : await lobbies.inChannel(channelId);
  const here = inChannel
    .filter((lobby) => isBefore(lobby) && mayAsk(use, rule, lobby))
    .map((lobby) => asOf(lobby, now));
  const candidates = [own.filter(isInState), here.filter(isInState)];
  const [single] = candidates.flatMap((found) => (found.length === 1 || rule.newest ? found : []));
  if (single) return single;
  const several = candidates.find((found) => found.length > 1);
  if (several) return whichText(several.slice(0, MAX_ASKED));
  const [newest] = [...here, ...own];
  if (!newest) return inChannel.length > 0 ? notAllowed(rule) : raceTexts.none;
  return newest;
}

function notAllowed({ obeys }: Rule): string {
  return obeys === "host" ? raceTexts.notHost : raceTexts.notHostOrStaff;
}

function mayAsk({ userId, isStaff }: CommandUse, { obeys }: Rule, { hostId }: Lobby): boolean {
  return hostId === userId || (obeys === "host-or-staff" && isStaff);
}
