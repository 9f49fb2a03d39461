/**
 * What the metadata does not tell and the drill asks for by itself: configs (of topics: a broker fetches them from
 * ZooKeeper) and reassignments (the controller knows them).
 */
import type { Configs } from './raw-metadata.ts'

export interface TopicConfig {
  readonly minIsr: number
  readonly unclean: boolean
}

export interface Reassignment {
  readonly adding: readonly number[]
  readonly removing: readonly number[]
}

/** The newest answers; of what could not be asked the ones before. */
export interface Asked {
  readonly topics: ReadonlyMap<string, TopicConfig>
  readonly brokers: ReadonlyMap<number, Configs>
  readonly reassignments: ReadonlyMap<string, Reassignment>
}

export const NOTHING_ASKED: Asked = { topics: new Map(), brokers: new Map(), reassignments: new Map() }
