import { flushCompileCache } from "node:module";
import { relative } from "node:path";
import { Choices } from "../../simulation/random/choices.ts";
import { drawFrom, takeEntropy } from "../../simulation/random/entropy.ts";
import { noteRun } from "../../tools/test/watch/executed.ts";
import { calledFiles } from "./noted-calls.ts";

takeEntropy();

const { console } = globalThis;
const { exit } = process;

/**
 * Jest's `testEnvironment`: a test file runs in the worker's own globals, as the product runs in Node's. What is drawn
 * at random follows from the file's path, so that no test fails by chance. At the file's end, changes to the process's
 * environment variables are undone.
 */
export default class NativeEnvironment {
  readonly global = globalThis;
  readonly #variables = { ...process.env };
  readonly #path: string;
  readonly #used = process.cpuUsage();

  constructor(_config: unknown, { testPath }: { readonly testPath: string }) {
    this.#path = testPath;
  }

  async setup(): Promise<void> {
    // Jest raises this limit, and clients create many errors.
    Error.stackTraceLimit = 10;
    // Jest's own handler reads source maps for each error whose stack is shown, and there are none.
    Reflect.deleteProperty(Error, "prepareStackTrace");
    drawFrom(new Choices(0).stream(relative(process.cwd(), this.#path)));
  }

  async teardown(): Promise<void> {
    const called = await calledFiles();
    if (called) {
      const { user, system } = process.cpuUsage(this.#used);
      noteRun(this.#path, { files: called.take(), ms: Math.ceil((user + system) / 1000) });
    }
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
