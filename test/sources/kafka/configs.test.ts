import { describe, expect, it, onTestFinished } from 'vitest'
import type { Configs } from '../../../src/model/configs.ts'
import type { Roster } from '../../../src/model/roster.ts'
import { apiKeys } from '../../../src/sources/kafka/api.ts'
import { ConfigsSource } from '../../../src/sources/kafka/configs.ts'
import { waitUntil } from '../../../testbed/wait.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import { livenessOf } from '../../support/clusters.ts'
import { patient, plain, timed } from '../../support/connections.ts'
import type { Asked, FakeBroker } from '../../support/fake-broker.ts'
import { lookAt, Noted, paceOf } from '../../support/notes.ts'
import { configsAsked, type ConfigsAsked } from '../../support/requests.ts'
import { refused, seen, topologyOf, upWith, viewOf, type PartitionFacts } from '../../support/views.ts'

const startBroker = brokersOfEachTest()
const well: PartitionFacts = { leader: 1, replicas: [1, 2] }
const degraded: PartitionFacts = { leader: 1, replicas: [1, 2], isr: [1] }

/** Topics have min.insync.replicas 2, brokers say who they are. */
const told = ({ type, name }: ConfigsAsked) => ({
  values: type === 2 ? { 'min.insync.replicas': '2' } : { 'num.replica.fetchers': name },
})

class Setup {
  readonly notes = new Noted()
  readonly source: ConfigsSource
  now = 1_000_000
  looks = 0
  random = 0
  quorumLost = false
  topics: Record<string, PartitionFacts[]> = { t: [well] }
  down: readonly FakeBroker[] = []
  returnedAt: number | undefined
  known: Configs | undefined
  readonly #brokers: readonly FakeBroker[]

  constructor(brokers: readonly FakeBroker[], deadlineMs = patient) {
    this.#brokers = brokers
    for (const broker of brokers) broker.configOf = told
    this.source = new ConfigsSource({
      connection: plain,
      clock: () => ({ mono: this.now, wall: 0 }),
      notes: this.notes,
      look: () => this.looks++,
      isQuorumLost: () => this.quorumLost,
      random: () => this.random,
      pace: paceOf({ deadlineMs }),
    })
    onTestFinished(() => this.source.close())
  }

  async look(afterMs = 0): Promise<Configs | undefined> {
    this.now += afterMs
    const states = this.#brokers.map((one) => {
      return [one, this.down.includes(one) ? refused : upWith({}, this.returnedAt)] as const
    })
    const roster: Roster = new Map(this.#brokers.map((one, i) => [i + 1, { address: one.address, namedAt: 0 }]))
    const found = await this.source.observe(
      lookAt(
        viewOf({
          roster,
          liveness: seen(livenessOf(states)),
          topology: seen(topologyOf(this.topics)),
          configs: this.known && seen(this.known),
        }),
      ),
    )
    this.known = found ?? this.known
    return found
  }

  /** Topics asked for since last asked about, by broker. */
  topicsAsked(): readonly (readonly string[])[] {
    return this.#brokers.map((broker) => {
      const asked = broker.asked.splice(0).filter(({ api }) => api === 'DescribeConfigs')
      return asked.flatMap((one) => configsAsked(one)).flatMap(({ type, name }) => (type === 2 ? [name] : []))
    })
  }
}

const minIsr = (configs: Configs | undefined) =>
  Object.fromEntries([...(configs?.topics ?? [])].map(([name, config]) => [name, config.minInsyncReplicas]))

/** Only topics' settings hang: they come from ZooKeeper. */
const withoutZooKeeper = (owed: Asked[]) => (asked: Asked) => {
  if (configsAsked(asked).some(({ type }) => type === 2)) owed.push(asked)
  else asked.socket.write(asked.right)
}

