import type { KeptEvent } from '../../model/log-facts.ts'
import { actorKey, actorName, type Cast, proofOf } from './actors.ts'
import type { Group } from './groups.ts'
import { between } from './in-time.ts'
import type { IsrChange, LeaderChange, Leadership } from './leadership.ts'
import type { Sign, SignKind } from './signs.ts'
import { list } from './titles.ts'
import { type Phase, type PhaseName, phaseNames, type QuorumGap } from './types.ts'

/** Catching up may take long after the start; what comes later is another story. */
const returnMs = 120_000
/** The brokers act on the controller's word within this. */
const followMs = 5000
const mostProofs = 4
const mostNames = 4

/** What was told in an incident's time, with what belongs to it sorted out. */
export interface Scene {
  readonly group: Group
  readonly ids: ReadonlySet<number>
  /** The next incident that is about the same nodes begins there. */
  readonly until: number
  readonly cast: Cast
  readonly leadership: Leadership
  readonly gaps: readonly QuorumGap[]
  readonly events: readonly KeptEvent[]
  /** Of things that no line ties to a node: this incident is the newest that had begun then. */
  readonly isMine: (at: number) => boolean
}

type Told = { readonly text: string; readonly events: readonly KeptEvent[] } | undefined

export function phasesOf(scene: Scene): Phase[] {
  const { from } = scene.group
  const phases: Phase[] = []
  const add = (name: PhaseName, told: Told): void => {
    const first = told?.events[0]
    const last = told?.events.at(-1)
    if (told === undefined || first === undefined || last === undefined) return
    const proof = told.events.length > mostProofs ? [...told.events.slice(0, mostProofs - 1), last] : told.events
    phases.push({
      name,
      at: first.at,
      until: last.at,
      afterMs: Math.round(first.at - from),
      text: told.text,
      proof: proof.map(proofOf),
    })
  }
  addSigns(scene, add)
  addQuorum(scene, add)
  addLeaders(scene, add)
  addIsr(scene, add)
  return phases.sort((a, b) => a.at - b.at || phaseNames.indexOf(a.name) - phaseNames.indexOf(b.name))
}

const firstBack = ({ aways }: Group): number =>
  aways.reduce((first, { absence }) => Math.min(first, absence.backAt ?? Infinity), Infinity)

type Add = (name: PhaseName, told: Told) => void

