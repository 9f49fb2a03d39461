import { describe, expect, it } from 'vitest'
import { mapRows } from '../../src/model/topology.ts'
import { noneEligible, type Eligible } from '../../src/verdicts/eligible.ts'
import { countMovements, noMovements, type Movements } from '../../src/verdicts/movements.ts'
import { remember, type PartitionMemory } from '../../src/verdicts/memory.ts'
import { topology, type Said, type TopologySpec } from '../support/facts.ts'

type Topics = NonNullable<TopologySpec['topics']>

/** Looks in a row, half a second apart; brokers in `down` do not answer. */
function counted(
  looks: readonly Topics[],
  down: readonly number[] = [],
  ageMs = 500,
  eligible: () => Eligible | undefined = () => noneEligible,
): Movements {
  let movements = noMovements
  let atMs = 0
  let memory: PartitionMemory | undefined
  for (const topics of looks) {
    const { partitions } = topology({ topics })
    const rows = memory && mapRows(memory.layout, partitions.layout)
    if (memory !== undefined && rows !== undefined) {
      const isUp = (id: number): boolean => !down.includes(id)
      movements = countMovements(movements, {
        now: partitions,
        rows,
        memory,
        ageMs,
        atMs,
        eligible,
        isUp,
      })
    }
    memory = remember(memory, rows, partitions, atMs)
    atMs += ageMs
  }
  return movements
}

const one = (...said: readonly Said[]): readonly Topics[] => said.map((each) => ({ t: [each] }))
const led = (leader: number, epoch: number, isr = [1, 2, 3]): Said => ({ leader, epoch, replicas: [1, 2, 3], isr })
const changes = (movements: Movements) => Object.values(movements.leaderChanges).reduce((sum, count) => sum + count, 0)

