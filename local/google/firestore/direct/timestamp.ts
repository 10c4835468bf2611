import type { Timestamp } from "../../../../shared/ports/database.ts";
import type { Timestamp as StoredTimestamp } from "../types.ts";
import { assertInteger } from "./arguments.ts";

const NANOS_PER_MILLI = 1e6;

/** From the year 1 to the year 9999: https://protobuf.dev/reference/protobuf/google.protobuf/#timestamp */
const SECONDS = { least: -62_135_596_800, most: 253_402_300_799 };
const NANOS = { least: 0, most: 999_999_999 };

/**
 * A stored time. Below a millisecond, conversion to a `Date` rounds and conversion to milliseconds
 * truncates.
 */
export class DirectTimestamp implements Timestamp {
  readonly seconds: number;
  readonly nanoseconds: number;

  constructor(seconds: number, nanoseconds: number) {
    assertInteger("seconds", seconds, SECONDS);
    assertInteger("nanoseconds", nanoseconds, NANOS);
    this.seconds = seconds;
    this.nanoseconds = nanoseconds;
  }

  static fromDate(date: Date): DirectTimestamp {
    const ms = date.getTime();
    const seconds = Math.floor(ms / 1000);
    return new DirectTimestamp(seconds, Math.floor((ms - seconds * 1000) * NANOS_PER_MILLI));
  }

  static fromStored({ seconds, nanos }: StoredTimestamp): DirectTimestamp {
    return new DirectTimestamp(Number(seconds), nanos);
  }

  toStored(): StoredTimestamp {
    return { seconds: String(this.seconds), nanos: this.nanoseconds };
  }

  toDate(): Date {
    return new Date(this.seconds * 1000 + Math.round(this.nanoseconds / NANOS_PER_MILLI));
  }

  toMillis(): number {
    return this.seconds * 1000 + Math.floor(this.nanoseconds / NANOS_PER_MILLI);
  }

  isEqual(other: Timestamp): boolean {
    return (
      other instanceof DirectTimestamp &&
      this.seconds === other.seconds &&
      this.nanoseconds === other.nanoseconds
    );
  }
}
