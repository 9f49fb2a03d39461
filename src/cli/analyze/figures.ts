import { duration } from '../../verdicts/timeline/duration.ts'
import type { Incident, LogFileOwner, PhaseName } from './report-types.ts'

/** The durations that a reader asks for first. Each is told only if both of its ends are. */
export function figuresOf({
  phases,
  from,
  until,
  isFromLastLine,
  isHearsay,
  how,
  scope,
  losses,
}: Incident): readonly { name: string; ms: number }[] {
  const at = (name: PhaseName, last = false): number | undefined => {
    const phase = phases.find((known) => known.name === name)
    return last ? phase?.until : phase?.at
  }
  const figures: { name: string; ms: number }[] = []
  if (scope === 'client') return figures
  const add = (name: string, begin: number | undefined, end: number | undefined): void => {
    // Where the count begins with that very line there is nothing to count.
    if (begin !== undefined && end !== undefined && end > begin) figures.push({ name, ms: Math.round(end - begin) })
  }
  const noticed = [at('noticed by ZooKeeper'), at('noticed by Kafka')].filter((time) => time !== undefined)
  if (isFromLastLine) {
    if (until !== undefined) figures.push({ name: 'away at most', ms: Math.round(until - from) })
    add('from its start until back in the ISR', at('started again'), at('back in ISR', true))
    return figures
  }
  // Elsewhere the first that anybody noticed is where the count begins.
  if (how === 'stop' && at('asked to stop') !== undefined)
    add('until noticed', from, noticed.length === 0 ? undefined : Math.min(...noticed))
  // A ZooKeeper server has no session: what ended in its time was somebody else's.
  if (scope !== 'zookeeper') {
    add('until the session ended', from, at('session expired') ?? at('session closed'))
    add('until it learned that its session had ended', from, at('learned of expiry'))
  }
  add('until fenced', from, at('fenced'))
  add('until a controller', from, at('controller elected'))
  add('until new leaders', from, at('leaders elected', true))
  add('without a leader', at('leaderless'), at('leaderless no more', true))
  const starts = at('started again')
  if (!isHearsay) add('away', from, until)
  add('from its start until back in the ISR', starts, at('back in ISR', true))
  if (starts === undefined && losses.length > 0) add('until back in the ISR', from, at('back in ISR', true))
  return figures
}

export const figuresText = (incident: Incident): string =>
  figuresOf(incident)
    .map(({ name, ms }) => `${name} ${duration(ms)}`)
    .join(', ')

/** `broker 1`, `ZooKeeper server 1`, `node 1 (KRaft)`; a file may be of two. */
export function ownerOf({ roles, node, myid, idFrom }: LogFileOwner): string {
  const names = roles.map((role) => {
    const id = role === 'zookeeper' ? myid : node
    const name = role === 'zookeeper' ? 'ZooKeeper server' : role === 'kraft' ? 'KRaft node' : 'broker'
    return id === undefined ? `a ${name}` : `${name} ${id}`
  })
  return `${names.join(' and ') || 'unknown'}${idFrom === 'name' ? ' (by its name)' : ''}`
}
