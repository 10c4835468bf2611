import { createHash } from "node:crypto";
import { isUnavailable } from "../availability.ts";
import type { Command } from "../engine.ts";
import { OK, type Reply } from "../reply.ts";
import { lockRefusal, locksItsKeys } from "../script-keys.ts";
import { type CommandSpec, type CommandTable, Options, reads, writes } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";
import type { Database } from "./database.ts";
import { fitsArity, replying } from "./execute.ts";
import { CommandFailure, failures } from "./failure.ts";
import { ScriptRunner } from "./lua/script-runner.ts";
import { count } from "./numbers.ts";

/**
 * The script flags of Redis and Upstash
 * (https://redis.io/docs/latest/develop/programmability/lua-api/#script_flags).
 */
const FLAGS = new Set([
  "no-writes",
  "allow-oom",
  "allow-stale",
  "no-cluster",
  "allow-cross-slot-keys",
  "allow-key-locking",
]);

const DIGEST_LENGTH = 40;

/** The script commands and the known scripts of one database. */
export class Scripts {
  readonly #database: Database;
  /** The flags of each known script, by digest. */
  readonly #known = new Map<string, { readonly readOnly: boolean; readonly locksKeys: boolean }>();
  #runner: ScriptRunner | undefined;
  #mayWrite = true;
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
    eval: writes(-3, (_, args) => this.#evaluate(args, true)),
    eval_ro: reads(-3, (_, args) => this.#evaluate(args, false)),
    evalsha: writes(-3, (_, args) => this.#evaluateKnown(args, true)),
    evalsha_ro: reads(-3, (_, args) => this.#evaluateKnown(args, false)),
    script: writes(-2, (_, args) => this.#manage(args)),
  };

  forget(): void {
    this.#known.clear();
  }

  stop(): void {
    this.#runner?.stop();
  }

  #evaluate([script = "", ...rest]: readonly string[], mayWrite: boolean): Reply {
    const [keys, args] = splitKeys(rest);
    return this.#run(this.#load(script), keys, args, mayWrite);
  }

  #evaluateKnown([digest = "", ...rest]: readonly string[], mayWrite: boolean): Reply {
    if (digest.length !== DIGEST_LENGTH) throw noScript();
    const [keys, args] = splitKeys(rest);
    if (!this.#known.has(digest.toLowerCase())) throw noScript();
    return this.#run(digest.toLowerCase(), keys, args, mayWrite);
  }

  #manage(args: readonly string[]): Reply {
    const [subcommand = "", ...rest] = args;
    const name = subcommand.toLowerCase();
    if (name === "load") {
      const [script] = rest;
      if (script === undefined || rest.length > 1) throw failures.wrongArity("script|load");
      return this.#load(script);
    }
    if (name === "exists") {
      if (rest.length === 0) throw failures.wrongArity("script|exists");
      return rest.map((digest) => (this.#known.has(digest.toLowerCase()) ? 1 : 0));
    }
    if (name === "flush") {
      const options = new Options(rest);
      if (!options.take("ASYNC")) options.take("SYNC");
      if (!options.done)
        throw new CommandFailure("ERR SCRIPT FLUSH only support SYNC|ASYNC option");
      this.forget();
      return OK;
    }
    throw new CommandFailure(`ERR unknown subcommand '${subcommand}'. Try SCRIPT HELP.`);
  }

  /** Compiles a script unless it is known. Returns its digest. */
  #load(script: string): string {
    const digest = createHash("sha1").update(script, "latin1").digest("hex");
    if (this.#known.has(digest)) return digest;
    const { body, readOnly } = readShebang(script);
    this.#runner?.compile(digest, body);
    this.#known.set(digest, { readOnly, locksKeys: locksItsKeys(script) });
    return digest;
  }

  #run(digest: string, keys: readonly string[], args: readonly string[], mayWrite: boolean): Reply {
    const known = this.#known.get(digest);
    this.#mayWrite = mayWrite && !known?.readOnly;
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
      if (spec.writes && !this.#mayWrite) {
        throw new CommandFailure("ERR Write commands are not allowed from read-only scripts.");
      }
      const refusal = this.#lockedKeys && lockRefusal(command, this.#lockedKeys);
      if (refusal) throw new CommandFailure(refusal);
      return spec.run(this.#database, args, name.toLowerCase());
    });
  }

  #callable(name: string): CommandSpec {
    const spec = COMMANDS.get(name);
    if (spec) return spec;
    if (this.commands[name] || isUnavailable(name)) {
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

/**
 * Removes a shebang line such as `#!lua flags=no-writes` from a script; line numbers do not change.
 */
function readShebang(script: string): { body: string; readOnly: boolean } {
  if (!script.startsWith("#!")) return { body: script, readOnly: false };
  const [line = ""] = script.split("\n", 1);
  const [engine, ...settings] = line.trim().split(/\s+/);
  if (engine !== "#!lua") {
    throw new CommandFailure(`ERR Unexpected engine in script shebang: ${engine}`);
  }
  const flags = settings.flatMap((setting) => {
    if (setting.startsWith("flags=")) return setting.slice("flags=".length).split(",");
    throw new CommandFailure(`ERR Unknown lua shebang option: ${setting}`);
  });
  const unknown = flags.find((flag) => flag !== "" && !FLAGS.has(flag));
  if (unknown) throw new CommandFailure(`ERR Unexpected flag in script shebang: ${unknown}`);
  return { body: script.slice(line.length), readOnly: flags.includes("no-writes") };
}