function addSigns({ group, ids, cast }: Scene, add: Add): void {
  const signs = group.aways.flatMap(({ absence }) => absence.signs).sort((a, b) => a.at - b.at)
  const backAt = firstBack(group)
  const first = (kinds: readonly SignKind[], also: (sign: Sign) => boolean = () => true): Sign | undefined =>
    signs.find((sign) => kinds.includes(sign.kind) && also(sign))
  const tell = (sign: Sign | undefined, text: (name: string, by: string) => string): Told =>
    sign && { text: text(actorName(sign.actor), byWhom(sign, cast)), events: [sign.event] }
  /** Of each actor its first such line. */
  const each = (kinds: readonly SignKind[], also: (sign: Sign) => boolean, text: (names: string) => string): Told => {
    const firsts = new Map<string, Sign>()
    for (const sign of signs) {
      const key = actorKey(sign.actor)
      if (kinds.includes(sign.kind) && also(sign) && !firsts.has(key)) firsts.set(key, sign)
    }
    const found = [...firsts.values()]
    const names = found.map(({ actor }) => actorName(actor)).sort()
    return {
      text: text(`${list(names)} ${names.length > 1 ? 'were' : 'was'}`),
      events: found.map(({ event }) => event),
    }
  }
  const others: readonly SignKind[] = ['gone', 'mute', 'missed', 'leaving', 'expired', 'closed', 'fenced', 'removed']
  // Where everyone is cut off, everyone is one of the others.
  const byOthers = ({ by, at, actor }: Sign): boolean =>
    (by === undefined || by !== actor.id) && (by === undefined || !ids.has(by) || ids.size > 1) && at < backAt
  add(
    'asked to stop',
    tell(first(['signal', 'stopping']), (name) => `${name} was asked to stop`),
  )
  add(
    'noticed by ZooKeeper',
    tell(
      first(
        others,
        (sign) => sign.event.component === 'zookeeper' && sign.event.event.startsWith('zk_') && byOthers(sign),
      ),
      (name, by) => `${by} noticed that ${name} was gone`,
    ),
  )
  add(
    'noticed by Kafka',
    tell(
      first(others, (sign) => sign.event.event.startsWith('ka') && byOthers(sign)),
      (name, by) => `${by} noticed that ${name} was gone`,
    ),
  )
  const leaving = first(['leaving'])
  const isOwn = leaving?.by !== undefined && leaving.by === leaving.actor.id
  add(
    'controlled shutdown',
    tell(leaving, (name, by) =>
      isOwn
        ? `${name}, itself the controller, gave up its leaders`
        : `${by}, the controller, was asked to let ${name} go`,
    ),
  )
  // A client hears of its session's end only once it reaches ZooKeeper again: when it ended, the servers alone tell.
  const byServer = ({ event }: Sign): boolean => event.event.startsWith('zk_')
  const expired = first(['expired'], (sign) => byServer(sign) && byOthers(sign)) ?? first(['expired'], byServer)
  add(
    'session expired',
    tell(expired, (_name, by) => `${by} let ${sessionOf(expired)} expire${timeoutOf(expired)}`),
  )
  const learned = expired === undefined ? first(['expired']) : undefined
  add(
    'learned of expiry',
    tell(learned, (name) => `${name} learned that its session had expired`),
  )
  const closed = expired === undefined && learned === undefined ? first(['closed']) : undefined
  add(
    'session closed',
    tell(closed, () => `${sessionOf(closed)} was closed`),
  )
  add(
    'fenced',
    tell(first(['fenced']), (name, by) => `${by}, the controller, fenced ${name}: no heartbeat in time`),
  )
  add(
    'removed by the controller',
    tell(first(['removed']), (name, by) => `${by}, the controller, removed ${name}`),
  )
  add(
    'process ended',
    tell(first(['stopped']), (name) => `${name} had shut down`),
  )
  add(
    'started again',
    each(
      ['starting', 'started'],
      () => true,
      (names) => `${names} started again`,
    ),
  )
  const server = ({ actor }: Sign): boolean => actor.role === 'zookeeper'
  add(
    'in ZooKeeper again',
    each(['back', 'serving'], server, (names) => `${names} in the ensemble again`),
  )
  const broker = (sign: Sign): boolean => sign.actor.role === 'broker' && sign.at >= group.from
  add(
    'registered again',
    each(['registered', 'back'], broker, (names) => `${names} registered again`),
  )
  add(
    'unfenced',
    tell(
      signs.find(({ event }) => event.event === 'kraft_broker_unfenced'),
      (name, by) => `${by}, the controller, unfenced ${name}`,
    ),
  )
}

const sessionOf = (sign: Sign | undefined): string =>
  sign === undefined || sign.actor.role === 'client'
    ? `session ${sign?.actor.name ?? ''} (no log tells who held it)`
    : `the session of ${actorName(sign.actor)}`

const timeoutOf = (sign: Sign | undefined): string => {
  const ms = sign?.event.fields.durationMs
  return ms === undefined ? '' : ` (timeout ${ms} ms)`
}

function byWhom({ by, event }: Sign, cast: Cast): string {
  if (by === undefined) return `whoever wrote ${event.file}`
  if (event.event.startsWith('zk_')) return `ZooKeeper server ${by}`
  return actorName(cast.kafka(by))
}

