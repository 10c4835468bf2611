import type { handleBidiStreamingCall, ServerDuplexStream } from "@grpc/grpc-js";
import { type RpcContext, toStatus, withFaults } from "../../../kit/google/rpc.ts";
import { invalidArgument } from "../grpc-error.ts";
import type { ListenRequest, ListenTarget } from "../server/messages.ts";
import type { Views } from "../server/view.ts";
import type { Change, Database } from "../storage/database.ts";
import { type Micros, toMicros, toTimestamp } from "../storage/micros.ts";
import type { Store } from "../storage/store.ts";
import type { IndexConfiguration } from "../types.ts";
import { FollowedTarget, type ListenResponse } from "./followed-target.ts";
import { type Source, sourceOf } from "./target.ts";

type ListenCall = ServerDuplexStream<ListenRequest, ListenResponse>;

/** What `listen` needs. */
export interface ListenParts {
  readonly context: RpcContext;
  readonly store: Store;
  readonly views: Views;
  readonly indexes: IndexConfiguration;
}

/**
 * The handler of Listen. Each listener first receives all documents of its targets, then every
 * commit that affects them, each as one consistent snapshot. A listener with a resume token
 * receives only the changes since then, if they are still known.
 */
export function listen(parts: ListenParts): handleBidiStreamingCall<ListenRequest, ListenResponse> {
  return (call) => {
    const opened = withFaults(parts.context, "Listen", () => new Listener(parts, call));
    const requests: ListenRequest[] = [];
    const hold = (request: ListenRequest) => requests.push(request);
    call.on("data", hold);
    call.on("end", () => call.end());
    opened.then(
      (listener) => {
        call.off("data", hold);
        for (const request of requests) listener.receive(request);
        call.on("data", (request: ListenRequest) => listener.receive(request));
      },
      (error: unknown) => call.emit("error", toStatus(error)),
    );
  };
}

class Listener {
  #parts: ListenParts;
  #call: ListenCall;
  #database: Database | undefined;
  #targets = new Map<number, FollowedTarget>();

  constructor(parts: ListenParts, call: ListenCall) {
    this.#parts = parts;
    this.#call = call;
    const unsubscribe = parts.store.subscribe((...commit) => this.#follow(...commit));
    for (const event of ["end", "cancelled", "error", "close"]) call.on(event, unsubscribe);
    if (call.cancelled) unsubscribe();
  }

  receive({ database, addTarget, removeTarget }: ListenRequest): void {
    try {
      this.#database ??= this.#parts.views.database(database);
      if (addTarget !== undefined) this.#tryToAdd(this.#database, addTarget);
      else if (removeTarget !== undefined) this.#remove(removeTarget);
      else throw invalidArgument("A target to add or to remove must be given.");
    } catch (error) {
      this.#call.emit("error", toStatus(error));
    }
  }

  /** A refused target ends only itself, not the stream and its other targets. */
  #tryToAdd(database: Database, request: ListenTarget): void {
    const id = request.targetId || this.#nextTargetId();
    if (this.#targets.has(id)) throw invalidArgument(`Target id ${id} is in use.`);
    try {
      const source = sourceOf(request, database, this.#parts.indexes);
      this.#add(id, source, database, request);
    } catch (error) {
      const { code, details } = toStatus(error);
      this.#send(removalOf(id, { code, message: details }));
    }
  }

  #add(id: number, source: Source, database: Database, request: ListenTarget): void {
    const { store } = this.#parts;
    const since = resumedAt(request, store.runId);
    const isKnown = since !== undefined && since >= store.oldestReadTime();
    const target = new FollowedTarget(id, source, isKnown ? source.results(since) : []);
    this.#send({ targetChange: { targetChangeType: "ADD", targetIds: [id] } });
    if (since !== undefined && !isKnown) {
      this.#send({ targetChange: { targetChangeType: "RESET", targetIds: [id] } });
    }
    const atMicros = store.readTime();
    this.#send(...target.catchUp((name) => database.get(name) !== undefined, atMicros));
    this.#send({
      targetChange: { targetChangeType: "CURRENT", targetIds: [id], ...this.#markOf(atMicros) },
    });
    this.#sendSnapshot(atMicros);
    if (request.once) this.#send(removalOf(id));
    else this.#targets.set(id, target);
  }

  #remove(id: number): void {
    this.#targets.delete(id);
    this.#send(removalOf(id));
  }

  #follow(database: Database, changes: readonly Change[], atMicros: Micros): void {
    if (database !== this.#database) return;
    const exists = (name: string) => database.get(name) !== undefined;
    try {
      const messages = [...this.#targets.values()].flatMap((target) =>
        target.follow(changes, exists, atMicros),
      );
      if (messages.length === 0) return;
      this.#send(...messages);
      this.#sendSnapshot(atMicros);
    } catch (error) {
      // The commit has succeeded; an error in a listener must not affect it.
      this.#call.emit("error", toStatus(error));
    }
  }

  /** Marks everything sent so far as the state at one time. */
  #sendSnapshot(atMicros: Micros): void {
    this.#send({
      targetChange: { targetChangeType: "NO_CHANGE", targetIds: [], ...this.#markOf(atMicros) },
    });
  }

  /** A time and its resume token. */
  #markOf(atMicros: Micros): { readTime: object; resumeToken: Buffer } {
    const resumeToken = Buffer.from(`${this.#parts.store.runId} ${atMicros}`);
    return { readTime: toTimestamp(atMicros), resumeToken };
  }

  #send(...messages: readonly ListenResponse[]): void {
    for (const message of messages) this.#call.write(message);
  }

  #nextTargetId(): number {
    return Math.max(0, ...this.#targets.keys()) + 1;
  }
}

function removalOf(id: number, cause: object | null = null): ListenResponse {
  return { targetChange: { targetChangeType: "REMOVE", targetIds: [id], cause } };
}

/** The time from which a listener resumes; 0 when its token is from another run. */
function resumedAt({ resumeToken, readTime }: ListenTarget, runId: string): Micros | undefined {
  if (readTime !== undefined) return toMicros(readTime);
  if (resumeToken === undefined || resumeToken.length === 0) return undefined;
  const [run, atMicros] = resumeToken.toString().split(" ");
  return run === runId ? Number(atMicros) : 0;
}
