import { globSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const WHOLE = ["functions", "shared", "local", "simulation", "test", "tools", "web", "terraform"];
const ALONE = ["package.json", "package-lock.json", "jest.config.js", "tsconfig.json", "README.md"];
const FIRESTORE = ["firestore.indexes.json", "firestore.rules", "firebase.json"];

/**
 * A copy of the project, made of hard links, in which files can be changed. The project itself never contains a
 * changed file, whatever happens to this process.
 */
export class Scratch {
  readonly folder: string;
  readonly #project: string;

  constructor(project: string, name: string) {
    this.#project = project;
    this.folder = join(project, ".local/mutate", name);
    this.remove();
    const patterns = [...WHOLE.map((folder) => `${folder}/**/*`), "docs/**/*", "dev"];
    const found = globSync([...patterns, ...ALONE, ...FIRESTORE], {
      cwd: project,
      withFileTypes: true,
    });
    for (const entry of found) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      const copy = join(this.folder, file.slice(project.length + 1));
      mkdirSync(dirname(copy), { recursive: true });
      linkSync(file, copy);
    }
    symlinkSync(join(project, "node_modules"), join(this.folder, "node_modules"));
  }

  /** Changes a file here. It replaces the hard link, so the project's file stays as it is. */
  change(file: string, content: string): void {
    const path = join(this.folder, file);
    rmSync(path);
    writeFileSync(path, content);
  }

  restore(file: string): void {
    const path = join(this.folder, file);
    rmSync(path);
    linkSync(join(this.#project, file), path);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
