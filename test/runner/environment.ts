import { flushCompileCache } from "node:module";

const { console } = globalThis;
const { exit } = process;

/**
 * Jest's `testEnvironment`: a test file runs in the worker's own globals, as the product runs in
 * Node's. What it did to the process's environment variables is undone at its end.
 */
export default class NativeEnvironment {
  readonly global = globalThis;
  readonly #variables = { ...process.env };

  async setup(): Promise<void> {
    // Jest raises it, and clients make many errors.
    Error.stackTraceLimit = 10;
    // Jest's own reads source maps, of which there are none, for each error that shows its stack.
    Reflect.deleteProperty(Error, "prepareStackTrace");
  }

  async teardown(): Promise<void> {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, this.#variables);
    // At its end Jest kills a worker, and what it has compiled would be lost.
    flushCompileCache();
    // Jest puts its own in their place for each test file.
    globalThis.console = console;
    process.exit = exit;
  }

  getVmContext(): null {
    return null;
  }
}
