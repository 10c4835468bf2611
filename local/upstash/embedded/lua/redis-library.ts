import { createHash } from "node:crypto";
import type { Command } from "../../engine.ts";
import { type ErrorReply, isError, type Reply } from "../../reply.ts";
import { REDIS_VERSION } from "../commands/server.ts";
import { formatFloat } from "../numbers.ts";
import { pushReply, pushTagged } from "./convert.ts";
import { type LuaState, LuaType } from "./lua-state.ts";

const LOG_LEVELS = { LOG_DEBUG: 0, LOG_VERBOSE: 1, LOG_NOTICE: 2, LOG_WARNING: 3 };
const REPLICATION = { REPL_NONE: 0, REPL_AOF: 1, REPL_SLAVE: 2, REPL_REPLICA: 2, REPL_ALL: 3 };

const [MAJOR = 0, MINOR = 0, PATCH = 0] = REDIS_VERSION.split(".").map(Number);
const VERSION_NUMBER = MAJOR * 0x10000 + MINOR * 0x100 + PATCH;

/** Pushes the `redis` table for scripts; `execute` runs the commands that they call. */
export function pushRedisLibrary(lua: LuaState, execute: (command: Command) => Reply): void {
  lua.pushTable();
  for (const [name, value] of Object.entries({ ...LOG_LEVELS, ...REPLICATION })) {
    lua.pushNumber(value);
    lua.setField(name);
  }
  lua.pushNumber(VERSION_NUMBER);
  lua.setField("REDIS_VERSION_NUM");
  lua.pushString(REDIS_VERSION);
  lua.setField("REDIS_VERSION");

  define(lua, "call", () => {
    const reply = called(lua, execute);
    pushReply(lua, reply);
    return isError(reply) ? lua.raise() : 1;
  });
  define(lua, "pcall", () => {
    pushReply(lua, called(lua, execute));
    return 1;
  });
  define(lua, "error_reply", () => tagged(lua, "err", errorText));
  define(lua, "status_reply", () => tagged(lua, "ok", (text) => text));
  define(lua, "sha1hex", () => {
    if (lua.top !== 1) return fail(lua, "ERR wrong number of arguments");
    const text = isText(lua, 1) ? lua.string(1) : "";
    lua.pushString(createHash("sha1").update(text, "latin1").digest("hex"));
    return 1;
  });
  define(lua, "log", () => log(lua));
  define(lua, "replicate_commands", () => {
    lua.pushBoolean(true);
    return 1;
  });
  define(lua, "set_repl", () => 0);
}

function define(lua: LuaState, name: string, run: () => number): void {
  lua.pushFunction(run);
  lua.setField(name);
}

function called(lua: LuaState, execute: (command: Command) => Reply): Reply {
  const count = lua.top;
  if (count === 0) return error("ERR Please specify at least one argument for this redis lib call");
  const command: string[] = [];
  for (let index = 1; index <= count; index++) {
    const type = lua.type(index);
    if (type === LuaType.string) command.push(lua.string(index));
    else if (type === LuaType.number) command.push(formatFloat(lua.number(index)));
    else return error("ERR Lua redis lib command arguments must be strings or integers");
  }
  return execute(command);
}

function isText(lua: LuaState, index: number): boolean {
  const type = lua.type(index);
  return type === LuaType.string || type === LuaType.number;
}

function tagged(lua: LuaState, tag: "ok" | "err", text: (given: string) => string): number {
  const wellFormed = lua.top === 1 && lua.type(1) === LuaType.string;
  if (wellFormed) pushTagged(lua, tag, text(lua.string(1)));
  else pushTagged(lua, "err", "ERR wrong number or type of arguments");
  return 1;
}

/** The first word of an error is its code; one without a code gets the general one. */
function errorText(given: string): string {
  const text = given.replace(/^-/, "");
  return text.includes(" ") ? text : `ERR ${text}`;
}

function log(lua: LuaState): number {
  if (lua.top < 2) return fail(lua, "ERR redis.log() requires two arguments or more.");
  if (lua.type(1) !== LuaType.number) {
    return fail(lua, "ERR First argument must be a number (log level).");
  }
  const level = lua.number(1);
  if (level < LOG_LEVELS.LOG_DEBUG || level > LOG_LEVELS.LOG_WARNING) {
    return fail(lua, "ERR Invalid debug level.");
  }
  return 0;
}

function fail(lua: LuaState, message: string): number {
  pushReply(lua, error(message));
  return lua.raise();
}

function error(message: string): ErrorReply {
  return { error: message };
}
