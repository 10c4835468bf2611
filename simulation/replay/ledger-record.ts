import type { PayoutState, Posted } from "../models/ledger-state.ts";
import type { LobbyState } from "../models/windows.ts";
import type { Fields, StoredChange } from "./record.ts";

/** A commit's changes to the ledger and what it depends on. */
export interface LedgerCommit {
  readonly atMs: number;
  readonly lobbies: readonly LobbyState[];
  readonly payouts: readonly PayoutState[];
  readonly posted: readonly Posted[];
}

/** A time that never comes: frozen money cannot be paid out. */
const FROZEN_MS = Date.UTC(9999, 0, 1);

export function toLedgerCommit(atMs: number, changes: readonly StoredChange[]): LedgerCommit {
  const of = <State>(path: RegExp, read: (fields: Fields, id: string) => State): State[] =>
    changes.flatMap(({ path: place, after }) => {
      const [match, id = ""] = path.exec(place) ?? [];
      return match !== undefined && after ? [read(after, id)] : [];
    });
  return {
    atMs,
    lobbies: of(/^lobbies\/([^/]+)$/, toLobby),
    payouts: of(/^payouts\/([^/]+)$/, toPayout),
    posted: of(/^ledger\/([^/]+)$/, (fields, id) => toPosted(fields, id, changes)),
  };
}

function toPosted(fields: Fields, id: string, changes: readonly StoredChange[]): Posted {
  const own = changes.filter(({ path }) => path.startsWith(`ledger/${id}/postings/`));
  return {
    id,
    kind: String(fields["kind"]),
    currency: String(fields["currency"]),
    saleId: optional(fields, "sale_id"),
    postings: own.map(({ after = {} }) => ({
      account: String(after["account"]),
      lobbyId: optional(after, "lobby_id"),
      amount: Number(after["amount"]),
      isFrozen: after["available_at"] === FROZEN_MS,
    })),
  };
}

function toLobby(fields: Fields, id: string): LobbyState {
  const intervals = fields["intervals"] as readonly Fields[];
  return {
    id,
    rateBps: Number(fields["rate_bps"]),
    openedAtMs: optional(fields, "opened_at"),
    closesAtMs: optional(fields, "closes_at"),
    closedAtMs: optional(fields, "closed_at"),
    prolongedFromMs: optional(fields, "prolonged_from"),
    roster: intervals.map((interval) => ({
      racer: String(interval["racer_id"]),
      joinedAtMs: Number(interval["joined_at"]),
      leftAtMs: optional(interval, "left_at"),
    })),
  };
}

function toPayout(fields: Fields, id: string): PayoutState {
  return {
    id,
    racer: String(fields["racer_id"]),
    amount: Number(fields["amount"]),
    currency: String(fields["currency"]),
    method: String(fields["method"]),
    account: optional(fields, "account_id"),
    state: String(fields["state"]),
    transferId: optional(fields, "transfer_id"),
  };
}

function optional<Value extends string | number>(fields: Fields, name: string): Value | undefined {
  return (fields[name] ?? undefined) as Value | undefined;
}
