import type { KeptEvent } from '../../model/log-facts.ts'

const halfHourMs = 30 * 60_000
/** No two zones are further apart. */
const mostMs = 26 * 60 * 60_000
/** Clocks and the order of things differ by less. */
const slackMs = 60_000
/** So many things seen on both sides must agree. */
const leastVotes = 2

/** What two logs both tell, in lines of the same second: by a name that both use. */
function nameOf({ event, fields }: KeptEvent): string | undefined {
  const { session, partition, epoch } = fields
  switch (event) {
    case 'zk_session_close_submitted':
    case 'zkc_session_closed':
      return session && `closed ${session}`
    case 'zk_session_created':
    case 'zkc_session_established':
      return session && `opened ${session}`
    case 'kafka_partition_new':
    case 'kafka_partition_online':
    case 'kafka_leader_starts':
    case 'kafka_follower_starts':
      return partition && epoch !== undefined ? `leader ${partition} ${epoch}` : undefined
    case 'kraft_raft_leader':
    case 'kraft_raft_follower':
      return epoch === undefined ? undefined : `raft ${epoch}`
    default:
      return undefined
  }
}

/**
 * How much to add to each file's times so that what two of them tell falls together: whole half hours only, as zones
 * differ. The zone that most files have stays. Files that share nothing with the others stay as they are.
 */
export function shiftsOf(events: readonly KeptEvent[]): Map<string, number> {
  const times = new Map<string, Map<string, number>>()
  for (const event of events) {
    const name = nameOf(event)
    if (name === undefined) continue
    const ofFile = times.get(event.file) ?? new Map<string, number>()
    times.set(event.file, ofFile)
    if (!ofFile.has(name)) ofFile.set(name, event.at)
  }
  const files = [...times.keys()]
  const shifts = new Map<string, number>()
  for (const root of files) {
    if (shifts.has(root)) continue
    const group = new Map([[root, 0]])
    for (const [known, shift] of group) {
      for (const other of files) {
        if (group.has(other) || shifts.has(other)) continue
        const between = shiftBetween(times.get(known), times.get(other))
        if (between !== undefined) group.set(other, shift + between)
      }
    }
    const usual = mode([...group.values()])
    for (const [file, shift] of group) shifts.set(file, shift - usual)
  }
  return shifts
}

/** What to add to the second's times. */
function shiftBetween(
  first: ReadonlyMap<string, number> | undefined,
  second: ReadonlyMap<string, number> | undefined,
): number | undefined {
  if (first === undefined || second === undefined) return undefined
  const votes: number[] = []
  for (const [name, at] of second) {
    const other = first.get(name)
    if (other === undefined) continue
    const shift = Math.round((other - at) / halfHourMs) * halfHourMs
    if (Math.abs(shift) <= mostMs && Math.abs(other - at - shift) <= slackMs) votes.push(shift)
  }
  const shift = mode(votes)
  // A session's end alone is enough where it is all that there is; a shift takes more.
  const agreeing = votes.filter((vote) => vote === shift).length
  return agreeing === 0 || (shift !== 0 && (agreeing < leastVotes || agreeing * 2 <= votes.length)) ? undefined : shift
}

function mode(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  let best = 0
  let most = counts.get(0) ?? 0
  for (const [value, count] of counts) {
    if (count > most) {
      best = value
      most = count
    }
  }
  return best
}
