import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import "./module-hooks.ts";
import { useGlobals } from "./globals.ts";
import { calledFiles } from "./noted-calls.ts";

const require = createRequire(import.meta.url);

/** Where Jest's test framework stores its event listeners. */
const EVENT_HANDLERS = Symbol.for("EVENT_HANDLERS");

/** What jest-worker sends to a worker that has no more work. */
const END = 2;

const { exit } = process;
// A connection that is kept for reuse would keep a worker from ending, until Jest kills it and warns of that.
process.on("message", (message) => {
  if (Array.isArray(message) && message[0] === END) exit();
});

const timesLoaded = new Map<string, number>();

/**
 * Jest's `runtime`, which loads test files. Jest's own would load every module again for every test file; this one
 * uses Node's module system, so a worker loads each module once.
 */
export default class NativeRuntime {
  unstable_shouldLoadAsEsm(): boolean {
    return true;
  }

  /** Loads a test file or a setup file, also one that was loaded before. */
  async unstable_importModule(path: string): Promise<unknown> {
    const times = timesLoaded.get(path) ?? 0;
    timesLoaded.set(path, times + 1);
    const { href } = pathToFileURL(path);
    const called = await calledFiles();
    const loaded = await import(times > 0 ? `${href}?${times}` : href);
    // What ran meanwhile is what modules do when they are loaded, which happens once in a worker.
    called?.take();
    return loaded;
  }

  requireModule(path: string): unknown {
    return require(path);
  }

  /** Loads a new instance of the test framework for each test file, whose tests it holds. */
  requireInternalModule(path: string): unknown {
    Reflect.deleteProperty(globalThis, EVENT_HANDLERS);
    Reflect.deleteProperty(require.cache, path);
    return require(path);
  }

  setGlobalsForRuntime(globals: Parameters<typeof useGlobals>[0]): void {
    useGlobals(globals);
  }

  enterTestCode(): void {}

  leaveTestCode(): void {}

  getSourceMaps(): ReadonlyMap<string, string> {
    return new Map();
  }

  getAllCoverageInfoCopy(): undefined {
    return undefined;
  }

  teardown(): void {}
}
