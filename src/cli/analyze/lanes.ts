import type { Timeline } from './report-types.ts'

export type Look = 'up' | 'stop' | 'crash' | 'cut' | 'gap' | 'none'

export interface Bar {
  readonly from: number
  readonly until: number
  readonly look: Look
  readonly text: string
}

/** One line of the picture: a component of a node, or something that all share. */
export interface Lane {
  readonly name: string
  readonly bars: readonly Bar[]
}

const looks = { stop: 'stop', crash: 'crash', ended: 'crash', cut: 'cut', silent: 'cut', unknown: 'crash' } as const

const texts: Readonly<Record<keyof typeof looks, string>> = {
  stop: 'stopped cleanly',
  crash: 'died without a word',
  ended: 'stopped or killed',
  cut: 'cut off, ran on',
  silent: 'stopped answering',
  unknown: 'lost, no line tells how',
}

/** A lane for every node and component that a log is of or tells of, then the quorum's and the leaderless partitions'. */
export function lanesOf({
  files,
  incidents,
  quorumGaps,
  zookeeperGaps,
  leaderless,
  from = 0,
  until = 0,
}: Timeline): Lane[] {
  const names = new Map<string, { readonly order: number; readonly bars: Bar[] }>()
  const lane = (name: string, id: number | undefined, kind: number): Bar[] => {
    const known = names.get(name)
    if (known !== undefined) return known.bars
    const bars: Bar[] = []
    names.set(name, { order: (id ?? 1e9) * 10 + kind, bars })
    return bars
  }
  for (const { roles, node, myid } of files) {
    for (const role of roles) {
      const id = role === 'zookeeper' ? myid : node
      if (id !== undefined) lane(nameOf(role === 'kraft' ? 'node' : role, String(id)), id, role === 'zookeeper' ? 1 : 0)
    }
  }
  for (const { losses } of incidents) {
    for (const { actor, how, from: begun, backAt } of losses) {
      if (actor.role === 'client') continue
      const bars = lane(
        nameOf(actor.role, String(actor.id ?? actor.name)),
        actor.id,
        actor.role === 'zookeeper' ? 1 : 0,
      )
      bars.push({ from: begun, until: backAt ?? until, look: looks[how], text: texts[how] })
    }
  }
  const lanes: Lane[] = [...names]
    .sort(([, a], [, b]) => a.order - b.order)
    .map(([name, { bars }]) => ({
      name,
      bars: [{ from, until, look: 'up', text: 'no line says that it was away' }, ...bars],
    }))
  if (quorumGaps.length > 0) {
    const system = quorumGaps[0]?.system === 'kraft' ? 'KRaft quorum' : 'ZooKeeper quorum'
    const gaps = quorumGaps.map((gap): Bar => ({
      from: gap.from,
      until: gap.until ?? until,
      look: 'gap',
      text: gap.kind,
    }))
    lanes.push({ name: system, bars: [{ from, until, look: 'up', text: 'served' }, ...gaps] })
  }
  if (zookeeperGaps.length > 0) {
    const gaps = zookeeperGaps.map((gap): Bar => ({
      from: gap.from,
      until: gap.until ?? until,
      look: 'gap',
      text: `lost to ${gap.brokers.length === 1 ? 'broker' : 'brokers'} ${gap.brokers.join(', ')}`,
    }))
    lanes.push({ name: 'ZooKeeper, to brokers', bars: [{ from, until, look: 'up', text: 'served' }, ...gaps] })
  }
  if (leaderless.length > 0) {
    const gaps = leaderless.slice(0, 200).map((gap): Bar => ({
      from: gap.from,
      until: gap.until ?? until,
      look: 'gap',
      text: `${gap.partition} without a leader`,
    }))
    lanes.push({ name: 'leaderless partitions', bars: [{ from, until, look: 'none', text: 'none' }, ...gaps] })
  }
  return lanes
}

const nameOf = (role: 'broker' | 'zookeeper' | 'node', name: string): string =>
  role === 'zookeeper' ? `ZooKeeper ${name}` : role === 'node' ? `node ${name}` : `broker ${name}`
