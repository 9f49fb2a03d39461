import { describe, expect, it } from 'vitest'
import type { BrokerVerdict } from '../../src/verdicts/brokers.ts'
import { judgeMargins, type Margins } from '../../src/verdicts/margins.ts'
import { nextMinIsr } from '../../src/verdicts/min-isr.ts'
import { reachOf } from '../../src/verdicts/reach.ts'
import { nothingAdded } from '../../src/verdicts/reassigning.ts'
import { configs, topology, type Said } from '../support/facts.ts'
import { Prng, seeds } from '../support/prng.ts'

const brokers = [1, 2, 3, 4]

/** Brokers 1 to 4; those listed are down. */
function verdicts(down: readonly number[], unknown: readonly number[] = []): Map<number, BrokerVerdict> {
  const one = (id: number): BrokerVerdict =>
    unknown.includes(id)
      ? { state: 'unknown' }
      : down.includes(id)
        ? { state: 'down', reason: 'refused' }
        : { state: 'up' }
  return new Map(brokers.map((id) => [id, one(id)]))
}

interface Given {
  readonly down?: readonly number[]
  readonly unknown?: readonly number[]
  readonly minIsr?: Readonly<Record<string, number>>
  readonly failsOver?: boolean
}

function judged(said: readonly Said[], given: Given = {}): Margins | undefined {
  const { down = [], unknown = [], minIsr = { t: 1 }, failsOver = true } = given
  const { partitions } = topology({ topics: { t: said } })
  return judgeMargins(
    partitions,
    reachOf(verdicts(down, unknown)),
    nextMinIsr(undefined, partitions.layout, configs(minIsr), 0),
    failsOver,
    nothingAdded,
  )
}

type Row = readonly [
  why: string,
  said: readonly Said[],
  given: Given,
  leader: (number | undefined)[],
  acks: (number | undefined)[],
]

describe('how many more brokers may fail', () => {
  it.each<Row>([
    ['RF 3, all well', [{ leader: 1, replicas: [1, 2, 3] }], { minIsr: { t: 2 } }, [2, 2], [1, 1]],
    ['a follower fell behind', [{ leader: 1, replicas: [1, 2, 3], isr: [1, 2] }], { minIsr: { t: 2 } }, [1, 1], [0, 0]],
    [
      'a follower is dead, and Kafka has not noticed',
      [{ leader: 1, replicas: [1, 2, 3] }],
      { down: [3], minIsr: { t: 2 } },
      [1, 1],
      [0, 0],
    ],
    ['its leader is dead: another one will lead', [{ leader: 3, replicas: [3, 1] }], { down: [3] }, [0, 0], [0, 0]],
    [
      'its only replica in sync is dead: lost already',
      [{ leader: 2, replicas: [1, 2], isr: [2] }],
      { down: [2] },
      [-1, -1],
      [-1, -1],
    ],
    [
      'two more are needed to write',
      [{ leader: 1, replicas: [1, 2, 3], isr: [1] }],
      { minIsr: { t: 3 } },
      [0, 0],
      [-2, undefined],
    ],
    [
      'the worst partition counts',
      [
        { leader: 1, replicas: [1, 2, 3] },
        { leader: 1, replicas: [1, 2], isr: [1] },
      ],
      {},
      [0, 0],
      [0, 0],
    ],
    [
      'RF 1 tolerates nothing, redundant leaves it out',
      [
        { leader: 1, replicas: [1, 2] },
        { leader: 2, replicas: [2] },
      ],
      {},
      [0, 1],
      [0, 1],
    ],
    [
      'min ISR = RF tolerates no failure for acks=all',
      [{ leader: 1, replicas: [1, 2] }],
      { minIsr: { t: 2 } },
      [1, 1],
      [0, undefined],
    ],
    [
      'leaderless, though a member of its ISR answers: lost now',
      [{ leader: -1, replicas: [1, 2], isr: [2] }],
      {},
      [-1, -1],
      [-1, -1],
    ],
    [
      'its log directory is offline though the broker answers',
      [{ leader: -1, replicas: [1], isr: [1], offline: [1] }],
      {},
      [-1, undefined],
      [-1, undefined],
    ],
    ['one of two log directories is offline', [{ leader: 1, replicas: [1, 2], offline: [2] }], {}, [0, 0], [0, 0]],
    ['an empty ISR', [{ leader: -1, replicas: [1, 2], isr: [] }], {}, [-1, -1], [-1, -1]],
    ['nothing fails over: none may fail', [{ leader: 1, replicas: [1, 2, 3] }], { failsOver: false }, [0, 0], [0, 0]],
    [
      'nothing fails over, and it is lost already',
      [{ leader: 2, replicas: [1, 2], isr: [2] }],
      { failsOver: false, down: [2] },
      [-1, -1],
      [-1, -1],
    ],
    [
      'min.insync.replicas is not known',
      [{ leader: 1, replicas: [1, 2, 3] }],
      { minIsr: {} },
      [2, 2],
      [undefined, undefined],
    ],
    ['no partition, no worst case', [], {}, [undefined, undefined], [undefined, undefined]],
  ])('%s', (_, said, given, leader, acks) => {
    const margins = judged(said, given)
    expect([margins?.leader.all, margins?.leader.redundant]).toEqual(leader)
    expect([margins?.acksAll.all, margins?.acksAll.redundant]).toEqual(acks)
  })

  it('nobody can say while a member of an ISR was not judged yet', () => {
    expect(judged([{ leader: 1, replicas: [1, 2] }], { unknown: [2] })).toBeUndefined()
  })

  it('a topic that has only just been created is left out until its settings are read', () => {
    const one = topology({ topics: { t: [{ leader: 1, replicas: [1, 2] }] } }).partitions
    const two = topology({ topics: { t: [{ leader: 1, replicas: [1, 2] }], young: [{ leader: 1, replicas: [1] }] } })
    const known = configs({ t: 1 })
    const at = (now: number) =>
      nextMinIsr(nextMinIsr(undefined, one.layout, known, 0), two.partitions.layout, known, now)
    const margin = (minIsr: ReturnType<typeof at>) =>
      judgeMargins(two.partitions, reachOf(verdicts([])), minIsr, true, nothingAdded)?.acksAll.all
    expect(margin(at(100))).toBe(1)
    expect(margin(nextMinIsr(at(100), two.partitions.layout, known, 20_100))).toBeUndefined()
    expect(margin(nextMinIsr(at(100), two.partitions.layout, configs({ t: 1, young: 1 }), 200))).toBe(0)
  })
})

