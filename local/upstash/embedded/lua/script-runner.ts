import { readFileSync } from "node:fs";
import type { Command } from "../../engine.ts";
import type { Reply } from "../../reply.ts";
import { CommandFailure } from "../failure.ts";
import { popReply } from "./convert.ts";
import { LuaState, LuaType } from "./lua-state.ts";
import { pushRedisLibrary } from "./redis-library.ts";

/** Indexes of the values that stay on the stack, counted from the bottom. */
const SCRIPTS = 1;
const COMPILE = 2;
const RUN = 3;

/** Runs Redis's Lua scripts, each compiled once, in an environment that scripts cannot change. */
export class ScriptRunner {
  readonly #lua: LuaState;
  readonly #execute: (command: Command) => Reply;
  #running = "";

  private constructor(lua: LuaState, execute: (command: Command) => Reply) {
    this.#lua = lua;
    this.#execute = execute;
  }

  /** `execute` runs the commands that scripts call. */
  static async create(execute: (command: Command) => Reply): Promise<ScriptRunner> {
    const runner = new ScriptRunner(await LuaState.create(), execute);
    runner.#prepare();
    return runner;
  }

  stop(): void {
    this.#lua.close();
  }

  /** Compiles a script under its digest. Throws Redis's error for invalid Lua. */
  compile(digest: string, body: string): void {
    const lua = this.#lua;
    lua.pushCopy(COMPILE);
    lua.pushString(body);
    lua.protectedCall(1, 2);
    if (lua.type(-2) === LuaType.nil) {
      const failure = lua.string(-1);
      lua.top = RUN;
      throw new CommandFailure(`ERR Error compiling script (new function): ${failure}`);
    }
    lua.top -= 1;
    lua.pushCopy(SCRIPTS);
    lua.insert(-2);
    lua.setField(digest);
    lua.top = RUN;
  }

  /** Runs a compiled script. Throws the error that ended it. */
  run(digest: string, keys: readonly string[], args: readonly string[]): Reply {
    const lua = this.#lua;
    this.#running = digest;
    lua.pushCopy(RUN);
    lua.pushField(SCRIPTS, digest);
    this.#pushList(keys);
    this.#pushList(args);
    lua.protectedCall(3, 2);
    const reply = popReply(lua);
    const succeeded = lua.boolean(-1);
    lua.top = RUN;
    if (!succeeded) throw new CommandFailure(String(reply));
    return reply;
  }

  #prepare(): void {
    const lua = this.#lua;
    lua.pushTable();
    this.#load("sandbox.lua");
    lua.pushTable();
    pushRedisLibrary(lua, this.#execute);
    lua.setField("redis");
    lua.pushFunction(() => {
      lua.pushString(` script: ${this.#running}, on @user_script:${lua.number(1)}.`);
      return 1;
    });
    lua.setField("place");
    lua.protectedCall(1, 2);
  }

  #pushList(items: readonly string[]): void {
    this.#lua.pushTable(items.length);
    for (const [index, item] of items.entries()) {
      this.#lua.pushString(item);
      this.#lua.setItem(index + 1);
    }
  }

  #load(file: string): void {
    const source = readFileSync(new URL(file, import.meta.url), "latin1");
    this.#lua.load(source, `@${file}`);
  }
}
