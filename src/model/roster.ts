import type { Address } from './address.ts'

/** A broker that should be there: it was registered, or a replica list names it. */
export interface KnownBroker {
  /** Last advertised; undefined if it was never seen registered, or its address now belongs to another broker. */
  readonly address: Address | undefined
  /** `mono` ms of the last time the metadata named it, as registered or as a replica. */
  readonly namedAt: number
}

/** Every broker that is expected, by id. */
export type Roster = ReadonlyMap<number, KnownBroker>
