import { failed, success, type Result } from '../../model/result.ts'
import type { ListedSession, SessionDump } from '../../model/sessions.ts'
import { parseDump } from './parse-dump.ts'
import { settleClock, type ClockQuestion } from './server-clock.ts'

export interface DumpContext extends Omit<ClockQuestion, 'buckets'> {
  /** Kafka's root. */
  readonly chroot: string
}

/** A leader's `dump` on this exporter's clock. `protocol` also where the server has ceased to lead. */
export function readDump(text: string, context: DumpContext): Result<Pick<SessionDump, 'sessions' | 'errorMs'>> {
  const parsed = parseDump(text, context.chroot)
  if (!parsed.ok) return parsed
  const { leads, buckets, held } = parsed.value
  if (!leads) return failed('protocol', 'dump: of a server that does not lead')
  const clock = settleClock({ ...context, buckets })
  if (clock === undefined) return failed('protocol', 'dump: its expiry times fit no clock')
  const sessions = new Map<string, ListedSession>()
  for (const bucket of buckets) {
    for (const session of bucket.sessions) {
      const { broker, ephemerals } = held.get(session) ?? { broker: undefined, ephemerals: 0 }
      sessions.set(session, { expiresAt: bucket.printed + clock.shiftMs, broker, ephemerals })
    }
  }
  return success({ sessions, errorMs: clock.errorMs })
}
