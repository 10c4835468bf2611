import type { Request } from "express";

/** Where the stand-in is, as its caller sees it. */
export function originOf(request: Request): string {
  return `${request.protocol}://${request.host}`;
}
