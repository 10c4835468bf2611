import { createRequire } from "node:module";
import { join, sep } from "node:path";
import {
  type GrpcObject,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type ServiceClientConstructor,
  type ServiceDefinition,
  status,
} from "@grpc/grpc-js";
import type { LocalClock } from "../clock.ts";
import type { FaultPlan, FaultTarget } from "../faults.ts";

const require = createRequire(import.meta.url);

/**
 * The `build/protos` folder of one of Google's packages, found from its entry point because some
 * packages export nothing else. Those of "google-gax" are the protos that all of Google's APIs
 * share.
 */
export function googleProtos(packageName: string): string {
  const entryPoint = require.resolve(packageName);
  return join(entryPoint.slice(0, entryPoint.lastIndexOf(`${sep}build${sep}`)), "build", "protos");
}

/** An error with a gRPC code; the caller's SDK sees `code`, and the message as `details`. */
export class RpcError extends Error {
  readonly code: status;

  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

/** What a gRPC emulator's calls share: the planned faults and the clock. */
export interface RpcContext {
  readonly target: FaultTarget;
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
}

/**
 * Creates a unary gRPC handler from a function that returns the response or throws an `RpcError`.
 * The faults planned for `operation` apply; a broken connection becomes UNAVAILABLE.
 */
export function unary<Request, Response>(
  context: RpcContext,
  operation: string,
  handle: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return answerUnary((request) => withFaults(context, operation, () => handle(request)));
}

/** Creates a unary gRPC handler from a function that applies its own faults, if any. */
export function answerUnary<Request, Response>(
  act: (request: Request) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    act(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(toStatus(error)),
    );
  };
}

/**
 * Creates a server-streaming gRPC handler from a function that returns all responses, like
 * `answerUnary`.
 */
export function answerStream<Request, Response>(
  act: (request: Request) => Promise<Iterable<Response>>,
): handleServerStreamingCall<Request, Response> {
  return (call) => {
    act(call.request).then(
      (responses) => {
        for (const response of responses) call.write(response);
        call.end();
      },
      (error: unknown) => call.emit("error", toStatus(error)),
    );
  };
}

/** Executes one call with its planned faults. */
export async function withFaults<Result>(
  { target, clock, faults }: RpcContext,
  operation: string,
  act: () => Result | Promise<Result>,
): Promise<Result> {
  const fault = await faults.apply(clock, target, operation);
  if (fault?.kind === "fail") throw new RpcError(fault.code, `Planned failure of ${operation}`);
  if (fault?.kind === "drop") throw brokenConnection();
  const result = await act();
  if (fault?.kind === "lose-answer") throw brokenConnection();
  return result;
}

function brokenConnection(): RpcError {
  return new RpcError(status.UNAVAILABLE, "Connection dropped");
}

/** The gRPC status for an error. */
export function toStatus(error: unknown): { code: status; details: string } {
  if (error instanceof RpcError) return { code: error.code, details: error.message };
  return { code: status.INTERNAL, details: error instanceof Error ? error.message : String(error) };
}

/** The methods of a service by its full name, such as "google.pubsub.v1.Publisher". */
export function serviceDefinition(root: GrpcObject, fullName: string): ServiceDefinition {
  let node: unknown = root;
  for (const part of fullName.split(".")) node = (node as Record<string, unknown>)[part];
  return (node as ServiceClientConstructor).service;
}

/** One page of a list, and the token of the next one, which is an offset. */
export function pageOf<Item>(
  items: readonly Item[],
  pageSize: number,
  pageToken: string,
  maxPageSize = 1000,
): { items: Item[]; nextPageToken: string } {
  const start = pageToken === "" ? 0 : Number(pageToken);
  if (!Number.isInteger(start) || start < 0 || pageSize < 0) {
    throw new RpcError(status.INVALID_ARGUMENT, "The page size or page token is not valid.");
  }
  const end = start + Math.min(pageSize || maxPageSize, maxPageSize);
  return {
    items: items.slice(start, end),
    nextPageToken: end < items.length ? String(end) : "",
  };
}
