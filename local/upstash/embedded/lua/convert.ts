import { isError, isStatus, type Reply } from "../../reply.ts";
import { type LuaState, LuaType } from "./lua-state.ts";

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** The number of stack slots per nesting level of a reply. */
const SLOTS_PER_LEVEL = 4;

/** Pushes a reply as scripts see it: null as false, a status as `{ok=…}`, an error as `{err=…}`. */
export function pushReply(lua: LuaState, reply: Reply): void {
  if (reply === null) lua.pushBoolean(false);
  else if (typeof reply === "string") lua.pushString(reply);
  else if (typeof reply === "number" || typeof reply === "bigint") lua.pushNumber(Number(reply));
  else if (isError(reply)) pushTagged(lua, "err", reply.error);
  else if (isStatus(reply)) pushTagged(lua, "ok", reply.status);
  else {
    lua.hasRoom(SLOTS_PER_LEVEL);
    lua.pushTable(reply.length);
    for (const [index, item] of reply.entries()) {
      pushReply(lua, item);
      lua.setItem(index + 1);
    }
  }
}

/** Pushes a table with one field, Redis's representation of a status or an error. */
function pushTagged(lua: LuaState, tag: "ok" | "err", text: string): void {
  lua.pushTable(0, 1);
  lua.pushString(text);
  lua.setField(tag);
}

/** Pops the value on top as a reply: numbers lose their fraction, arrays end at the first nil. */
export function popReply(lua: LuaState): Reply {
  const index = lua.top;
  const reply = replyAt(lua, index);
  lua.top = index - 1;
  return reply;
}

function replyAt(lua: LuaState, index: number): Reply {
  switch (lua.type(index)) {
    case LuaType.string:
      return lua.string(index);
    case LuaType.number:
      return truncated(lua.number(index));
    case LuaType.boolean:
      return lua.boolean(index) ? 1 : null;
    case LuaType.table:
      return tableReply(lua, index);
    default:
      return null;
  }
}

/** Converts like C from a double to a 64-bit integer on the machines that run Redis. */
function truncated(value: number): number | bigint {
  const whole = Math.trunc(value);
  if (Number.isSafeInteger(whole)) return whole === 0 ? 0 : whole;
  if (!Number.isFinite(whole)) return MIN_INT64;
  const big = BigInt(whole);
  return big > MAX_INT64 || big < MIN_INT64 ? MIN_INT64 : big;
}

function tableReply(lua: LuaState, index: number): Reply {
  if (!lua.hasRoom(SLOTS_PER_LEVEL)) return { error: "ERR reached lua stack limit" };
  const error = stringField(lua, index, "err");
  if (error !== undefined) return { error };
  const status = stringField(lua, index, "ok");
  if (status !== undefined) return { status };
  const items: Reply[] = [];
  for (let item = 1; ; item++) {
    lua.pushItem(index, item);
    if (lua.type(-1) === LuaType.nil) break;
    items.push(popReply(lua));
  }
  lua.top -= 1;
  return items;
}

function stringField(lua: LuaState, index: number, name: string): string | undefined {
  lua.pushField(index, name);
  const text = lua.type(-1) === LuaType.string ? lua.string(-1) : undefined;
  lua.top -= 1;
  return text?.replace(/[\r\n]+/g, " ");
}
