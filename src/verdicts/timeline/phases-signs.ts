import { actorKey, actorName, type Cast } from './actors.ts'
import { type Add, firstBack, type Scene, type Told } from './scene.ts'
import type { Sign, SignKind } from './signs.ts'
import { list } from './titles.ts'

/** What the lines tell of those that were lost: asked, noticed, given up, started, back. */
export function addSigns({ group, ids, cast }: Scene, add: Add): void {
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
  // Who is in an ISR again was registered before.
  const broker = (sign: Sign): boolean =>
    sign.actor.role === 'broker' && sign.at >= group.from && sign.event.event !== 'kafka_isr_expand'
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
