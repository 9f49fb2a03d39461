import { describe, expect, it } from 'vitest'
import { emptyView, type FactName, type Facts, type View } from '../../src/model/view.ts'
import { firstHistory, type History } from '../../src/verdicts/history.ts'
import { step, type Step } from '../../src/verdicts/step.ts'
import { wakes } from '../../src/verdicts/pace.ts'
import { addressOf, brokerView, down, liveness, topology, up } from '../support/facts.ts'
import { Prng } from '../support/prng.ts'

const led = (leader: number) => topology({ topics: { t: [{ leader, replicas: [1, 2, 3] }] } })
const allUp = liveness({ 1: up(), 2: up(), 3: up() })

/** Who looks when a broker went or came, and at the first topology. */
const afterBroker = ['configs', 'offsets', 'quorum', 'reassignments', 'sessions', 'topology', 'znodes', 'zookeeper']
const everything = [...afterBroker, 'elr', 'liveness']

/** Steps a history by facts that arrive one second apart, from the moment 0. */
class Steps {
  #now = 0
  #step: Step = { view: emptyView, history: firstHistory({ mono: 0, wall: 0 }) }

  arrives<Name extends FactName>(name: Name, value: Facts[Name]): Step & { readonly woken: readonly FactName[] } {
    this.#now += 1_000
    const at = { mono: this.#now, wall: this.#now }
    const before = this.#step
    const view: View = { ...before.view, [name]: { value, at } }
    this.#step = step(before.history, view, name, at, { brokerRetentionMs: 3_600_000 })
    return { ...this.#step, woken: [...wakes(before.history, this.#step.history)].sort() }
  }
}

const health = (history: History) => history.partitions?.health.value

function begun(): Steps {
  const steps = new Steps()
  steps.arrives('topology', led(1))
  steps.arrives('liveness', allUp)
  return steps
}

describe('step', () => {
  it('a first topology tells whom to probe', () => {
    const first = new Steps().arrives('topology', led(1))
    expect([...first.view.roster.keys()]).toEqual([1, 2, 3])
    expect(health(first.history)).toMatchObject({ unjudged: 1, unreachableLeader: 0 })
    expect(first.woken).toEqual([...everything].sort())
  })

  it('the same facts again change nothing and wake nobody', () => {
    const steps = begun()
    const { history } = steps.arrives('topology', led(1))
    expect(steps.arrives('liveness', liveness({ 1: up(), 2: up(), 3: up() }))).toMatchObject({
      woken: [],
      history: { changedAt: history.changedAt, partitions: history.partitions },
    })
  })

  it.each([
    ['was eligible', [2, 3], { unclean: 0, failover: 1 }],
    ['was not', [3], { unclean: 1, failover: 0 }],
  ])(
    'KRaft, whoever leads again %s: the answer that is newer than the topology tells of later',
    (_, before, counted) => {
      const steps = new Steps()
      const told = (leaderEpoch: number, eligible: readonly number[]) => ({
        partitions: new Map([['t', new Map([[0, { eligible, lastKnown: [], leaderEpoch }]])]]),
      })
      const named = (leader: number, leaderEpoch: number, isr: readonly number[]) =>
        topology({ topics: { t: [{ leader, epoch: leaderEpoch, isr, replicas: [3, 2] }] } })
      steps.arrives('liveness', liveness({ 1: up({ kraft: true }), 2: up({ kraft: true }), 3: up({ kraft: true }) }))
      steps.arrives('topology', named(3, 6, [3]))
      steps.arrives('topology', named(-1, 7, []))
      steps.arrives('elr', told(7, before))
      steps.arrives('elr', told(8, [3]))
      const { movements } = steps.arrives('topology', named(2, 8, [2])).history
      expect(movements.leaderChanges).toMatchObject(counted)
    },
  )

  it('a dead leader makes its partitions unreachable before Kafka notices, and wakes who knows more', () => {
    const { history, woken } = begun().arrives('liveness', liveness({ 1: down(), 2: up(), 3: up() }))
    expect(health(history)).toMatchObject({ unreachableLeader: 1, leaderless: 0, unjudged: 0 })
    expect(woken).toEqual(afterBroker)
  })

  it('a dead follower leaves health and its times as they were', () => {
    const steps = begun()
    const { history } = steps.arrives('liveness', allUp)
    const after = steps.arrives('liveness', liveness({ 1: up(), 2: down(), 3: up() }))
    expect(health(after.history)).toMatchObject({ unreachableLeader: 0 })
    expect(health(after.history)?.since).toEqual(health(history)?.since)
  })

  it('the unreachable time goes on when Kafka repeats itself, and ends with the new leader', () => {
    const steps = begun()
    const dead = steps.arrives('liveness', liveness({ 1: down(), 2: up(), 3: up() }))
    const since = health(dead.history)?.since[0]
    expect(health(steps.arrives('topology', led(1)).history)?.since[0]).toBe(since)
    expect(health(steps.arrives('topology', led(2)).history)).toMatchObject({ unreachableLeader: 0, leaderless: 0 })
  })

  it('the last topology is judged against the brokers as they are now, however old it is', () => {
    const steps = begun()
    const dead = liveness({ 1: down(), 2: down(), 3: down() })
    for (let i = 0; i < 100; i++) steps.arrives('liveness', dead)
    expect(health(steps.arrives('liveness', dead).history)).toMatchObject({ unreachableLeader: 1, unjudged: 0 })
    expect(health(steps.arrives('liveness', allUp).history)).toMatchObject({ unreachableLeader: 0 })
  })

  it('a broker that moves to another address keeps its verdict until it was probed there', () => {
    const steps = begun()
    steps.arrives('liveness', liveness({ 1: down(), 2: up(), 3: up() }))
    const moved = { id: 1, ...addressOf(1), port: 19_092 }
    const topics = { t: [{ leader: 1, replicas: [1, 2, 3] }] }
    const { history, woken } = steps.arrives('topology', topology({ brokers: [moved, 2, 3], topics }))
    expect(history.brokers.get(1)).toMatchObject({ state: 'down' })
    expect(health(history)).toMatchObject({ unreachableLeader: 1, unjudged: 0 })
    expect(woken).toContain('liveness')
    const probed = liveness({ 'kafka1:19092': up(), 2: up(), 3: up() })
    expect(health(steps.arrives('liveness', probed).history)).toMatchObject({ unreachableLeader: 0 })
  })

  it('KRaft: random controller ids, look after look, are no change', () => {
    const random = new Prng(1)
    const steps = new Steps()
    const probe = (): Facts['liveness'] => {
      const any = () =>
        ({
          up: true,
          returnedAt: undefined,
          view: brokerView({ kraft: true, controllerId: 1 + random.below(3) }),
        }) as const
      return liveness({ 1: any(), 2: any(), 3: any() })
    }
    steps.arrives('topology', led(1))
    steps.arrives('liveness', probe())
    for (let i = 0; i < 100; i++) {
      expect(steps.arrives('liveness', probe()).woken).toEqual([])
      expect(steps.arrives('topology', { ...led(1), controllerId: 1 + random.below(3) }).woken).toEqual([])
    }
  })

  it('a leader that is no replica is a contradiction, and counted as one', () => {
    const odd = topology({
      leaderDisagreements: 2,
      topicDisagreements: 4,
      topics: { t: [{ leader: 3, replicas: [1, 2] }] },
    })
    const { history } = begun().arrives('topology', odd)
    expect(history.disagreements).toMatchObject({ leader: { count: 3 }, topics: { count: 4 } })
  })

  it('offsets change no verdict', () => {
    const steps = begun()
    const { history } = steps.arrives('liveness', allUp)
    const { layout } = led(1).partitions
    const none = new Float64Array(1).fill(Number.NaN)
    const facts = { layout, latest: none, earliest: none, answeredBy: Int32Array.of(-1), observedAt: none }
    expect(steps.arrives('offsets', facts).history).toEqual(history)
  })
})
