import type { Request } from "express";

/** Where the simulator is, as its caller sees it. */
export function originOf(request: Request): string {
  return `${request.protocol}://${request.host}`;
}
