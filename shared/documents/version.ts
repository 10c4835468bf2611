/**
 * Converts something from one version to the next. Pure. Its input is unchecked.
 */
export type Upgrade = (old: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/** The upgraded fields, or why they cannot be read. */
export type Upgraded =
  | { readonly ok: true; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly why: "malformed" }
  | { readonly ok: false; readonly why: "newer"; readonly version: number };

/** The version that this code writes: each upgrade leads to the next. */
export function currentVersion(upgrades: readonly Upgrade[]): number {
  return upgrades.length + 1;
}

/**
 * Upgrades something stored or sent to the current version, from the version in its field `versionField`, or from the
 * first if it has none. The result does not contain that field.
 */
export function upgrade(
  written: unknown,
  versionField: string,
  upgrades: readonly Upgrade[],
): Upgraded {
  if (typeof written !== "object" || written === null) return { ok: false, why: "malformed" };
  const { [versionField]: named = 1, ...fields } = written as Record<string, unknown>;
  const version = Number.isSafeInteger(named) ? Number(named) : 0;
  if (version < 1) return { ok: false, why: "malformed" };
  if (version > currentVersion(upgrades)) return { ok: false, why: "newer", version };
  try {
    const steps = upgrades.slice(version - 1);
    return { ok: true, fields: steps.reduce((old, step) => step(old), fields) };
  } catch {
    return { ok: false, why: "malformed" };
  }
}