function addQuorum({ gaps, isMine, events, group, until }: Scene, add: Add): void {
  for (const gap of gaps) {
    if (!isMine(gap.from)) continue
    const begun = events.find((event) => event.at >= gap.from && gap.proof.some((p) => isAt(event, p.file, p.line)))
    const ended = events.find((event) => event.at === gap.until && gap.proof.some((p) => isAt(event, p.file, p.line)))
    const name = gap.system === 'kraft' ? 'KRaft' : 'ZooKeeper'
    if (gap.kind === 'lost' && begun !== undefined) {
      add(`${name} quorum lost`, {
        text:
          gap.seenBy === undefined
            ? `${name} had no majority and served nobody`
            : `${name} had no majority, as member ${gap.seenBy} saw it`,
        events: [begun],
      })
    }
    if (gap.system === 'zookeeper' && ended !== undefined) {
      const who = ended.fields.self
      add('ZooKeeper leader elected', {
        text: `ZooKeeper had a leader again${who === undefined ? '' : `, as server ${who} writes`}`,
        events: [ended],
      })
    }
  }
  const elected = events.find(
    ({ event, at }) =>
      (event === 'kafka_controller_elected' || event === 'kraft_controller_active') &&
      at >= group.from &&
      at <= until &&
      isMine(at),
  )
  const id = elected?.fields.self
  const epoch = elected?.fields.epoch
  add(
    'controller elected',
    elected && {
      text: `${id === undefined ? 'another broker' : `node ${id}`} became the controller${epoch === undefined ? '' : `, epoch ${epoch}`}`,
      events: [elected],
    },
  )
}

const isAt = (event: KeptEvent, file: string, line: number): boolean => event.line === line && event.file === file

const partitionsText = (names: readonly string[]): string => {
  const unique = [...new Set(names)]
  const shown = unique.slice(0, mostNames).join(', ')
  return unique.length > mostNames
    ? `${unique.length} partitions (${shown}, ...)`
    : `${unique.length} partition${unique.length === 1 ? '' : 's'} (${shown})`
}

const brokersText = (ids: readonly number[]): string =>
  ids.length === 0 ? 'brokers' : `broker${ids.length === 1 ? '' : 's'} ${list(ids)}`

function addLeaders({ group, ids, until, leadership, events, isMine, cast }: Scene, add: Add): void {
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
  const leaderless = leadership.leaderless.filter(({ from }) => from >= group.from && from <= until && isMine(from))
  const eventAt = (file: string, line: number): KeptEvent | undefined => events.find((event) => isAt(event, file, line))
  const of = (which: 0 | 1): KeptEvent[] =>
    leaderless.flatMap(({ proof }) => eventAt(proof[which]?.file ?? '', proof[which]?.line ?? 0) ?? [])
  const names = partitionsText(leaderless.map(({ partition }) => partition))
  add('leaderless', { text: `${names}: no leader could be found`, events: of(0) })
  add('leaderless no more', { text: `${names}: a leader again`, events: of(1) })
  const first = moved[0]
  const last = moved.at(-1)
  if (first === undefined || last === undefined) return
  const fetchers = events.filter(
    (event) =>
      (event.event === 'kafka_fetcher_removed' || event.event === 'kafka_fetcher_added') &&
      event.at >= first.at - 1000 &&
      event.at <= last.at + followMs &&
      !ids.has(cast.writer(event) ?? -1),
  )
  const brokers = [...new Set(fetchers.flatMap((event) => cast.writer(event) ?? []))].sort((a, b) => a - b)
  add('fetchers moved', {
    text: `${brokersText(brokers)} fetched from other leaders, or no more`,
    events: fetchers,
  })
}

const told = (changes: readonly LeaderChange[], text: (changes: readonly LeaderChange[]) => string): Told =>
  changes.length === 0
    ? undefined
    : {
        text: `${partitionsText(changes.map(({ partition }) => partition))}: ${text(changes)}, ${brokersText([...new Set(changes.map(({ leader }) => leader))].sort((a, b) => a - b))}`,
        events: changes.map(({ event }) => event),
      }

function addIsr({ group, ids, until, leadership, isMine }: Scene, add: Add): void {
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
