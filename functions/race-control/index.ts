import { raceButtons } from "../../shared/commands/race.ts";
import { type CommandAction, commandFunction } from "../../shared/runtime/command-function.ts";
import type { ControlDeps } from "./control-deps.ts";
import { overlay, report } from "./look.ts";
import { openLobby } from "./open-lobby.ts";
import { isRosterChanged, join, kick, leave } from "./roster.ts";
import { cancel, finish, goOn, isInState, start } from "./window.ts";

const starting: CommandAction<ControlDeps> = { run: start, isBegun: isInState("racing") };
const finishing: CommandAction<ControlDeps> = { run: finish, isBegun: isInState("finished") };

/** What each command and button does. */
const actions: Readonly<Record<string, CommandAction<ControlDeps>>> = {
  "race lobby": {
    run: openLobby,
    isBegun: async ({ id }, { lobbies }) => (await lobbies.get(id)) !== undefined,
  },
  "race kick": { run: kick, isBegun: isRosterChanged },
  "race cancel": { run: cancel, isBegun: isInState("cancelled") },
  "race report": report,
  "race overlay": overlay,
  start: starting,
  finish: finishing,
  [raceButtons.join.name]: { run: join, isBegun: isRosterChanged },
  [raceButtons.leave.name]: { run: leave, isBegun: isRosterChanged },
  [raceButtons.start.name]: starting,
  [raceButtons.finish.name]: finishing,
  [raceButtons.goOn.name]: goOn,
};

/** Everything that is asked of races. */
export const handler = commandFunction(actions);
