import { LuaApi } from "wasmoon-lua5.1";

/** The part of Lua's C API (https://www.lua.org/manual/5.1/manual.html#3) that is used here. */
interface LuaModule {
  readonly HEAPU8: Uint8Array;
  addFunction(callback: (state: number) => number, signature: "ii"): number;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _luaL_loadbuffer(state: number, buffer: number, bytes: number, name: number): number;
  _luaL_newstate(): number;
  _luaL_openlibs(state: number): void;
  _lua_checkstack(state: number, slots: number): number;
  _lua_close(state: number): void;
  _lua_createtable(state: number, items: number, fields: number): void;
  _lua_error(state: number): number;
  _lua_gettop(state: number): number;
  _lua_insert(state: number, index: number): void;
  _lua_pcall(state: number, args: number, results: number, handler: number): number;
  _lua_pushboolean(state: number, value: number): void;
  _lua_pushcclosure(state: number, callback: number, upvalues: number): void;
  _lua_pushlstring(state: number, pointer: number, bytes: number): void;
  _lua_pushnumber(state: number, value: number): void;
  _lua_pushvalue(state: number, index: number): void;
  _lua_rawget(state: number, index: number): void;
  _lua_rawgeti(state: number, index: number, item: number): void;
  _lua_rawset(state: number, index: number): void;
  _lua_rawseti(state: number, index: number, item: number): void;
  _lua_settop(state: number, index: number): void;
  _lua_toboolean(state: number, index: number): number;
  _lua_tolstring(state: number, index: number, length: number): number;
  _lua_tonumber(state: number, index: number): number;
  _lua_type(state: number, index: number): number;
}

/** Lua's numbers for its value types. */
export const LuaType = { nil: 0, boolean: 1, number: 3, string: 4, table: 5 } as const;

/**
 * Index of the running C function's first upvalue, which contains the number of the JavaScript
 * function.
 */
const OWN_UPVALUE = -10003;

/** The Lua module. A process needs only one: states are independent. */
class Lua {
  static #loaded: Promise<Lua> | undefined;
  readonly module: LuaModule;
  /**
   * The function that Lua calls; registering each JavaScript function with the module would compile
   * one per function.
   */
  readonly #dispatcher: number;
  readonly #functions = new Map<number, (state: number) => number>();
  #lastFunction = 0;

