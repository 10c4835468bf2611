import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";

const current = new AsyncLocalStorage<Domain>();

class Domain extends EventEmitter {
  run(work: () => void): void {
    current.run(this, work);
  }
}

// Node asks for it when a promise is rejected that nobody has taken care of.
Object.defineProperty(process, "domain", { get: () => current.getStore() });

/**
 * Of Node's module `domain` what functions-framework needs: rejections that nobody takes care of
 * become the domain's errors.
 */
export function create(): Domain {
  return new Domain();
}
