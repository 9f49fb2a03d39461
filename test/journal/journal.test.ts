import { describe, expect, it } from 'vitest'
import { Journal } from '../../src/journal/journal.ts'
import { brokerView, down, liveness, offsets, topology, up, type Said } from '../support/facts.ts'
import { TestStore } from '../support/state.ts'

const rf2 = (leader: number): Said => ({ leader, replicas: [1, 2] })
const cluster = topology({ brokers: [1, 2], topics: { t: [rf2(1), rf2(2)] } })
const allUp = liveness({ 1: up(), 2: up() })

/** A store and what was written since the last `lines()`. */
class Told {
  readonly store = new TestStore()
  #lines: string[] = []

  constructor() {
    const journal = new Journal()
    this.store.store.subscribe((after, before) => {
      for (const { level, message, fields } of journal.entries(before, after)) {
        const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${value}`)
        this.#lines.push(`${level}: ${message}${pairs.join('')}`)
      }
    })
  }

  lines(): readonly string[] {
    const lines = this.#lines
    this.#lines = []
    return lines
  }
}

function begun(): Told {
  const told = new Told()
  told.store.brings('topology', cluster).brings('liveness', allUp)
  told.lines()
  return told
}

describe('the journal', () => {
  it('of a start that finds all well', () => {
    const told = new Told()
    told.store.tick(100)
    expect(told.lines()).toEqual([])
    told.store.brings('liveness', liveness({ 1: up() }))
    expect(told.lines()).toEqual([
      'info: the cluster answers cluster_id=the-cluster',
      'info: controller id=1',
      'info: broker answers address=kafka1:9092',
    ])
    told.store.brings('topology', cluster).brings('liveness', allUp)
    expect(told.lines()).toEqual(['info: broker answers address=kafka2:9092 broker=2'])
  })

  it('says nothing when nothing changed, however often that is', () => {
    const told = begun()
    for (let i = 0; i < 20; i++) {
      told.store
        .brings('topology', cluster)
        .brings('liveness', liveness({ 1: up(), 2: up() }))
        .tick(500)
      told.store.brings('offsets', offsets(cluster, told.store.now.mono))
    }
    expect(told.lines()).toEqual([])
  })

  it('tells once of a broker that went, and once of its return', () => {
    const told = begun()
    const dead = liveness({ 1: up(), 2: down('refused', 'connect ECONNREFUSED') })
    for (let i = 0; i < 5; i++) told.store.brings('liveness', dead).tick(500)
    expect(told.lines()).toEqual([
      'warn: partitions are unavailable leaderless=0 unreachable_leader=1',
      'warn: broker does not answer address=kafka2:9092 broker=2 reason=refused detail=connect ECONNREFUSED',
    ])
    for (let i = 0; i < 5; i++) told.store.brings('liveness', allUp)
    expect(told.lines()).toEqual([
      'info: every partition has a leader that answers leaderless=0 unreachable_leader=0',
      'info: broker answers address=kafka2:9092 broker=2',
    ])
  })

  it('tells when the reason becomes another, not when its words do', () => {
    const told = begun()
    told.store.brings('liveness', liveness({ 1: up(), 2: down('refused', 'a') }))
    told.lines()
    told.store.brings('liveness', liveness({ 1: up(), 2: down('refused', 'b') }))
    expect(told.lines()).toEqual([])
    told.store.brings('liveness', liveness({ 1: up(), 2: down('hung', 'c') }))
    expect(told.lines()).toEqual(['warn: broker does not answer address=kafka2:9092 broker=2 reason=hung detail=c'])
  })

  it('tells of a total outage and of its end; a controller that is the same is no news', () => {
    const told = begun()
    told.store.brings('liveness', liveness({ 1: down(), 2: down() })).tick(60_000)
    expect(told.lines().filter((line) => !line.includes('broker does not'))).toEqual([
      'warn: no broker answers',
      'warn: partitions are unavailable leaderless=0 unreachable_leader=2',
    ])
    told.store.brings('liveness', allUp)
    expect(told.lines().filter((line) => !line.includes('broker answers'))).toEqual([
      'info: the cluster answers cluster_id=the-cluster',
      'info: every partition has a leader that answers leaderless=0 unreachable_leader=0',
    ])
  })

  it.each([
    ['the recovery', allUp, ['info: every partition has a leader that answers leaderless=0 unreachable_leader=0']],
    ['nothing twice', liveness({ 1: up(), 2: down() }), []],
  ])('tells %s when a new broker that was not judged yet led in between', (_, then, expected) => {
    const told = begun()
    told.store.brings('liveness', liveness({ 1: up(), 2: down() }))
    told.store.brings('topology', topology({ brokers: [1, 2, 3], topics: { t: [rf2(3), rf2(2)] } }))
    told.lines()
    told.store.brings('topology', cluster).brings('liveness', then)
    expect(told.lines().filter((line) => line.includes('partition'))).toEqual(expected)
  })

  it.each([
    ['at the first look', new Told()],
    ['later', begun()],
  ])('warns when no controller is named, %s', (_, told) => {
    const none = { up: true, view: brokerView({ controllerId: -1 }), returnedAt: undefined } as const
    told.store.brings('liveness', liveness({ 1: none, 2: none }))
    expect(told.lines()).toContain('warn: no controller is named id=-1')
  })

  it('KRaft: random controllers are no news', () => {
    const told = new Told()
    for (const controllerId of [1, 2, 1, 3])
      told.store.brings('liveness', liveness({ 1: up({ kraft: true, controllerId }) }))
    expect(told.lines().filter((line) => line.includes('controller'))).toEqual([])
  })

  it('a source that waits for another at the start is no news, and nor is its first success', () => {
    const told = new Told()
    for (let i = 0; i < 3; i++) told.store.waits('topology')
    told.store.brings('topology', cluster)
    expect(told.lines().filter((line) => line.includes('source'))).toEqual([])
    for (let i = 0; i < 3; i++) told.store.waits('topology')
    expect(told.lines()).toEqual(['warn: source brings nothing source=topology'])
  })

  it('a source that brings nothing is told the second time, and its return once', () => {
    const told = begun()
    told.store.fails('topology')
    expect(told.lines()).toEqual([])
    for (let i = 0; i < 5; i++) told.store.fails('topology')
    expect(told.lines()).toEqual(['warn: source brings nothing source=topology detail=no result within 3000 ms'])
    told.store.brings('topology', cluster).brings('topology', cluster)
    expect(told.lines()).toEqual(['info: source works again source=topology'])
  })
})

describe('what is news besides', () => {
  const led = (leader: number, isr: readonly number[], epoch: number): Said => ({
    leader,
    replicas: [1, 2],
    isr,
    epoch,
  })
  const said = (...t: readonly Said[]) => topology({ brokers: [1, 2], topics: { t } })

  it('an unclean election, once', () => {
    const told = begun()
    told.store.brings('topology', said(led(-1, [1], 1), rf2(2))).tick(100)
    told.lines()
    told.store.brings('topology', said(led(2, [2], 2), rf2(2))).tick(100)
    expect(told.lines()).toEqual([
      'info: every partition has a leader that answers leaderless=0 unreachable_leader=0',
      'warn: unclean leader election: records may be lost partitions=1',
    ])
  })

  it('which brokers are waited for, whenever that changes', () => {
    const told = begun()
    told.store.brings('liveness', liveness({ 1: down(), 2: down() }))
    told.store.brings('topology', said(led(-1, [1], 1), led(-1, [2], 1))).tick(100)
    expect(told.lines()).toContain(
      'warn: leaderless partitions wait for their last replica partitions=broker 1: 1, broker 2: 1',
    )
    expect(told.store.tick(100).state.at.mono).toBeGreaterThan(0)
    expect(told.lines()).toEqual([])
  })

  it('what this user may not see, once, and that it may again', () => {
    const told = begun()
    told.store.brings('reassignments', { access: 'refused', partitions: [] }).tick(100)
    expect(told.lines()).toEqual([
      'warn: Kafka refuses permission=Describe on the cluster: reassignments are not known',
    ])
    told.store.brings('reassignments', { access: 'granted', partitions: [] })
    expect(told.lines()).toHaveLength(1)
  })
})