describe('settings', () => {
  it('of every topic are asked of one broker, of each broker of itself', async () => {
    const brokers = await Promise.all([startBroker(), startBroker()])
    const setup = new Setup(brokers)
    setup.topics = { a: [well], b: [well, well] }
    const found = await setup.look()
    expect(minIsr(found)).toEqual({ a: 2, b: 2 })
    expect([...(found?.brokers ?? [])].sort().map(([id, { values }]) => [id, values.get('num.replica.fetchers')])).toEqual([[1, '1'], [2, '2']]) // prettier-ignore
    expect(setup.topicsAsked()).toEqual([['a', 'b'], []])
  })

  it('are asked for again when they are due: unhealthy topics after 15 s, the others after 300 s', async () => {
    const broker = await startBroker()
    const setup = new Setup([broker])
    setup.topics = { ill: [degraded], leaderless: [{ leader: -1, replicas: [1, 2] }], well: [well] }
    await setup.look()
    expect(setup.topicsAsked()).toEqual([['ill', 'leaderless', 'well']])
    await setup.look(10_000)
    expect(setup.topicsAsked()).toEqual([[]])
    await setup.look(5_000)
    expect(setup.topicsAsked()).toEqual([['ill', 'leaderless']])
    setup.topics = { ...setup.topics, ill: [well] }
    await setup.look(300_000)
    expect(setup.topicsAsked()).toEqual([['leaderless', 'well', 'ill']])
  })

  it('of a new topic are asked for at once, those of one that is gone are forgotten', async () => {
    const broker = await startBroker()
    const setup = new Setup([broker])
    await setup.look()
    setup.topicsAsked()
    setup.topics = { young: [well] }
    expect(minIsr(await setup.look(100))).toEqual({ young: 2 })
    expect(setup.topicsAsked()).toEqual([['young']])
  })

  it('a look with nothing due asks nobody, and what is known stays known', async () => {
    const broker = await startBroker()
    const setup = new Setup([broker])
    const first = await setup.look()
    broker.asked.splice(0)
    expect(await setup.look(1_000)).toBe(first)
    expect(broker.asked).toEqual([])
  })

  it('of a broker that was started again are asked for again', async () => {
    const broker = await startBroker()
    const setup = new Setup([broker])
    await setup.look()
    broker.configOf = () => ({ values: { 'num.replica.fetchers': 'another' } })
    setup.returnedAt = setup.now + 500
    expect((await setup.look(1_000))?.brokers.get(1)?.values.get('num.replica.fetchers')).toBe('another')
  })

  it('many topics are asked for in several requests', async () => {
    const broker = await startBroker()
    const setup = new Setup([broker])
    setup.topics = Object.fromEntries(Array.from({ length: 1_201 }, (_, i) => [`t${i}`, [well]]))
    expect((await setup.look())?.topics.size).toBe(1_201)
    expect(broker.asked.filter((one) => one.api === 'DescribeConfigs')).toHaveLength(4)
  })

  it('of which some are refused: the others are known, and what is refused is said', async () => {
    const broker = await startBroker()
    const setup = new Setup([broker])
    setup.topics = { hidden: [well], t: [well] }
    broker.configOf = ({ type, name }) => {
      if (type === 4) return { error: 31 }
      return name === 'hidden' ? { error: 29 } : { values: { 'min.insync.replicas': '2' } }
    }
    const found = await setup.look()
    expect(minIsr(found)).toEqual({ hidden: undefined, t: 2 })
    expect([[...(found?.refusedTopics ?? [])], [...(found?.refusedBrokers ?? [])]]).toEqual([['hidden'], [1]])
    expect(setup.notes.failures).toEqual(expect.arrayContaining([[broker.text, 'auth']]))
    // Asking again at once would bring the same answer.
    broker.asked.splice(0)
    await setup.look(1_000)
    expect(broker.asked).toEqual([])
    broker.configOf = told
    expect((await setup.look(300_000))?.refusedTopics.size).toBe(0)
  })

  it.each(['', 'many', '-1', '1.5', '99999999999'])('min.insync.replicas "%s" is none', async (text) => {
    const broker = await startBroker()
    const setup = new Setup([broker])
    broker.configOf = () => ({ values: { 'min.insync.replicas': text } })
    expect(minIsr(await setup.look())).toEqual({ t: undefined })
  })

  it('that nobody can be asked for are unknown', async () => {
    const brokers = [await startBroker({ versions: { [apiKeys.Metadata]: [0, 12] } })]
    const setup = new Setup(brokers)
    expect(await setup.look()).toBeUndefined()
    setup.down = brokers
    expect(await setup.look()).toBeUndefined()
  })
})

