import { between } from './in-time.ts'
import type { IsrChange, LeaderChange } from './leadership.ts'
import { type Add, firstBack, type Scene, type Told } from './scene.ts'
import { list } from './titles.ts'

/** Catching up may take long after the start; what comes later is another story. */
const returnMs = 120_000
/** The brokers act on the controller's word within this. */
const followMs = 5000
const mostNames = 4

const fetchers: ReadonlySet<string> = new Set(['kafka_fetcher_removed', 'kafka_fetcher_added'])
export const fetchersTell: readonly string[] = [...fetchers]

const partitionsText = (names: readonly string[]): string => {
  const unique = [...new Set(names)]
  const shown = unique.slice(0, mostNames).join(', ')
  return unique.length > mostNames
    ? `${unique.length} partitions (${shown}, ...)`
    : `${unique.length} partition${unique.length === 1 ? '' : 's'} (${shown})`
}

const brokersText = (ids: readonly number[]): string =>
  ids.length === 0 ? 'brokers' : `broker${ids.length === 1 ? '' : 's'} ${list(ids)}`

/** The partitions' leaders: lost, elected, back; and what the others fetched. */
export function addLeaders(scene: Scene, add: Add): void {
  const { group, ids, until, leadership, events, isMine, cast } = scene
  const backAt = group.until ?? Infinity
  const moved = between(leadership.leaders, group.from, until).filter(
    ({ at, before, leader }) =>
      at >= group.from &&
      at <= Math.min(until, backAt + followMs) &&
      (before === undefined ? !ids.has(leader) && isMine(at) && at < backAt : ids.has(before) && !ids.has(leader)),
  )
  add(
    'leaders elected',
    told(moved, ({ length }) => (length === 1 ? 'it got another leader' : 'they got other leaders')),
  )
  const leaderless = scene.leaderless.filter(({ from }) => isMine(from))
  const seen = events.at(-1)?.at ?? -Infinity
  const names = partitionsText(leaderless.map(({ partition }) => partition))
  add('leaderless', { text: `${names}: no leader could be found`, events: leaderless.map(({ begun }) => begun) })
  add('leaderless no more', {
    text: `${names}: a leader again`,
    events: leaderless.flatMap(({ ended }) => (ended !== undefined && ended.at <= seen ? ended : [])),
  })
  const first = moved[0]
  const last = moved.at(-1)
  if (first === undefined || last === undefined) return
  const moves = events.filter(
    (event) =>
      fetchers.has(event.event) &&
      event.at >= first.at - 1000 &&
      event.at <= last.at + followMs &&
      !ids.has(cast.writer(event) ?? -1),
  )
  const brokers = [...new Set(moves.flatMap((event) => cast.writer(event) ?? []))].sort((a, b) => a - b)
  add('fetchers moved', {
    text: `${brokersText(brokers)} fetched from other leaders, or no more`,
    events: moves,
  })
}

const told = (changes: readonly LeaderChange[], text: (changes: readonly LeaderChange[]) => string): Told =>
  changes.length === 0
    ? undefined
    : {
        text: `${partitionsText(changes.map(({ partition }) => partition))}: ${text(changes)}, ${brokersText([...new Set(changes.map(({ leader }) => leader))].sort((a, b) => a - b))}`,
        events: changes.map(({ event }) => event),
      }

/** Who left the ISRs and came back into them. */
export function addIsr({ group, ids, until, leadership, isMine }: Scene, add: Add): void {
  const backAt = firstBack(group)
  const has = (changed: readonly number[]): boolean => changed.some((id) => ids.has(id))
  const within = ({ at }: IsrChange, from: number, to: number): boolean => at >= from && at <= Math.min(to, until)
  const isrs = between(leadership.isrs, group.from, until)
  const left = isrs.filter((change) => has(change.left) && within(change, group.from, backAt + followMs))
  add('ISR shrunk', {
    text: `${partitionsText(left.map(({ partition }) => partition))}: left the ISR`,
    events: left.map(({ event }) => event),
  })
  const joined = isrs.filter(
    (change) =>
      has(change.joined) && within(change, backAt - followMs, backAt + returnMs) && (ids.size > 0 || isMine(change.at)),
  )
  add('back in ISR', {
    text: `${partitionsText(joined.map(({ partition }) => partition))}: back in the ISR`,
    events: joined.map(({ event }) => event),
  })
}
