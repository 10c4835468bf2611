import type { CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import { isNewer } from "../../../shared/discord/snowflake.ts";
import { readSnowflake } from "../../../shared/documents/outside-id.ts";
import { asOf, type Lobby, type LobbyState } from "../domain/race.ts";
import { raceTexts, whichText, wrongStateText } from "../messages/race-control.ts";
import type { CommandTarget } from "../store/race-commands.ts";
import type { ControlDeps } from "./control-deps.ts";

/** Who may use a command, and on which lobbies. */
export interface Rule {
  readonly obeys: "host" | "host-or-staff";
  /** The states in which a lobby can be its target. */
  readonly states: readonly LobbyState[];
  /** Without a named lobby and one in these states, the newest lobby in any other state is the target. */
  readonly orNewest?: true;
  /** Of several lobbies in these states, the asker's newest is the target, or else the channel's newest. */
  readonly newest?: true;
  /** Any other reason against it; undefined if there is none. */
  readonly problem?: (lobby: Lobby) => string | undefined;
}

/** The most lobbies that a question lists. */
const MAX_ASKED = 10;

/**
 * The lobby that a command or button applies to: the one it names, or else the asker's only one, or else the
 * channel's. Returns the answer to the asker if there is none. Idempotency: the first result is recorded, and a
 * repeat gets the same one, whatever has changed since.
 */
export async function findTargetLobby(
  use: CommandUse,
  named: string | undefined,
  rule: Rule,
  deps: ControlDeps,
): Promise<Lobby | string> {
  const decide = () => decideTarget(use, named, rule, deps);
  const target = await deps.raceCommands.target(use.id, deps.clock.now(), decide);
  if ("refusal" in target) return target.refusal;
  return (await get(target.lobbyId, deps)) ?? raceTexts.unknown;
}

async function decideTarget(
  use: CommandUse,
  named: string | undefined,
  rule: Rule,
  deps: ControlDeps,
): Promise<CommandTarget> {
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

/** The target of a command that names no lobby, or the answer to the asker. */
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
