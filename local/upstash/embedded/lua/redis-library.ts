import type { Command } from "../../engine.ts";
import { isError, type Reply } from "../../reply.ts";
import { formatFloat } from "../numbers.ts";
import { pushReply } from "./convert.ts";
import { type LuaState, LuaType } from "./lua-state.ts";

/** Pushes the `redis` table for scripts; `execute` runs the commands that they call. */
export function pushRedisLibrary(lua: LuaState, execute: (command: Command) => Reply): void {
  lua.pushTable();
  lua.pushFunction(() => {
    const reply = called(lua, execute);
    pushReply(lua, reply);
    return isError(reply) ? lua.raise() : 1;
  });
  lua.setField("call");
}

function called(lua: LuaState, execute: (command: Command) => Reply): Reply {
  const command: string[] = [];
  for (let index = 1; index <= lua.top; index++) {
    const type = lua.type(index);
    if (type === LuaType.string) command.push(lua.string(index));
    else if (type === LuaType.number) command.push(formatFloat(lua.number(index)));
    else return { error: "ERR Lua redis lib command arguments must be strings or integers" };
  }
  return execute(command);
}