describe('leader changes', () => {
  it.each<[why: string, readonly Topics[], number]>([
    ['the same twice', one(led(1, 0), led(1, 0)), 0],
    ['another leader', one(led(1, 0), led(2, 1)), 1],
    ['there and back again', one(led(1, 0), led(2, 1), led(1, 2)), 2],
    ['none in between, then the same again', one(led(1, 0), led(-1, 1), led(1, 2)), 0],
    ['none in between, then another', one(led(1, 0), led(-1, 1), led(2, 2)), 1],
    ['a broker that lags behind repeats the past', one(led(1, 0), led(2, 1), led(1, 0), led(2, 1)), 1],
    ['two brokers contradict each other in one epoch', one(led(1, 3), led(2, 3)), 0],
    ['brokers that give no epochs', one(led(1, -1), led(2, -1), led(1, -1)), 2],
    ['the first leader ever', one(led(-1, 0), led(2, 1)), 0],
    ['a partition that is new', [{ t: [led(1, 0)] }, { t: [led(1, 0), led(2, 0)] }], 0],
    ['its topic gone and made anew', [{ t: [led(1, 5)] }, {}, { t: [led(2, 0)] }], 0],
    ['a topic before it is deleted', [{ a: [led(3, 0)], t: [led(1, 0)] }, { t: [led(1, 0)] }], 0],
    ['one of several', [{ t: [led(1, 0), led(2, 0)] }, { t: [led(1, 0), led(3, 1)] }], 1],
  ])('%s', (_, looks, expected) => {
    expect(changes(counted(looks))).toBe(expected)
  })

  it('are told apart: who was up, who was in sync', () => {
    const unclean = one(
      { leader: -1, epoch: 4, replicas: [1, 2], isr: [1] },
      { leader: 2, epoch: 5, replicas: [1, 2], isr: [2] },
    )
    const seen = one({ leader: 1, epoch: 3, replicas: [1, 2], isr: [1] }, ...[])
    expect(counted([...seen, ...unclean], [1]).leaderChanges).toEqual({
      failover: 0,
      preferred: 0,
      unclean: 1,
      other: 0,
    })
    expect(counted(one(led(2, 0), led(1, 1))).leaderChanges).toMatchObject({ preferred: 1 })
    expect(counted(one(led(1, 0), led(2, 1, [2, 3]))).leaderChanges).toMatchObject({ failover: 1 })
    expect(counted(one(led(1, 0), led(3, 1))).leaderChanges).toMatchObject({ other: 1 })
  })

  it('remember the last ISR that was not empty', () => {
    const looks = one(led(1, 0, [1]), led(-1, 1, []), led(-1, 1, []), led(2, 2, [2]))
    expect(counted(looks, [1]).leaderChanges).toMatchObject({ failover: 0, unclean: 1 })
  })

  it.each<[why: string, Eligible | undefined, 'unclean' | 'failover']>([
    ['not eligible', { ids: [3], ageMs: 400 }, 'unclean'],
    ['eligible: outage fact 9', { ids: [2], ageMs: 400 }, 'failover'],
    ['not known whether', undefined, 'failover'],
  ])('KRaft, the new leader was %s', (_, eligible, reason) => {
    const looks = one(led(1, 0, [1]), led(-1, 1, []), led(2, 2, [2]))
    const { leaderChanges } = counted(looks, [1], 500, () => eligible)
    expect(leaderChanges).toEqual({ failover: 0, preferred: 0, unclean: 0, other: 0, [reason]: 1 })
  })

  it('are not called unclean on eligible replicas that were read more than a second ago', () => {
    const looks = one(led(1, 0, [1]), led(2, 1, [2]))
    const reason = (ageMs: number) => counted(looks, [1], 500, () => ({ ids: [], ageMs })).leaderChanges
    expect(reason(1_000)).toMatchObject({ unclean: 1, failover: 0 })
    expect(reason(1_001)).toMatchObject({ unclean: 0, failover: 1 })
  })

  it('an unclean election is one though nobody knows who led before the first look', () => {
    const looks = one(led(-1, 4, [1]), led(2, 5, [2]))
    expect(counted(looks, [1]).leaderChanges).toMatchObject({ failover: 0, unclean: 1 })
    expect(changes(counted(one(led(-1, 4, [2]), led(2, 5, [2])), [1]))).toBe(0)
  })

  it('of a topic made anew between two looks are counted again once its epochs have stayed lower for a minute', () => {
    const looks = one(
      led(1, 7),
      ...Array.from({ length: 4 }, (_, i) => led(2, 0, i % 2 === 0 ? [2] : [2, 3])),
      led(3, 1, [3]),
    )
    expect(changes(counted(looks, [], 30_000))).toBe(1)
    expect(changes(counted(looks, [], 5_000))).toBe(0)
  })
})

describe('ISR changes', () => {
  it.each<[why: string, readonly Topics[], shrinks: number, expands: number]>([
    ['nothing', one(led(1, 0), led(1, 0)), 0, 0],
    ['another order', one(led(1, 0), led(1, 0, [3, 2, 1])), 0, 0],
    ['one left', one(led(1, 0), led(1, 0, [1, 2])), 1, 0],
    ['two left at once: one shrink', one(led(1, 0), led(1, 0, [1])), 1, 0],
    ['one came back', one(led(1, 0, [1, 2]), led(1, 0)), 0, 1],
    ['one for another', one(led(1, 0, [1, 2]), led(1, 0, [1, 3])), 1, 1],
    ['left and came back', one(led(1, 0), led(1, 0, [1]), led(1, 0)), 1, 1],
    [
      'a broker that lags behind repeats the past',
      one(led(1, 0), led(2, 1, [2, 3]), led(1, 0), led(2, 1, [2, 3])),
      1,
      0,
    ],
    ['a new topic is no expansion', [{}, { t: [led(1, 0)] }], 0, 0],
  ])('%s', (_, looks, shrinks, expands) => {
    const { isrShrinks, isrExpands } = counted(looks)
    expect({ isrShrinks, isrExpands }).toEqual({ isrShrinks: shrinks, isrExpands: expands })
  })
})
