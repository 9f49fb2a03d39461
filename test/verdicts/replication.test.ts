import { describe, expect, it } from 'vitest'
import { nextMinIsr } from '../../src/verdicts/min-isr.ts'
import { nothingAdded, type Adding } from '../../src/verdicts/reassigning.ts'
import { isPreferred, isUnderReplicated, judgeReplication } from '../../src/verdicts/replication.ts'
import { configs, topology, type Said, type TopologySpec } from '../support/facts.ts'
import { Prng, seeds } from '../support/prng.ts'

describe('one partition', () => {
  it.each<[why: string, Said, { preferred: boolean; underReplicated: boolean }]>([
    ['all as it should be', { leader: 1, replicas: [1, 2] }, { preferred: true, underReplicated: false }],
    ['another replica leads', { leader: 2, replicas: [1, 2] }, { preferred: false, underReplicated: false }],
    ['leaderless', { leader: -1, replicas: [1, 2], isr: [2] }, { preferred: false, underReplicated: true }],
    ['a replica lags', { leader: 1, replicas: [1, 2], isr: [1] }, { preferred: true, underReplicated: true }],
    ['nobody in sync', { leader: -1, replicas: [1], isr: [] }, { preferred: false, underReplicated: true }],
    ['ISR in another order', { leader: 1, replicas: [1, 2], isr: [2, 1] }, { preferred: true, underReplicated: false }],
    ['no replicas at all', { leader: 1, replicas: [] }, { preferred: false, underReplicated: false }],
    ['no replicas, no leader', { leader: -1, replicas: [] }, { preferred: false, underReplicated: false }],
  ])('%s', (_, said, expected) => {
    // Rows before and after it, so that a row read from a neighbour's list shows.
    const { partitions } = topology({
      topics: { t: [{ leader: 5, replicas: [5, 6, 7] }, said, { leader: 1, replicas: [1] }] },
    })
    expect({ preferred: isPreferred(partitions, 1), underReplicated: isUnderReplicated(partitions, 1) }).toEqual(
      expected,
    )
  })
})

const minIsr = { a: 1, b: 2, c: 3 }

function counted(topics: NonNullable<TopologySpec['topics']>, adding: Adding = nothingAdded) {
  const { partitions } = topology({ topics })
  return judgeReplication(partitions, nextMinIsr(undefined, partitions.layout, configs(minIsr), 0), adding)
}

function randomPartition(random: Prng): Said {
  const replicas = random.shuffled(random.some([0, 1, 2, 3, 4], 0.6))
  const leader = random.chance(0.2) ? -1 : random.below(6)
  return { leader, replicas, isr: random.some([...replicas, 9], 0.7), offline: random.some(replicas, 0.2) }
}

/** The same counts, from plain objects and without a thought for speed. */
function naive(all: readonly (Said & { readonly needed: number })[]): unknown {
  const isr = (said: Said): readonly number[] => said.isr ?? said.replicas
  const ids = new Set(all.flatMap((said) => [said.leader, ...said.replicas, ...isr(said)]))
  const holds = (lists: readonly (readonly number[])[], id: number): number =>
    lists.filter((list) => list.includes(id)).length
  return {
    underReplicated: all.filter((said) => isr(said).length < said.replicas.length).length,
    underMinIsr: all.filter((said) => isr(said).length < said.needed).length,
    atMinIsr: all.filter((said) => isr(said).length === said.needed && said.needed < said.replicas.length).length,
    singleIsr: all.filter((said) => isr(said).length === 1 && said.replicas.length > 1).length,
    offlineReplicas: all.reduce((sum, said) => sum + (said.offline?.length ?? 0), 0),
    notPreferredLeader: all.filter(({ leader, replicas }) => leader >= 0 && leader !== replicas[0]).length,
    leaderNotReplica: all.filter(({ leader, replicas }) => leader >= 0 && !replicas.includes(leader)).length,
    perBroker: Object.fromEntries(
      [...ids].sort().flatMap((id) => {
        if (id < 0) return []
        const leaders = all.filter(({ leader }) => leader === id).length
        const replicas = holds(
          all.map((said) => said.replicas),
          id,
        )
        return [[id, { leaders, replicas, inSync: holds(all.map(isr), id) }]]
      }),
    ),
  }
}

describe('judgeReplication', () => {
  it.each(seeds)('counts in columns what plain objects count (seed %i)', (seed) => {
    const random = new Prng(seed)
    const all = (): Said[] => Array.from({ length: random.below(30) }, () => randomPartition(random))
    const topics = { a: all(), b: all(), c: all() }
    const { perBroker, ...counts } = counted(topics)
    const brokers = Object.fromEntries([...perBroker].filter(([id]) => id >= 0))
    expect({ ...counts, perBroker: brokers }).toEqual(
      naive(
        Object.entries(topics).flatMap(([name, list]) =>
          list.map((said) => ({ ...said, needed: minIsr[name as 'a'] })),
        ),
      ),
    )
  })

  it('is all zeros for a cluster without topics', () => {
    const { perBroker, ...counts } = counted({})
    expect(new Set(Object.values(counts))).toEqual(new Set([0]))
    expect(perBroker.size).toBe(0)
  })

  it.each<[why: string, Said, adding: readonly number[], number]>([
    ['a replica that is being added is missed by nobody', { leader: 1, replicas: [3, 1, 2], isr: [1, 2] }, [3], 0],
    ['one of the others is', { leader: 1, replicas: [3, 1, 2], isr: [1] }, [3], 1],
    ['the added one is in sync before the others are', { leader: 1, replicas: [3, 1, 2], isr: [1, 3] }, [3], 0],
    ['all of them are added', { leader: 1, replicas: [1], isr: [] }, [1], 0],
    ['it is added to another partition', { leader: 1, replicas: [3, 1, 2], isr: [1, 2] }, [], 1],
    ['an old listing names one that has gone', { leader: 1, replicas: [1, 2], isr: [1] }, [3], 1],
  ])('reassignments: %s', (_, said, adding, expected) => {
    const rows: Adding = adding.length === 0 ? new Map([[1, [3]]]) : new Map([[0, adding]])
    const { underReplicated } = counted({ a: [said, { leader: 1, replicas: [1] }] }, rows)
    expect(underReplicated).toBe(expected)
  })

  it('does not count by min.insync.replicas where that of any topic is unknown', () => {
    const topics = { a: [{ leader: 1, replicas: [1, 2], isr: [1] }], z: [{ leader: 1, replicas: [1] }] }
    expect(counted(topics)).toMatchObject({ underMinIsr: undefined, atMinIsr: undefined, singleIsr: 1 })
  })
})
