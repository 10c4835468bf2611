import type { LocalClock } from "../../kit/clock.ts";
import type { KeptState } from "../../kit/kept-state.ts";
import type { Command, Engine } from "../engine.ts";
import { isError, type Reply } from "../reply.ts";
import type { CommandSpec } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";
import { Database } from "./database.ts";
import { lookUp, replying } from "./execute.ts";
import { Scripts } from "./scripts.ts";

/**
 * A Redis in this process, for machines without one: the commands that a live-commerce backend uses, and
 * Lua 5.1 scripts with the results a real Redis gives. Keys expire by the local clock.
 */
export async function startEmbeddedEngine(clock: LocalClock, state?: KeptState): Promise<Engine> {
  const database = new Database(() => clock.nowMs());
  if (state) database.keepIn(state);
  const scripts = await Scripts.create(database);
  const commands: ReadonlyMap<string, CommandSpec> = new Map([
    ...COMMANDS,
    ...Object.entries(scripts.commands),
  ]);

  const check = (command: Command): Reply =>
    replying(() => {
      lookUp(commands, command);
      return null;
    });
  const run = (command: Command): Reply =>
    replying(() => {
      const [name = "", ...args] = command;
      return lookUp(commands, command).run(database, args, name.toLowerCase());
    });

  return {
    kind: "embedded",
    run: async (batch) => batch.map((command) => run(command)),
    runAtomically: async (batch) => {
      const refused = batch.map(check).find(isError);
      return refused ?? database.atOneMoment(() => batch.map(run));
    },
    loseData: async () => {
      database.clear();
      scripts.forget();
    },
    stop: async () => scripts.stop(),
  };
}
