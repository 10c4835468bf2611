/** Intercepts an instance's calls. The instance receives what the gate returns. */
export type Gate = <Result>(operation: string, call: () => Promise<Result>) => Promise<Result>;

/** The same object, with every method called through the gate under its own name. */
export function gated<Port extends object>(port: Port, gate: Gate): Port {
  return new Proxy(port, {
    get: (target, name, receiver) => {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== "function") return method;
      return (...values: unknown[]) =>
        gate(String(name), async () => Reflect.apply(method, target, values));
    },
  });
}
