import { randomBytes } from "node:crypto";
import express, { type Request, type Response, type Router } from "express";
import * as z from "zod/mini";
import type { LocalClock } from "../../kit/clock.ts";
import type { FaultPlan } from "../../kit/faults.ts";
import type { World } from "../world.ts";
import { expand } from "./expand.ts";
import type { IdempotencyKeys, StoredAnswer } from "./idempotency.ts";
import { readParameters } from "./parameters.ts";
import { plannedFailure } from "./planned-failure.ts";
import { StripeError } from "./stripe-error.ts";

/** One API call, as its handler receives it. */
export interface Call<Parameters> {
  readonly parameters: Parameters;
  /** The id in the path; empty if the path has none. */
  readonly id: string;
  /** The path without the query. */
  readonly path: string;
  /** The connected account on whose behalf the call is made. */
  readonly account: string | undefined;
}

/** What `Calls` needs. */
export interface CallContext {
  readonly world: World;
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  readonly keys: IdempotencyKeys;
}

interface Endpoint<Schema extends z.ZodMiniType> {
  readonly schema: Schema;
  readonly handle: (call: Call<z.infer<Schema>>) => object;
  /** Whether it can be called on behalf of a connected account. */
  readonly forAccounts?: boolean;
}

/**
 * The status of a call that fails during execution. Stripe stores such an answer under the
 * idempotency key like any other.
 */
const FAILED_ON_THE_WAY = 500;

const expandList = z._default(z.array(z.string()), []);

/**
 * The API's calls. Planned faults apply by method and path; a POST with an idempotency key is
 * executed once. Each call runs within one turn of the event loop.
 */
export class Calls {
  readonly router: Router = express.Router();
  #context: CallContext;

  constructor(context: CallContext) {
    this.#context = context;
  }

  get<Schema extends z.ZodMiniType>(path: string, endpoint: Endpoint<Schema>): void {
    this.router.get(path, (request, response) => this.#serve(request, response, endpoint));
  }

  post<Schema extends z.ZodMiniType>(path: string, endpoint: Endpoint<Schema>): void {
    this.router.post(path, (request, response) => this.#serve(request, response, endpoint));
  }

  delete<Schema extends z.ZodMiniType>(path: string, endpoint: Endpoint<Schema>): void {
    this.router.delete(path, (request, response) => this.#serve(request, response, endpoint));
  }

  async #serve<Schema extends z.ZodMiniType>(
    request: Request,
    response: Response,
    endpoint: Endpoint<Schema>,
  ): Promise<void> {
    const { clock, faults } = this.#context;
    const path = pathOf(request);
    const struck = faults.next("stripe", `${request.method} ${path}`);
    const delayMs = struck?.kind === "delay" ? struck.ms : 0;
    const fault = struck?.kind === "delay" ? struck.next : struck;
    if (fault?.kind === "drop") {
      request.socket.destroy();
      return;
    }
    if (fault?.kind === "fail" && fault.retryAfterMs !== undefined) {
      response.set("retry-after", String(Math.ceil(fault.retryAfterMs / 1000)));
    }
    if (fault?.kind === "fail" && fault.code !== FAILED_ON_THE_WAY) {
      throw plannedFailure(fault.code);
    }
    const answer = await this.#once(request, response, async () => {
      if (delayMs > 0) await clock.sleep(delayMs);
      if (fault?.kind === "fail") throw plannedFailure(fault.code);
      return this.#execute(request, response, endpoint);
    });
    if (fault?.kind === "lose-answer") request.socket.destroy();
    else response.status(answer.status).json(answer.body);
  }

  /** Executes a POST with a key once; a repetition receives the stored answer. */
  async #once(
    request: Request,
    response: Response,
    act: () => Promise<object>,
  ): Promise<StoredAnswer> {
    const { keys } = this.#context;
    const key = request.method === "POST" ? request.get("idempotency-key") : undefined;
    if (key === undefined) return { status: 200, body: await act() };
    const account = request.get("stripe-account");
    const call = { path: pathOf(request), account, parameters: parametersOf(request) };
    response.set("idempotency-key", key);
    const stored = keys.begin(key, call);
    if (stored) {
      response.set("idempotent-replayed", "true");
      return stored;
    }
    const answer = await act().then(
      (body) => ({ status: 200, body }),
      (error: unknown) => {
        if (error instanceof StripeError && !error.details.beforeExecution) {
          return { status: error.status, body: error.toJson() };
        }
        keys.release(key);
        throw error;
      },
    );
    keys.finish(key, answer);
    return answer;
  }

  #execute<Schema extends z.ZodMiniType>(
    request: Request,
    response: Response,
    { schema, handle, forAccounts = false }: Endpoint<Schema>,
  ): object {
    const { world } = this.#context;
    const { expand: paths, ...given } = parametersOf(request);
    const expanded = readParameters(expandList, paths);
    const parameters = readParameters(schema, given);
    const account = request.get("stripe-account");
    if (account !== undefined) world.account(account);
    if (account !== undefined && !forAccounts) {
      throw new StripeError(
        "The simulator supports only balance and events for a connected account.",
        {
          beforeExecution: true,
        },
      );
    }
    const cause = {
      id: String(response.get("request-id")),
      idempotency_key: request.get("idempotency-key") ?? null,
    };
    const id = String(request.params["id"] ?? "");
    const call = { parameters, id, path: pathOf(request), account };
    const answer = world.causedBy(cause, () => handle(call));
    return expand(world, answer, expanded);
  }
}

/** A unique id for one call, for the `request-id` header. */
export function newRequestId(): string {
  return `req_${randomBytes(7).toString("hex")}`;
}

function pathOf(request: Request): string {
  return request.originalUrl.split("?", 1)[0] ?? "";
}

function parametersOf(request: Request): Record<string, unknown> {
  return (request.method === "POST" ? request.body : request.query) ?? {};
}
