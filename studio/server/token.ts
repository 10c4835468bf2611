import { timingSafeEqual } from "node:crypto";
import type { RequestHandler } from "express";

/** The header with the token of this start. */
const TOKEN_HEADER = "x-studio-token";

/** Requires the token of this start. */
export function requireToken(token: string): RequestHandler {
  const expected = Buffer.from(token);
  return (request, response, next) => {
    const given = Buffer.from(request.get(TOKEN_HEADER) ?? "");
    if (given.length === expected.length && timingSafeEqual(given, expected)) {
      next();
      return;
    }
    response.status(401).json({
      error: "This link belongs to an earlier start. Open the link that ./dev up printed.",
    });
  };
}
