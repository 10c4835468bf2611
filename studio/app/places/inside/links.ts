/** The place of a trace, or of the list. */
export function tracePlace(id?: string): string {
  return at("traces", { trace: id });
}

/** A place inside, with what its query names. */
export function at(view: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const named = Object.entries({ tab: view, ...query }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return `/inside?${named.join("&")}`;
}
