import type { RequestListener } from "node:http";
import { type InProcessFetch, type InProcessInit, inProcess } from "./in-process.ts";
import type { HttpService, Listen } from "./listen.ts";
import type { MemorySocket } from "./memory-socket.ts";
import type { FetchInput } from "./sent-request.ts";

/** A server on the network. */
interface Host {
  readonly fetch: InProcessFetch;
  readonly sockets: Set<MemorySocket>;
}

/** https://fetch.spec.whatwg.org/#http-redirect-fetch */
const MAX_REDIRECTS = 20;
const REDIRECT_STATUSES = [301, 302, 303, 307, 308];

/**
 * Servers in this process, reachable by name without sockets. Nothing else is reachable: an unknown
 * name cannot be resolved, and a port without a listener refuses the connection. `http:` and
 * `https:` are the same.
 */
export class Network {
  #hosts = new Map<string, Host>();
  #names = new Set<string>();
  #calls = 0;

  /** The number of requests so far. */
  get calls(): number {
    return this.#calls;
  }

  /** Serves a host: "discord.test", or "discord.test:8080" for a non-standard port. */
  listen(host: string, listener: RequestListener): void {
    if (this.#hosts.has(host)) throw new Error(`A server is already listening at ${host}.`);
    const sockets = new Set<MemorySocket>();
    this.#hosts.set(host, { fetch: inProcess(listener, sockets), sockets });
    this.#names.add(nameOf(host));
  }

  /** Terminates a host's connections and refuses new ones. */
  close(host: string): void {
    const sockets = this.#hosts.get(host)?.sockets ?? [];
    this.#hosts.delete(host);
    for (const socket of sockets) socket.destroy();
  }

  /** A `Listen` that serves a host name instead of a port. */
  listenAs(host: string): Listen {
    return async (listener): Promise<HttpService> => {
      this.listen(host, listener);
      return { url: `https://${host}`, stop: async () => this.close(host) };
    };
  }

  /** Like the global `fetch`, with the differences of `inProcess`. */
  readonly fetch: InProcessFetch = async (input, init) => {
    let response = await this.#call(input, init);
    const redirect = init?.redirect ?? (input instanceof Request ? input.redirect : "follow");
    if (redirect === "manual") return response;
    for (let followed = 0; REDIRECT_STATUSES.includes(response.status); followed += 1) {
      const location = response.headers.get("location");
      if (location === null) return response;
      if (redirect === "error") throw failed(new Error("unexpected redirect"));
      if (followed === MAX_REDIRECTS) throw failed(new Error("redirect count exceeded"));
      const next = new URL(location, response.url);
      response = await this.#call(next, redirected(response.status, input, init));
      Object.defineProperty(response, "redirected", { value: true });
    }
    return response;
  };

  #call(input: FetchInput, init: InProcessInit | undefined): Promise<Response> {
    this.#calls += 1;
    const url = new URL(input instanceof Request ? input.url : input);
    const host = this.#hosts.get(url.host);
    if (host) return host.fetch(input instanceof Request ? input : url, init);
    return Promise.reject(failed(this.#unreachable(url)));
  }

  #unreachable({ hostname, port }: URL): Error {
    if (this.#names.has(hostname)) {
      const message = `connect ECONNREFUSED ${hostname}:${port || 80}`;
      return Object.assign(new Error(message), { code: "ECONNREFUSED", syscall: "connect" });
    }
    const message = `getaddrinfo ENOTFOUND ${hostname}`;
    return Object.assign(new Error(message), {
      code: "ENOTFOUND",
      syscall: "getaddrinfo",
      hostname,
    });
  }
}

/** The request to send after a redirect. */
function redirected(
  status: number,
  input: FetchInput,
  init: InProcessInit | undefined,
): InProcessInit {
  const given = input instanceof Request ? input : undefined;
  const method = (init?.method ?? given?.method ?? "GET").toUpperCase();
  const headers = new Headers(init?.headers ?? given?.headers);
  const signal = init?.signal ?? given?.signal;
  const isKept = status === 303 ? /^(?:GET|HEAD)$/.test(method) : status > 303 || method !== "POST";
  if (isKept) return { ...init, method, headers, ...(signal && { signal }) };
  for (const name of ["content-type", "content-length"]) headers.delete(name);
  return { method: "GET", headers, ...(signal && { signal }) };
}

function nameOf(host: string): string {
  return new URL(`http://${host}`).hostname;
}

function failed(cause: Error): TypeError {
  return new TypeError("fetch failed", { cause });
}
