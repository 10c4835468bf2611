import { flushCompileCache } from "node:module";

const { console } = globalThis;
const { exit } = process;

/**
 * Jest's `testEnvironment`: a test file runs in the worker's own globals, as the product runs in Node's. At the
 * file's end, changes to the process's environment variables are undone.
 */
export default class NativeEnvironment {
  readonly global = globalThis;
  readonly #variables = { ...process.env };

  async setup(): Promise<void> {
    // Jest raises this limit, and clients create many errors.
    Error.stackTraceLimit = 10;
    // Jest's own handler reads source maps for each error whose stack is shown, and there are none.
    Reflect.deleteProperty(Error, "prepareStackTrace");
  }

  async teardown(): Promise<void> {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, this.#variables);
    // Jest kills workers at their end, so the compile cache has to be flushed before.
    flushCompileCache();
    // Jest replaces these with its own for each test file.
    globalThis.console = console;
    process.exit = exit;
  }

  getVmContext(): null {
    return null;
  }
}
