/** The result of one check. "by hand" is something a person has to do; only "wrong" makes a command fail. */
export type Standing = "ok" | "changed" | "by hand" | "wrong";

/** One line of a report: what was checked, the result, and what to do about it. */
export interface Finding {
  readonly standing: Standing;
  /** The service it concerns. */
  readonly area: string;
  readonly what: string;
  /** What to do; present on every finding that is "wrong" or "by hand". */
  readonly remedy?: string;
  /** Whether it may pass by itself: a service did not answer, or had trouble. */
  readonly mayPass?: true;
}

/** The findings about one service. */
export type AreaReport = ReturnType<Report["area"]>;

const STANDINGS: readonly Standing[] = ["ok", "changed", "by hand", "wrong"];
const AREA_WIDTH = 16;
const STANDING_WIDTH = 9;

/** Prints each finding at once, and counts them. */
export class Report {
  readonly findings: Finding[] = [];
  #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Starts the findings about one service. */
  area(area: string) {
    const add = (standing: Standing, what: string, remedy?: string) =>
      this.#add({ standing, area, what, ...(remedy && { remedy }) });
    return {
      ok: (what: string) => add("ok", what),
      changed: (what: string) => add("changed", what),
      byHand: (what: string, remedy: string) => add("by hand", what, remedy),
      wrong: (what: string, remedy: string) => add("wrong", what, remedy),
      /** Reports that a service cannot be asked at present. */
      unanswered: (what: string, remedy: string) =>
        this.#add({ standing: "wrong", area, what, remedy, mayPass: true }),
      /** Reports `ok` if the condition holds, otherwise `wrong`. Returns the condition. */
      check: (holds: boolean, good: string, bad: string, remedy: string): boolean => {
        if (holds) add("ok", good);
        else add("wrong", bad, remedy);
        return holds;
      },
    };
  }

  /** The exit code: 1 if something is wrong. */
  get exitCode(): number {
    return this.#count("wrong") > 0 ? 1 : 0;
  }

  /** How many findings of each kind there are. */
  summary(): string {
    return STANDINGS.map((standing) => `${this.#count(standing)} ${standing}`).join(", ");
  }

  #count(standing: Standing): number {
    return this.findings.filter((finding) => finding.standing === standing).length;
  }

  #add(finding: Finding): void {
    this.findings.push(finding);
    const { standing, area, what, remedy } = finding;
    const mark = standing === "wrong" ? "WRONG" : standing;
    this.#say(`${mark.padEnd(STANDING_WIDTH)}${area.padEnd(AREA_WIDTH)}${what}`);
    if (remedy) this.#say(`${" ".repeat(STANDING_WIDTH + AREA_WIDTH)}→ ${remedy}`);
  }
}