interface Cluster {
  readonly said: readonly (Said & { readonly isr: readonly number[] })[]
  readonly down: readonly number[]
  readonly needed: number
}

/** Kafka may not have noticed yet who is down; whoever leads is in its ISR. */
function randomCluster(random: Prng): Cluster {
  const said = Array.from({ length: 1 + random.below(6) }, () => {
    const replicas = random.shuffled(brokers).slice(0, 1 + random.below(4))
    const some = random.some(replicas, 0.8)
    const isr = some.length > 0 ? some : replicas.slice(0, 1)
    return { leader: isr[random.below(isr.length)] ?? -1, replicas, isr }
  })
  return { said, down: random.some(brokers, 0.3), needed: 1 + random.below(3) }
}

function subsets(ids: readonly number[]): readonly (readonly number[])[] {
  return ids.reduce<number[][]>((all, id) => [...all, ...all.map((set) => [...set, id])], [[]])
}

const left = (isr: readonly number[], gone: readonly number[]): number => isr.filter((id) => !gone.includes(id)).length

/** The most failures of which every set leaves all partitions with `needed` replicas; -1 if they have not even now. */
function bruteForce({ said, down }: Cluster, needed: number): number {
  const sets = subsets(brokers.filter((id) => !down.includes(id)))
  const survives = (gone: readonly number[]): boolean =>
    said.every(({ isr }) => left(isr, [...down, ...gone]) >= needed)
  for (let size = 0; size <= brokers.length; size++) {
    if (!sets.filter((set) => set.length === size).every(survives)) return size - 1
  }
  return brokers.length
}

describe('against all sets of failures', () => {
  it.each(seeds)('the margin is what brute force finds (seed %i)', (seed) => {
    const random = new Prng(seed)
    for (let i = 0; i < 50; i++) {
      const cluster = randomCluster(random)
      const margins = judged(cluster.said, { down: cluster.down, minIsr: { t: cluster.needed } })
      expect(Math.max(-1, margins?.leader.all ?? NaN)).toBe(bruteForce(cluster, 1))
      expect(Math.max(-1, margins?.acksAll.all ?? NaN)).toBe(bruteForce(cluster, cluster.needed))
    }
  })

  it.each(seeds)('what losing a broker costs is what is missing without it (seed %i)', (seed) => {
    const random = new Prng(seed)
    for (let i = 0; i < 50; i++) {
      const { said, down, needed } = randomCluster(random)
      const lost = (gone: readonly number[], least: number): number =>
        said.filter(({ isr }) => left(isr, gone) < least).length
      const margins = judged(said, { down, minIsr: { t: needed } })
      for (const id of brokers) {
        const expected = {
          leaderless: lost([...down, id], 1) - lost(down, 1),
          unwritable: lost([...down, id], needed) - lost(down, needed),
        }
        expect(margins?.losses.get(id) ?? { leaderless: 0, unwritable: 0 }).toEqual(expected)
      }
    }
  })
})

describe('what losing a broker costs', () => {
  const loss = (margins: Margins | undefined, id: number) => margins?.losses.get(id)
  it('while nothing fails over: all that it leads, and every write that it takes part in', () => {
    const margins = judged(
      [
        { leader: 1, replicas: [1, 2, 3] },
        { leader: 2, replicas: [2, 3] },
      ],
      { failsOver: false },
    )
    expect(brokers.map((id) => loss(margins, id))).toEqual([
      { leaderless: 1, unwritable: 1 },
      { leaderless: 1, unwritable: 2 },
      { leaderless: 0, unwritable: 2 },
      undefined,
    ])
  })

  it('while nothing fails over, a write that stalls already is not lost again', () => {
    const margins = judged([{ leader: 1, replicas: [1, 2, 3] }], { failsOver: false, down: [3] })
    expect(loss(margins, 2)).toBeUndefined()
    expect(loss(margins, 1)).toEqual({ leaderless: 1, unwritable: 0 })
  })

  it('says nothing of writes where min.insync.replicas is not known', () => {
    expect(loss(judged([{ leader: 1, replicas: [1] }], { minIsr: {} }), 1)).toEqual({
      leaderless: 1,
      unwritable: undefined,
    })
  })
})
