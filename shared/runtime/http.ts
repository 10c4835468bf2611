import type { Request, Response } from "@google-cloud/functions-framework";
import type { Deps } from "./deps.ts";

/** A function as functions-framework calls it. */
export type HttpHandler = (request: Request, response: Response) => Promise<void>;

/**
 * A function waiting for its dependencies. Every folder of `functions/` exports one as `handler`.
 * It takes what it needs as a `Pick` of them.
 */
export type FunctionHandler<D extends Partial<Deps> = Deps> = (deps: D) => HttpHandler;

/** The request's bytes as they came; empty when there were none. */
export function rawBody(request: Request): Buffer {
  return request.rawBody ?? Buffer.alloc(0);
}

/** The bytes as JSON, or undefined when they are not. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** A header that may be there once. */
export function header(request: Request, name: string): string {
  return request.get(name) ?? "";
}
