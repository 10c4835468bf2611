import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type AnyStanding,
  standingStates,
  UNREGISTERED,
} from "../../functions/members/domain/standing.ts";
import {
  accessRefusalTexts,
  builderWords,
  hostWords,
  standingRefusal,
} from "../../functions/members/messages/access.ts";
import type { Audience } from "../../shared/discord/definitions/define-command.ts";
import type { Row } from "./matrix-rows.ts";
import { createMatrixWorld, type MatrixWorld, type Role, roles } from "./matrix-world.ts";

/** Whom an audience admits, whatever the thing is. */
const LET_THROUGH: Readonly<Record<Audience, readonly Role[]>> = {
  everyone: roles,
  owner: [],
  builder: ["builder", "other-builder"],
  "builder-or-staff": ["builder", "other-builder", "staff"],
  host: ["host", "staff"],
  staff: ["staff"],
};

/** The platform's answer to everyone whom an audience does not admit. */
const PLATFORM_REFUSALS = [
  ...Object.values(accessRefusalTexts),
  ...[builderWords, hostWords].flatMap((words) =>
    [UNREGISTERED.state, ...standingStates].flatMap((state) => {
      const standing = { state, reason: undefined, version: 0 } as AnyStanding;
      return standingRefusal(standing, words) ?? [];
    }),
  ),
];

/** A row with its audience, `owner` if it belongs to a person. */
export interface AudienceRow {
  readonly name: string;
  readonly who: Audience;
  readonly row: Row;
}

/** Tests that each row is refused to everyone but its audience. Rows that end what other rows need come last. */
export function testMatrix(rows: readonly AudienceRow[]): void {
  let world: MatrixWorld;

  beforeAll(async () => {
    world = await createMatrixWorld();
  });
  afterAll(() => world.cloud.stop());

  describe.each(rows)("$name", ({ who, row }) => {
    const allowed = row.allowed ?? LET_THROUGH[who];
    const denied = roles.filter((role) => !allowed.includes(role));
    const isRefusal = (text: string) =>
      PLATFORM_REFUSALS.some((refusal) => text.includes(refusal)) ||
      (row.refusal?.test(text) ?? false);

    test("a row declares who may use it on something that belongs to a person", () => {
      expect(row.allowed !== undefined || who !== "owner").toBe(true);
    });

    if (denied.length > 0) {
      test(`is refused to ${denied.join(", ")}, and changes nothing`, async () => {
        const before = await world.stored();
        const taken: Partial<Record<Role, string>> = {};
        for (const role of denied) {
          const { text, embeds } = await row.try(world, role);
          if (!isRefusal(text)) taken[role] = `${text} ${embeds}`;
        }
        expect(taken).toEqual({});
        expect(await world.stored()).toEqual(before);
      });
    }

    test("is not refused to anyone else", async () => {
      const refused: Partial<Record<Role, string>> = {};
      for (const role of allowed) {
        const { text } = await row.try(world, role);
        if (isRefusal(text) && !row.outcome?.test(text)) refused[role] = text;
      }
      expect(refused).toEqual({});
    });
  });
}
