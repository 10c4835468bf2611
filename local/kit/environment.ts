/** The environment of the process; the local cloud reads it only here. */
export const environment: Readonly<Record<string, string | undefined>> = { ...process.env };

/** Sets variables that Google's client libraries read themselves. */
export function exportVariables(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined) process.env[name] = value;
  }
}
