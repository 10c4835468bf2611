import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";

const current = new AsyncLocalStorage<Domain>();

class Domain extends EventEmitter {
  run(work: () => void): void {
    current.run(this, work);
  }
}

// Node reads it when a promise rejection is unhandled.
Object.defineProperty(process, "domain", { get: () => current.getStore() });

/**
 * The part of Node's module `domain` that functions-framework needs: unhandled rejections become
 * the domain's errors.
 */
export function create(): Domain {
  return new Domain();
}
