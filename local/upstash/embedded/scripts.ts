import { createHash } from "node:crypto";
import type { Command } from "../engine.ts";
import { OK, type Reply } from "../reply.ts";
import { lockRefusal, locksItsKeys } from "../script-keys.ts";
import { type CommandSpec, type CommandTable, writes } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";
import type { Database } from "./database.ts";
import { fitsArity, replying } from "./execute.ts";
import { CommandFailure, failures } from "./failure.ts";
import { ScriptRunner } from "./lua/script-runner.ts";
import { count } from "./numbers.ts";

/** The first line of every script with a flag; its only flag is Upstash's own. */
const SHEBANG = "#!lua flags=allow-key-locking";

const DIGEST_LENGTH = 40;

/** The script commands and the known scripts of one database. */
export class Scripts {
  readonly #database: Database;
  /** Each known script, by digest. */
  readonly #known = new Map<string, { readonly locksKeys: boolean }>();
  #runner: ScriptRunner | undefined;
  /** The only keys that the running script may access; undefined when it may access any. */
  #lockedKeys: ReadonlySet<string> | undefined;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async create(database: Database): Promise<Scripts> {
    const scripts = new Scripts(database);
    scripts.#runner = await ScriptRunner.create((command) => scripts.#call(command));
    return scripts;
  }

  readonly commands: CommandTable = {
    eval: writes(-3, (_, args) => this.#evaluate(args)),
    evalsha: writes(-3, (_, args) => this.#evaluateKnown(args)),
    script: writes(-2, (_, args) => this.#manage(args)),
  };

  forget(): void {
    this.#known.clear();
  }

  stop(): void {
    this.#runner?.stop();
  }

  #evaluate([script = "", ...rest]: readonly string[]): Reply {
    const [keys, args] = splitKeys(rest);
    return this.#run(this.#load(script), keys, args);
  }

  #evaluateKnown([digest = "", ...rest]: readonly string[]): Reply {
    if (digest.length !== DIGEST_LENGTH) throw noScript();
    const [keys, args] = splitKeys(rest);
    if (!this.#known.has(digest.toLowerCase())) throw noScript();
    return this.#run(digest.toLowerCase(), keys, args);
  }

  #manage(args: readonly string[]): Reply {
    const [subcommand = "", ...rest] = args;
    const name = subcommand.toLowerCase();
    if (name === "load") {
      const [script] = rest;
      if (script === undefined || rest.length > 1) throw failures.wrongArity("script|load");
      return this.#load(script);
    }
    if (name === "flush") {
      this.forget();
      return OK;
    }
    throw new CommandFailure(`ERR unknown subcommand '${subcommand}'. Try SCRIPT HELP.`);
  }

  /** Compiles a script unless it is known. Returns its digest. */
  #load(script: string): string {
    const digest = createHash("sha1").update(script, "latin1").digest("hex");
    if (this.#known.has(digest)) return digest;
    this.#runner?.compile(digest, withoutShebang(script));
    this.#known.set(digest, { locksKeys: locksItsKeys(script) });
    return digest;
  }

  #run(digest: string, keys: readonly string[], args: readonly string[]): Reply {
    const known = this.#known.get(digest);
    this.#lockedKeys = known?.locksKeys ? new Set(keys) : undefined;
    return this.#database.atOneMoment(() => this.#runner?.run(digest, keys, args) ?? null);
  }

  /** Runs a command that a script calls. */
  #call(command: Command): Reply {
    return replying(() => {
      const [name = "", ...args] = command;
      const spec = this.#callable(name.toLowerCase());
      if (!fitsArity(spec, command.length)) {
        throw new CommandFailure("ERR Wrong number of args calling Redis command from script");
      }
      const refusal = this.#lockedKeys && lockRefusal(command, this.#lockedKeys);
      if (refusal) throw new CommandFailure(refusal);
      return spec.run(this.#database, args, name.toLowerCase());
    });
  }

  #callable(name: string): CommandSpec {
    const spec = COMMANDS.get(name);
    if (spec) return spec;
    if (this.commands[name]) {
      throw new CommandFailure("ERR This Redis command is not allowed from script");
    }
    throw new CommandFailure("ERR Unknown Redis command called from script");
  }
}

function noScript(): CommandFailure {
  return new CommandFailure("NOSCRIPT No matching script. Please use EVAL.");
}

function splitKeys([numberOfKeys = "", ...rest]: readonly string[]): [string[], string[]] {
  const keyCount = count(numberOfKeys);
  if (keyCount > rest.length) {
    throw new CommandFailure("ERR Number of keys can't be greater than number of args");
  }
  if (keyCount < 0) throw new CommandFailure("ERR Number of keys can't be negative");
  return [rest.slice(0, keyCount), rest.slice(keyCount)];
}

/** A script without its first line's flag; line numbers do not change. */
function withoutShebang(script: string): string {
  if (!script.startsWith("#!")) return script;
  const [line = ""] = script.split("\n", 1);
  if (line.trim() !== SHEBANG) {
    throw new CommandFailure(`ERR Unexpected flag in script shebang: ${line}`);
  }
  return script.slice(line.length);
}