describe('without ZooKeeper, topics cost a broker one of its threads for as long as it waits', () => {
  it('so nobody is asked twice, and a second broker only after five minutes', async () => {
    const brokers = await Promise.all([startBroker(), startBroker(), startBroker()])
    const setup = new Setup(brokers, 500)
    const owed: Asked[] = []
    for (const broker of brokers) broker.behaviours = { DescribeConfigs: withoutZooKeeper(owed) }
    for (let i = 0; i < 20; i++) await setup.look(15_000)
    expect(owed).toHaveLength(1)
    for (let i = 0; i < 15; i++) await setup.look(15_000)
    expect(owed).toHaveLength(2)
    expect(new Set(owed.map(({ socket }) => socket)).size).toBe(2)
    expect(setup.known?.brokers.size).toBe(3)
  })

  it('so many exporters must not all choose the same one', async () => {
    const brokers = await Promise.all([startBroker(), startBroker(), startBroker()])
    const setup = new Setup(brokers)
    setup.random = 0.99
    await setup.look()
    expect(setup.topicsAsked()).toEqual([[], [], ['t']])
    // Whoever answers is asked again.
    setup.random = 0
    await setup.look(300_000)
    expect(setup.topicsAsked()).toEqual([[], [], ['t']])
  })

  it('and a late answer asks for a look, in which all is read', async () => {
    const broker = await startBroker()
    const setup = new Setup([broker], 500)
    const owed: Asked[] = []
    broker.behaviours = { DescribeConfigs: withoutZooKeeper(owed) }
    await setup.look()
    expect(minIsr(await setup.look(15_000))).toEqual({})
    broker.behaviours = {}
    owed[0]?.socket.write(owed[0].right)
    await waitUntil('a look is asked for', () => setup.looks === 1, patient, 2)
    expect(minIsr(await setup.look(100))).toEqual({ t: 2 })
  })

  it('so fewer are asked for after a silence: it may only be slow', async () => {
    const broker = await startBroker()
    const setup = new Setup([broker], 500)
    setup.topics = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`t${i}`, [well]]))
    broker.behaviours = { DescribeConfigs: withoutZooKeeper([]) }
    await setup.look()
    const sizes = (): number[] =>
      broker.asked
        .splice(0)
        .filter(({ api }) => api === 'DescribeConfigs')
        .map((one) => configsAsked(one).filter(({ type }) => type === 2).length)
        .filter((count) => count > 0)
    expect(sizes()).toEqual([500])
    broker.behaviours = {}
    await setup.look(10 * 60_000)
    expect(sizes()).toEqual([125, 250, 225])
  })

  it('nor does a silence of the broker make it forget: its thread goes on waiting', async () => {
    const broker = await startBroker()
    const setup = new Setup([broker], 500)
    const owed: Asked[] = []
    broker.behaviours = { DescribeConfigs: withoutZooKeeper(owed) }
    await setup.look()
    setup.down = [broker]
    await setup.look(15_000)
    setup.down = []
    for (let i = 0; i < 4; i++) {
      setup.returnedAt = setup.now
      await setup.look(30_000)
    }
    expect(owed).toHaveLength(1)
  })

  it('a connection that does not come about was asked for nothing', async () => {
    const broker = await startBroker()
    const setup = new Setup([broker], 500)
    broker.behaviours = { ApiVersions: () => undefined }
    await setup.look()
    broker.behaviours = {}
    expect(minIsr(await setup.look(15_000))).toEqual({ t: 2 })
  })

  it('the settings of brokers do not wait for those of topics, and the look keeps its deadline', async () => {
    const broker = await startBroker()
    const setup = new Setup([broker], 600)
    broker.behaviours = { DescribeConfigs: withoutZooKeeper([]) }
    const { result, ms } = await timed(setup.look())
    expect(result?.brokers.get(1)?.values.get('num.replica.fetchers')).toBe('1')
    expect(ms).toBeLessThan(600)
  })
})

describe('without a quorum of ZooKeeper', () => {
  it('no topic is asked for, brokers are; and topics again when it is back', async () => {
    const setup = new Setup([await startBroker(), await startBroker()])
    setup.quorumLost = true
    const found = await setup.look()
    expect([...(found?.brokers.keys() ?? [])]).toEqual([1, 2])
    expect(setup.topicsAsked().flat()).toEqual([])
    await setup.look(400_000)
    expect(setup.topicsAsked().flat()).toEqual([])
    setup.quorumLost = false
    expect(minIsr(await setup.look(15_000))).toEqual({ t: 2 })
  })

  it('what was read before stays', async () => {
    const setup = new Setup([await startBroker()])
    await setup.look()
    setup.quorumLost = true
    expect(minIsr(await setup.look(400_000))).toEqual({ t: 2 })
  })
})
