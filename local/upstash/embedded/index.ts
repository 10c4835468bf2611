import type { LocalClock } from "../../kit/clock.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import type { Command, Engine, Replica } from "../engine.ts";
import { isError, type Reply } from "../reply.ts";
import type { CommandSpec } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";
import { Database, type SavedEntry } from "./database.ts";
import { lookUp, replying } from "./execute.ts";
import { Scripts } from "./scripts.ts";

/**
 * Starts a Redis in this process, for machines without one: the commands that a live-commerce
 * backend uses, and Lua 5.1 scripts with the results of a real Redis. Keys expire by the local
 * clock.
 */
export async function startEmbeddedEngine(
  clock: LocalClock,
  state?: PersistentState,
): Promise<Engine> {
  const database = new Database(() => clock.nowMs());
  if (state) database.persistIn(state);
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

  const replica = new States(database, () => scripts.forget());
  const remember = (batch: readonly Command[]) => {
    const isWrite = batch.some(([name = ""]) => commands.get(name.toLowerCase())?.writes);
    if (isWrite) replica.remember();
  };

  return {
    kind: "embedded",
    replica,
    run: async (batch) => {
      remember(batch);
      return batch.map((command) => run(command));
    },
    runAtomically: async (batch) => {
      const refused = batch.map(check).find(isError);
      if (refused) return refused;
      remember(batch);
      return database.atOneMoment(() => batch.map(run));
    },
    loseData: async () => {
      database.clear();
      scripts.forget();
    },
    stop: async () => scripts.stop(),
  };
}

/** The states before the latest writing requests, any of which a replica may have. */
class States implements Replica {
  readonly most = 40;
  readonly #database: Database;
  readonly #forgetScripts: () => void;
  #isFollowed = false;
  #states: SavedEntry[][] = [];

  constructor(database: Database, forgetScripts: () => void) {
    this.#database = database;
    this.#forgetScripts = forgetScripts;
  }

  follow(): void {
    this.#isFollowed = true;
  }

  /** Must be called before a request that writes. */
  remember(): void {
    if (!this.#isFollowed) return;
    this.#states.push(this.#database.copy());
    if (this.#states.length > this.most) this.#states.shift();
  }

  failOver(lost: number, isLed: (key: string) => boolean = () => true): void {
    const state = this.#states.at(-lost);
    if (state) this.#database.restore(state, isLed);
    this.#states = [];
    this.#forgetScripts();
  }
}
