import type { LuaState } from "./lua-state.ts";

type Operation = (first: number, second: number) => number;

/**
 * Lua's `bit` library: signed 32-bit integers, as in LuaJIT and Redis
 * (https://bitop.luajit.org/api.html).
 */
const FOLDS: Readonly<Record<string, Operation>> = {
  band: (left, right) => left & right,
  bor: (left, right) => left | right,
  bxor: (left, right) => left ^ right,
};

const SHIFTS: Readonly<Record<string, Operation>> = {
  lshift: (value, by) => value << by,
  rshift: (value, by) => (value >>> by) | 0,
  arshift: (value, by) => value >> by,
  rol: (value, by) => (value << by) | (value >>> (32 - by)),
  ror: (value, by) => (value >>> by) | (value << (32 - by)),
};

const UNARY: Readonly<Record<string, (value: number) => number>> = {
  tobit: (value) => value,
  bnot: (value) => ~value,
  bswap: (value) =>
    (value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24),
};

/** Pushes the library as a table. */
export function pushBitLibrary(lua: LuaState): void {
  lua.pushTable();
  for (const [name, operation] of Object.entries(UNARY)) {
    define(lua, name, () => operation(bits(lua, 1)));
  }
  for (const [name, operation] of Object.entries(SHIFTS)) {
    define(lua, name, () => operation(bits(lua, 1), bits(lua, 2) & 31));
  }
  for (const [name, operation] of Object.entries(FOLDS)) {
    define(lua, name, () => {
      let result = bits(lua, 1);
      for (let index = 2; index <= lua.top; index++) result = operation(result, bits(lua, index));
      return result;
    });
  }
  lua.pushFunction(() => {
    const value = bits(lua, 1);
    const digits = lua.top > 1 ? bits(lua, 2) : 8;
    const hex = (value >>> 0)
      .toString(16)
      .padStart(8, "0")
      .slice(-Math.min(8, Math.abs(digits)));
    lua.pushString(digits < 0 ? hex.toUpperCase() : hex);
    return 1;
  });
  lua.setField("tohex");
}

function define(lua: LuaState, name: string, result: () => number): void {
  lua.pushFunction(() => {
    lua.pushNumber(result() | 0);
    return 1;
  });
  lua.setField(name);
}

/**
 * An argument rounded to the nearest integer, ties to even, and truncated to its lowest 32 bits.
 */
function bits(lua: LuaState, index: number): number {
  const value = lua.checkNumber(index);
  const floor = Math.floor(value);
  const rest = value - floor;
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
  return (up ? floor + 1 : floor) | 0;
}
