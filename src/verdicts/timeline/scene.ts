import type { KeptEvent } from '../../model/log-facts.ts'
import type { Cast } from './actors.ts'
import type { Group } from './nearby.ts'
import type { Leadership } from './leadership.ts'
import type { PhaseName, QuorumGap } from './types.ts'

/** What was told in an incident's time, with what belongs to it sorted out. */
export interface Scene {
  readonly group: Group
  readonly ids: ReadonlySet<number>
  /** The next incident that is about the same nodes begins there. */
  readonly until: number
  readonly cast: Cast
  readonly leadership: Leadership
  /** Those that began since the incident did, and before the next one. */
  readonly gaps: readonly QuorumGap[]
  /** Those that began since, and before `until`. */
  readonly leaderless: Leadership['leaderless']
  readonly events: readonly KeptEvent[]
  /** Of things that no line ties to a node: this incident is the newest that had begun then. */
  readonly isMine: (at: number) => boolean
}

/** A step with the lines that tell it, in order of time. */
export type Told = { readonly text: string; readonly events: readonly KeptEvent[] } | undefined

/** Nothing is added where nothing, or no line, tells it. */
export type Add = (name: PhaseName, told: Told) => void

export const firstBack = ({ aways }: Group): number =>
  aways.reduce((first, { absence }) => Math.min(first, absence.backAt ?? Infinity), Infinity)

export const isAt = (event: KeptEvent, file: string, line: number): boolean =>
  event.line === line && event.file === file