  constructor(module: LuaModule) {
    this.module = module;
    this.#dispatcher = module.addFunction((state) => {
      const run = this.#functions.get(module._lua_tonumber(state, OWN_UPVALUE));
      return run?.(state) ?? 0;
    }, "ii");
  }

  static load(): Promise<Lua> {
    Lua.#loaded ??= LuaApi.initialize().then(
      ({ module }) => new Lua(module as unknown as LuaModule),
    );
    return Lua.#loaded;
  }

  /** Pushes a function. Returns its number. */
  push(state: number, run: (state: number) => number): number {
    this.#lastFunction += 1;
    this.#functions.set(this.#lastFunction, run);
    this.module._lua_pushnumber(state, this.#lastFunction);
    this.module._lua_pushcclosure(state, this.#dispatcher, 1);
    return this.#lastFunction;
  }

  forget(number: number): void {
    this.#functions.delete(number);
  }
}

/**
 * A Lua 5.1 state in WebAssembly, with strings as byte strings. It offers Lua's C API with the same
 * names and stack; `raise` unwinds to the next `pcall`.
 */
export class LuaState {
  readonly #host: Lua;
  readonly #module: LuaModule;
  readonly #functions: number[] = [];
  /** Allocations that live as long as the state. */
  readonly #allocations: number[] = [];
  /** The state or coroutine from which JavaScript functions are called. */
  #state: number;
  readonly #lengthAt: number;

  private constructor(host: Lua) {
    const { module } = host;
    this.#host = host;
    this.#module = module;
    this.#state = module._luaL_newstate();
    this.#lengthAt = module._malloc(4);
    this.#allocations.push(this.#lengthAt);
    module._luaL_openlibs(this.#state);
  }

  static async create(): Promise<LuaState> {
    return new LuaState(await Lua.load());
  }

  close(): void {
    this.#module._lua_close(this.#state);
    for (const number of this.#functions) this.#host.forget(number);
    for (const pointer of this.#allocations.splice(0)) this.#module._free(pointer);
  }

  /** Pushes a JavaScript function. */
  pushFunction(run: () => number): void {
    const called = (state: number) => {
      const caller = this.#state;
      this.#state = state;
      try {
        return run();
      } finally {
        this.#state = caller;
      }
    };
    this.#functions.push(this.#host.push(this.#state, called));
  }

  pushString(bytes: string): void {
    const pointer = this.#allocate(bytes);
    this.#module._lua_pushlstring(this.#state, pointer, bytes.length);
    this.#module._free(pointer);
  }

  pushNumber(value: number): void {
    this.#module._lua_pushnumber(this.#state, value);
  }

  pushBoolean(value: boolean): void {
    this.#module._lua_pushboolean(this.#state, value ? 1 : 0);
  }

  pushTable(items = 0, fields = 0): void {
    this.#module._lua_createtable(this.#state, items, fields);
  }

  pushCopy(index: number): void {
    this.#module._lua_pushvalue(this.#state, index);
  }

  /** Stores the value on top as an item or a field of the table below it. */
  setItem(item: number): void {
    this.#module._lua_rawseti(this.#state, -2, item);
  }

  setField(name: string): void {
    this.pushString(name);
    this.#module._lua_insert(this.#state, -2);
    this.#module._lua_rawset(this.#state, -3);
  }

  /** Pushes an item or a field of the table at an index counted from the bottom. */
  pushItem(index: number, item: number): void {
    this.#module._lua_rawgeti(this.#state, index, item);
  }

  pushField(index: number, name: string): void {
    this.pushString(name);
    this.#module._lua_rawget(this.#state, index);
  }

  insert(index: number): void {
    this.#module._lua_insert(this.#state, index);
  }

  get top(): number {
    return this.#module._lua_gettop(this.#state);
  }

  set top(index: number) {
    this.#module._lua_settop(this.#state, index);
  }

  /** Reserves room for more values. Returns false when there is none. */
  hasRoom(slots: number): boolean {
    return this.#module._lua_checkstack(this.#state, slots) !== 0;
  }

  type(index: number): number {
    return this.#module._lua_type(this.#state, index);
  }

  boolean(index: number): boolean {
    return this.#module._lua_toboolean(this.#state, index) !== 0;
  }

  number(index: number): number {
    return this.#module._lua_tonumber(this.#state, index);
  }

  /** A string, or a number in Lua's format. */
  string(index: number): string {
    const pointer = this.#module._lua_tolstring(this.#state, index, this.#lengthAt);
    return this.#read(pointer);
  }

  /** Compiles a chunk and pushes it as a function. Throws its error message. */
  load(source: string, name: string): void {
    const [text, chunkName] = [this.#allocate(source), this.#allocate(`${name}\0`)];
    const status = this.#module._luaL_loadbuffer(this.#state, text, source.length, chunkName);
    this.#module._free(text);
    this.#module._free(chunkName);
    if (status !== 0) throw new Error(this.string(-1));
  }

  /** Calls the function below the arguments. Throws the error it raises. */
  protectedCall(args: number, results: number): void {
    if (this.#module._lua_pcall(this.#state, args, results, 0) !== 0) {
      throw new Error(this.string(-1));
    }
  }

  /** Raises the value on top. */
  raise(): number {
    return this.#module._lua_error(this.#state);
  }

  #allocate(bytes: string): number {
    const pointer = this.#module._malloc(bytes.length + 1);
    const { buffer } = this.#module.HEAPU8;
    Buffer.from(buffer, pointer, bytes.length).write(bytes, "latin1");
    return pointer;
  }

  #read(pointer: number): string {
    const { buffer } = this.#module.HEAPU8;
    const length = new DataView(buffer).getUint32(this.#lengthAt, true);
    return Buffer.from(buffer, pointer, length).toString("latin1");
  }
}
