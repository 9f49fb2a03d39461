/** Which broker hangs on which session, and when that ends: from the leader's `dump` and every server's `cons`. */
import type { Wanted } from './compare.ts'
import type { EnsembleTruth, Held } from './coordinators/ensemble.ts'
import type { Expected, Table } from './expected.ts'
import { MAX_AGE_S, type Picture } from './picture.ts'

/** Announced to the second, on one machine's clock; 6.3 of the issue allows one second. */
const OFF_S = 1

type OfHeld = (broker: string, held: Held, told: EnsembleTruth, picture: Picture) => Wanted

function eachHeld(wanted: OfHeld): Expected {
  return (picture) => {
    const { ensemble, at, coordinated } = picture
    if (ensemble === undefined) return []
    // Without a leader nobody can say which sessions there are; what was said is gone when it is too old.
    const isOld = coordinated !== true
    const { dumpedAt, held, whitelist } = ensemble
    if (whitelist === 'all' && (dumpedAt === undefined || (isOld && (at - dumpedAt) / 1000 > MAX_AGE_S))) return []
    return [...held].map(([broker, one]) => {
      const want = wanted(String(broker), one, ensemble, picture)
      return isOld ? { ...want, optional: true } : want
    })
  }
}

/** The connection of a broker that is gone may be seen for as long as its server has not missed it. */
function serverOf(
  { session }: Held,
  broker: string,
  told: EnsembleTruth,
  picture: Picture,
): string | readonly string[] {
  const at = told.connections.get(session)
  const here = at === undefined ? '' : (told.addresses.get(at.server) ?? '')
  return picture.down.has(Number(broker)) ? ['', ...told.addresses.values()] : here
}

function expiry(picture: Picture): readonly Wanted[] {
  const { ensemble, coordinated } = picture
  // Absent while there is no leader.
  if (ensemble === undefined || coordinated === false) return []
  return [...ensemble.held].flatMap(([broker, { expiries }]): readonly Wanted[] => {
    if (ensemble.whitelist === 'default') return picture.down.has(broker) ? [estimated(broker, picture)] : []
    const times = expiries.map(({ expiresAt }) => expiresAt)
    if (times.length === 0) return []
    const value = { from: Math.min(...times) - OFF_S, to: Math.max(...times) + OFF_S }
    return [{ labels: { broker: String(broker), basis: 'dump' }, value, optional: coordinated === undefined }]
  })
}

/** The last answer and the time-out, of a broker that was alive in this drill. */
function estimated(broker: number, { window: { from, to } }: Picture): Wanted {
  return { labels: { broker: String(broker), basis: 'estimate' }, value: { from, to: to + 60 } }
}

function sessionCounts({ ensemble, zookeepers }: Picture): readonly Wanted[] {
  return [...(ensemble?.addresses ?? [])].flatMap(([id, server]): readonly Wanted[] => {
    const counts = (ensemble?.counts.get(id) ?? []).map(({ count }) => count)
    const mode = ensemble?.said.get(id)?.mode
    const serves = zookeepers.get(id) === 'up' && mode !== undefined && mode !== 'not_serving' && counts.length > 0
    if (serves) return [{ labels: { server }, value: { from: Math.min(...counts), to: Math.max(...counts) } }]
    // Who does not serve has none, or tells none.
    return ensemble?.said.has(id) === true ? [{ labels: { server }, value: 0, optional: true }] : []
  })
}

export const sessionFamilies: Table = {
  kafka_ha_broker_session: eachHeld((broker, held, told, picture) => {
    return { labels: { broker, session: held.session, server: serverOf(held, broker, told, picture) }, value: 1 }
  }),
  kafka_ha_broker_session_timeout_seconds: eachHeld((broker, { session }, { connections, whitelist }, picture) => {
    const told = connections.get(session)?.timeoutMs
    const value = told === undefined ? { from: 6, to: 60 } : told / 1000
    // Of a connection that is gone it is remembered, or not.
    return {
      labels: { broker },
      value,
      optional: told === undefined && (whitelist === 'default' || picture.down.has(Number(broker))),
    }
  }),
  kafka_ha_broker_session_expiry_timestamp_seconds: expiry,
  kafka_ha_zookeeper_sessions: sessionCounts,
}
