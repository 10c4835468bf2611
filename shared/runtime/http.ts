import type { Request, Response } from "@google-cloud/functions-framework";

/**
 * A request as handlers see it: `rawBody` contains the bytes as they were sent, checked for their size. There is no
 * parsed `body`: a handler verifies the bytes first.
 */
export type HttpRequest = Omit<Request, "body">;

/** A function as functions-framework calls it. */
export type HttpHandler = (request: HttpRequest, response: Response) => Promise<void>;

/**
 * Creates a function from its dependencies. Each file in `functions/<feature>/handlers/` exports one as `handler`,
 * which takes the dependencies it needs as a `Pick` of its feature's.
 */
export type FunctionHandler<D> = (deps: D) => HttpHandler;

/** The request's bytes as they were sent; empty if there are none. */
export function rawBody(request: HttpRequest): Buffer {
  return request.rawBody ?? Buffer.alloc(0);
}

/** Parses bytes as JSON; undefined if they are not JSON. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** A header's value; empty if it is missing. */
export function header(request: HttpRequest, name: string): string {
  return request.get(name) ?? "";
}
