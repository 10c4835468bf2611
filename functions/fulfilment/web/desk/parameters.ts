import type { HttpRequest } from "../../../../shared/runtime/http.ts";

/** The parameters of a request's address. */
export function parametersOf({ url }: Pick<HttpRequest, "url">): URLSearchParams {
  const [, query = ""] = /^[^?]*\?(.*)$/s.exec(url) ?? [];
  return new URLSearchParams(query);
}
