import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { type CommandAction, commandFunction } from "../../members/command-function.ts";
import type { StandingDecision } from "../../members/domain/standing.ts";
import { returning } from "../../shop/money/returning.ts";
import { hostButtons, hostCommands, hostDecline } from "../commands/c500-hosts-definitions.ts";
import type { ControlDeps } from "../commands/control-deps.ts";
import { isGoalSet, setGoal } from "../commands/goal.ts";
import { askToHost, decideHost, isHostDecided, listHosts } from "../commands/hosts.ts";
import { overlay, report } from "../commands/look.ts";
import { openLobby } from "../commands/open-lobby.ts";
import { raceAgain } from "../commands/race-again.ts";
import { raceButtons, raceCommands } from "../commands/race-definitions.ts";
import { isRosterChanged, join, kick, leave } from "../commands/roster.ts";
import { isWinnerNamed, nameWinner } from "../commands/series.ts";
import { cancel, finish, goOn, isInState, isProlonged, start } from "../commands/window.ts";
import { hostRefusal } from "../messages/hosts.ts";

const starting: CommandAction<ControlDeps> = { run: start, isBegun: isInState("racing") };
const finishing: CommandAction<ControlDeps> = { run: finish, isBegun: isInState("finished") };

/** Whether the command has already opened its lobby. */
async function isLobbyOpened({ id }: DiscordCommand, { lobbies }: ControlDeps): Promise<boolean> {
  return (await lobbies.get(id)) !== undefined;
}
const reopening: CommandAction<ControlDeps> = { run: raceAgain, isBegun: isLobbyOpened };

const deciding = (decision: StandingDecision): CommandAction<ControlDeps> => ({
  run: decideHost(decision),
  isBegun: isHostDecided,
});

/** The actions with which staff decide about hosts. */
const hostDecisions = {
  "c500 hosts approve": deciding("approve"),
  "c500 hosts decline": deciding("decline"),
  "c500 hosts suspend": deciding("suspend"),
  "c500 hosts restore": deciding("restore"),
  "c500 hosts remove": deciding("remove"),
  [hostButtons.approve.name]: deciding("approve"),
  [hostDecline.form.name]: deciding("decline"),
} satisfies Record<string, CommandAction<ControlDeps>>;

/** The action of each command and button. */
const actions = {
  "race lobby": {
    run: openLobby,
    refused: hostRefusal,
    isBegun: isLobbyOpened,
  },
  "c500 hosts list": listHosts,
  ...hostDecisions,
  [hostButtons.ask.name]: {
    run: askToHost,
    isBegun: ({ id, userId }, { hosts }) => hosts.hasChange(userId, id),
  },
  "race again": reopening,
  "race kick": { run: kick, isBegun: isRosterChanged },
  "race cancel": { run: cancel, isBegun: isInState("cancelled") },
  "race goal": { run: setGoal, isBegun: isGoalSet },
  "race report": report,
  "race winner": { run: nameWinner, isBegun: isWinnerNamed },
  "race overlay": overlay,
  start: starting,
  finish: finishing,
  [raceButtons.join.name]: { run: returning(join), isBegun: isRosterChanged },
  [raceButtons.leave.name]: { run: leave, isBegun: isRosterChanged },
  [raceButtons.start.name]: starting,
  [raceButtons.finish.name]: finishing,
  [raceButtons.again.name]: reopening,
  [raceButtons.goOn.name]: { run: goOn, isBegun: isProlonged },
} satisfies Record<string, CommandAction<ControlDeps>>;

/** All commands and buttons about races. */
export const handler = commandFunction(
  "race-control",
  [
    ...hostCommands,
    ...raceCommands,
    ...Object.values(hostButtons),
    ...Object.values(raceButtons),
    hostDecline.form,
  ],
  actions,
);
