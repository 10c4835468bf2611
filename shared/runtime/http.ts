import type { Request, Response } from "@google-cloud/functions-framework";

/**
 * A request as handlers see it: its bytes are in `rawBody`, counted and as they were sent. Nothing has
 * parsed them, so there is no `body`: a handler verifies them first.
 */
export type HttpRequest = Omit<Request, "body">;

/** A function as functions-framework calls it. */
export type HttpHandler = (request: HttpRequest, response: Response) => Promise<void>;

/**
 * A function waiting for its dependencies. Each file of `functions/<feature>/handlers/` exports one as
 * `handler`. It takes what it needs as a `Pick` of its feature's.
 */
export type FunctionHandler<D> = (deps: D) => HttpHandler;

/** The request's bytes as they came; empty when there were none. */
export function rawBody(request: HttpRequest): Buffer {
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
export function header(request: HttpRequest, name: string): string {
  return request.get(name) ?? "";
}
