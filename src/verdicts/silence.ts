import type { BrokerVerdicts } from './brokers.ts'

/** When a broker answered this exporter, and its newest time without an answer. `mono` ms, but for `answeredWall`. */
export interface Answering {
  /** Newest look in which it was up; -Infinity = never. */
  readonly answeredAt: number
  /** The same on the wall clock, ms. */
  readonly answeredWall: number
  /** Its last silence that has ended. */
  readonly silence: { readonly from: number; readonly to: number } | undefined
}

export type Answerings = ReadonlyMap<number, Answering>

const never: Answering = { answeredAt: -Infinity, answeredWall: Number.NaN, silence: undefined }

/** A look at liveness that began at `at`. */
export function nextAnswerings(
  before: Answerings,
  brokers: BrokerVerdicts,
  was: BrokerVerdicts,
  at: { readonly mono: number; readonly wall: number },
): Answerings {
  const next = new Map<number, Answering>()
  for (const [id, { state }] of brokers) {
    const known = before.get(id) ?? never
    const isBack = state === 'up' && was.get(id)?.state === 'down'
    if (state !== 'up') next.set(id, known)
    else {
      const silence = isBack ? { from: known.answeredAt, to: at.mono } : known.silence
      next.set(id, { answeredAt: at.mono, answeredWall: at.wall, silence })
    }
  }
  return next
}

/** For how long the broker had been silent at a moment, ms; a silence that ended less than `within` ms before it counts. */
export function silentMs(answering: Answering | undefined, isDown: boolean, mono: number, within: number): number {
  const { answeredAt, silence } = answering ?? never
  const now = isDown ? mono - answeredAt : 0
  const last = silence !== undefined && mono - silence.to <= within ? silence.to - silence.from : 0
  return Math.max(now, last)
}
