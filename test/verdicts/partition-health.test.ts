import { describe, expect, it } from 'vitest'
import { mapRows, type Topology } from '../../src/model/topology.ts'
import type { BrokerVerdict, BrokerVerdicts } from '../../src/verdicts/brokers.ts'
import { nextMinIsr, type MinIsr } from '../../src/verdicts/min-isr.ts'
import { health, judgePartitions, type PartitionHealth } from '../../src/verdicts/partition-health.ts'
import { reachOf } from '../../src/verdicts/reach.ts'
import { configs, topology, type Said } from '../support/facts.ts'
import { Prng, seeds } from '../support/prng.ts'

const verdicts: BrokerVerdicts = new Map<number, BrokerVerdict>([
  [1, { state: 'up' }],
  [2, { state: 'down', reason: 'refused' }],
  [3, { state: 'unknown' }],
  [4, { state: 'down', reason: undefined }],
])

function judged(said: readonly Said[], minIsr = 1): PartitionHealth {
  const { partitions } = topology({ topics: { t: said } })
  return judgePartitions(partitions, reachOf(verdicts), minIsrs(partitions, minIsr), undefined, undefined, 1_000)
}

function minIsrs({ layout }: Topology['partitions'], value: number): MinIsr {
  return nextMinIsr(undefined, layout, configs(Object.fromEntries(layout.topics.map(({ name }) => [name, value]))), 0)
}

describe('judgePartitions', () => {
  it.each<[why: string, Said, number]>([
    ['its leader answers', { leader: 1, replicas: [1, 2] }, health.fine],
    ['Kafka names no leader', { leader: -1, replicas: [1, 2] }, health.leaderless],
    ['none, though all replicas are in sync and answer', { leader: -1, replicas: [1], isr: [1] }, health.leaderless],
    ['another negative id is none either', { leader: -2, replicas: [1] }, health.leaderless],
    ['its leader is down, whatever Kafka says of it', { leader: 2, replicas: [2, 1] }, health.unreachableLeader],
    ['its leader has no known address', { leader: 4, replicas: [4] }, health.unreachableLeader],
    ['its leader is not expected: nobody answers for it', { leader: 9, replicas: [1] }, health.unreachableLeader],
    ['its leader was not judged yet', { leader: 3, replicas: [3] }, health.unjudged],
    ['its leader answers but is no replica: a contradiction, not an outage', { leader: 1, replicas: [2] }, health.fine],
  ])('%s', (_, said, expected) => {
    expect([...judged([said]).state]).toEqual([expected])
  })

  it.each(seeds)('counts what its column says (seed %i)', (seed) => {
    const random = new Prng(seed)
    const partitions = Array.from({ length: random.below(50) }, () => ({ leader: random.below(6) - 1, replicas: [1] }))
    const { state, since, layout, unreachableIsr, ...counts } = judged(partitions)
    const expected = partitions.map(({ leader }) => ({ '-1': 4, 1: 0, 3: 1 })[String(leader)] ?? 3)
    expect(unreachableIsr).toBe(0)
    const count = (code: number): number => expected.filter((each) => each === code).length
    expect([...state]).toEqual(expected)
    expect([...since]).toEqual(expected.map(() => 1_000))
    expect(layout.partition).toHaveLength(partitions.length)
    expect(counts).toEqual({ unjudged: count(1), unreachableLeader: count(3), leaderless: count(4) })
  })

  it.each<[why: string, Said, minIsr: number, number]>([
    ['the ISR is as large as it must be', { leader: 1, replicas: [1, 2, 3], isr: [1, 2] }, 2, health.fine],
    ['it is smaller', { leader: 1, replicas: [1, 2, 3], isr: [1] }, 2, health.underMinIsr],
    ['what is not known is no fault', { leader: 1, replicas: [1, 2, 3], isr: [1] }, 0, health.fine],
    ['a leader that is down is worse', { leader: 2, replicas: [1, 2, 3], isr: [2] }, 2, health.unreachableLeader],
    ['no leader is the worst', { leader: -1, replicas: [1, 2, 3], isr: [] }, 2, health.leaderless],
    ['more is asked for than there is', { leader: 1, replicas: [1] }, 2, health.underMinIsr],
  ])('min.insync.replicas: %s', (_, said, minIsr, expected) => {
    expect([...judged([said], minIsr).state]).toEqual([expected])
  })

  it.each<[why: string, Said, number | undefined]>([
    ['every member of the ISR answers', { leader: 1, replicas: [1, 2], isr: [1] }, 0],
    ['one does not, and Kafka has not noticed', { leader: 1, replicas: [1, 2] }, 1],
    ['nor does one that is expected by nobody', { leader: 1, replicas: [1, 9] }, 1],
    ['its leader is down as well: that is counted elsewhere', { leader: 2, replicas: [2, 4] }, 0],
    ['leaderless: nobody waits for an ISR', { leader: -1, replicas: [1, 2], isr: [2] }, 0],
    ['one was not judged yet', { leader: 1, replicas: [1, 3] }, undefined],
    ['one is down, another not judged yet', { leader: 1, replicas: [1, 2, 3] }, undefined],
  ])('ISR: %s', (_, said, expected) => {
    expect(judged([said]).unreachableIsr).toBe(expected)
  })

  it('has an answer for a cluster without topics', () => {
    expect(judged([])).toMatchObject({ leaderless: 0, unreachableLeader: 0, unjudged: 0 })
  })
})

describe('the time since when', () => {
  const led = (leader: number): Said => ({ leader, replicas: [1, 2] })
  const next = (before: PartitionHealth, topics: Record<string, Said[]>, now: number): PartitionHealth => {
    const after = topology({ topics })
    const rows = mapRows(before.layout, after.partitions.layout)
    return judgePartitions(after.partitions, reachOf(verdicts), minIsrs(after.partitions, 1), before, rows, now)
  }

  it.each<[why: string, from: number, to: number, since: number]>([
    ['stays while the state stays', -1, -1, 1_000],
    ['stays while the unreachable leader is another one', 2, 4, 1_000],
    ['begins anew when it gets worse', 2, -1, 2_000],
    ['begins anew when it gets better', -1, 2, 2_000],
    ['begins anew when all is well', 2, 1, 2_000],
  ])('%s', (_, from, to, since) => {
    expect([...next(judged([led(from)]), { t: [led(to)] }, 2_000).since]).toEqual([since])
  })

  it('goes with its partition when topics come and go around it', () => {
    const after = next(judged([led(1), led(-1)]), { a: [led(-1)], t: [led(1), led(-1), led(-1)] }, 2_000)
    expect([...after.since]).toEqual([2_000, 1_000, 1_000, 2_000])
  })

  it('is that of the partition, not of the row, when an earlier topic is deleted', () => {
    const before = next(judged([]), { a: [led(-1)], t: [led(-1)] }, 1_500)
    const grown = next(before, { a: [led(1)], t: [led(-1)] }, 1_800)
    expect([...next(grown, { t: [led(-1)] }, 2_000).since]).toEqual([1_500])
  })

  it('begins anew for a topic that was deleted and created again', () => {
    const gone = next(judged([led(-1)]), {}, 2_000)
    expect([...next(gone, { t: [led(-1)] }, 3_000).since]).toEqual([3_000])
  })
})
