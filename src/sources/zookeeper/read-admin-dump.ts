import { failed, success, type Result } from '../../model/result.ts'
import type { ListedSession, SessionDump } from '../../model/sessions.ts'
import { narrow, type ElapsedClock, type ElapsedQuestion } from './elapsed-clock.ts'
import { parseAdminDump } from './parse-admin-sessions.ts'

export interface AdminDumpContext extends Omit<ElapsedQuestion, 'buckets'> {
  /** Kafka's root. */
  readonly chroot: string
  /** What earlier dumps of this server left. */
  readonly clock: ElapsedClock | undefined
}

export interface AdminDumpRead extends Pick<SessionDump, 'sessions' | 'errorMs'> {
  readonly clock: ElapsedClock | undefined
}

/** A leader's `/commands/dump` on this exporter's clock. `protocol` also where the server has ceased to lead. */
export function readAdminDump(text: string, context: AdminDumpContext): Result<AdminDumpRead> {
  const parsed = parseAdminDump(text, context.chroot)
  if (!parsed.ok) return parsed
  const { leads, buckets, held } = parsed.value
  if (!leads) return failed('protocol', 'dump: of a server that does not lead')
  const filled = buckets.filter(({ sessions }) => sessions.length > 0)
  if (filled.length === 0) return success({ sessions: new Map(), errorMs: 0, clock: context.clock })
  const clock = narrow(context.clock, { ...context, buckets })
  if (clock === undefined) return failed('protocol', 'dump: its expiry times fit no clock')
  const { wall, mono } = context.asked
  const shiftMs = wall - mono - (clock.least + clock.most) / 2
  const sessions = new Map<string, ListedSession>()
  for (const bucket of filled) {
    for (const session of bucket.sessions) {
      const { broker, ephemerals } = held.get(session) ?? { broker: undefined, ephemerals: 0 }
      sessions.set(session, { expiresAt: bucket.at + shiftMs, broker, ephemerals })
    }
  }
  return success({ sessions, errorMs: (clock.most - clock.least) / 2, clock })
}
