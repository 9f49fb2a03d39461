import { canHoldSessions } from '../model/ensemble.ts'
import type { Instant } from '../model/instant.ts'
import { leadingServer } from '../model/leading.ts'
import { connectionMaxAgeMs, connectionOf, sessionMaxAgeMs } from '../model/sessions.ts'
import type { View } from '../model/view.ts'
import type { BrokerSession } from './broker-session.ts'
import type { BrokerVerdicts } from './brokers.ts'
import { configuredTimeout } from './session-ledger.ts'
import type { SessionHistory } from './sessions.ts'

/** What may be shown of a broker's live session now. */
export interface ShownSession {
  readonly session: string
  /** `host:port` that holds its connection; undefined where nobody knows. */
  readonly server: string | undefined
  readonly timeoutMs: number | undefined
  readonly expiry: Expiry | undefined
  /** Nobody keeps it alive: a client that lives has two thirds of its timeout left at any time. */
  readonly isRunningOut: boolean
}

export interface Expiry {
  /** Wall ms. */
  readonly at: number
  readonly basis: 'dump' | 'estimate'
}

export type ShownSessions = ReadonlyMap<number, ShownSession>

/** Broker -> its session, where one was seen not too long ago and is not missing since. */
export function shownSessions(
  history: SessionHistory,
  view: View,
  brokers: BrokerVerdicts,
  now: Instant,
): ShownSessions {
  const shown = new Map<number, ShownSession>()
  for (const [broker, known] of [...history.brokers].sort(([a], [b]) => a - b)) {
    if (known.missing !== undefined || now.mono - known.seenAt.mono > sessionMaxAgeMs) continue
    const expiry = expiryOf(broker, known, { history, view, brokers, now })
    shown.set(broker, {
      session: known.session,
      server: serverOf(known, view, now),
      timeoutMs: known.timeoutMs,
      expiry,
      isRunningOut: expiry?.basis === 'dump' && isNeglected(known),
    })
  }
  return shown
}

function serverOf({ session }: BrokerSession, { sessions, zookeeper }: View, now: Instant): string | undefined {
  const connection = sessions && connectionOf(session, sessions.value)
  if (connection === undefined || now.mono - connection.at.mono > connectionMaxAgeMs) return undefined
  const state = zookeeper?.value.servers.get(connection.server)?.state
  return canHoldSessions(state) ? connection.server : undefined
}

function isNeglected({ announced, timeoutMs }: BrokerSession): boolean {
  if (announced === undefined || timeoutMs === undefined) return false
  return announced.expiresAt + announced.errorMs - announced.at.wall < (timeoutMs * 2) / 3
}

interface Context {
  readonly history: SessionHistory
  readonly view: View
  readonly brokers: BrokerVerdicts
  readonly now: Instant
}

/**
 * Without a leader nothing expires. What an older epoch's leader announced does not hold: the new one arms every session anew.
 */
function expiryOf(broker: number, known: BrokerSession, context: Context): Expiry | undefined {
  const { history, view, brokers, now } = context
  const leader = view.zookeeper && leadingServer(view.zookeeper.value)
  if (leader === undefined) return undefined
  const { announced } = known
  if (announced !== undefined && now.mono - announced.at.mono <= sessionMaxAgeMs) {
    const isOld = leader.epoch !== undefined && announced.epoch !== undefined && announced.epoch < leader.epoch
    return isOld ? undefined : { at: announced.expiresAt, basis: 'dump' }
  }
  const timeoutMs = known.timeoutMs ?? configuredTimeout(view.configs?.value, broker)
  const answeredAt = history.answerings.get(broker)?.answeredWall
  if (brokers.get(broker)?.state !== 'down' || timeoutMs === undefined || answeredAt === undefined) return undefined
  return Number.isNaN(answeredAt) ? undefined : { at: answeredAt + timeoutMs, basis: 'estimate' }
}
