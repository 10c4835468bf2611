import type { Request } from "express";

/** The simulator's origin as its caller addresses it. */
export function originOf(request: Request): string {
  return `${request.protocol}://${request.host}`;
}
