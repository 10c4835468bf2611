/** Makes a call of an instance; what it gives, the instance gets. */
export type Gate = <Result>(operation: string, call: () => Promise<Result>) => Promise<Result>;

/** Lets every call through. */
export const pass: Gate = (_operation, call) => call();

/** The same object, whose every method passes the gate under its own name. */
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
