import { describe, expect, it, onTestFinished } from 'vitest'
import type { KraftQuorum, QuorumAnswer } from '../../../src/model/kraft-quorum.ts'
import { QuorumSource } from '../../../src/sources/kafka/quorum.ts'
import { waitUntil } from '../../../testbed/wait.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import { livenessOf, rosterOf } from '../../support/clusters.ts'
import { plain, timed } from '../../support/connections.ts'
import { Held, silent } from '../../support/fake-behaviours.ts'
import type { FakeBroker } from '../../support/fake-broker.ts'
import { lookAt, Noted, paceOf } from '../../support/notes.ts'
import { seen, upWith, viewOf } from '../../support/views.ts'

const startBroker = brokersOfEachTest()
const startKraft = (): Promise<FakeBroker> => startBroker({ kraft: true })
const follower = { partitionError: 6 }

/** A source, and brokers that liveness finds up. */
class Setup {
  readonly notes = new Noted()
  readonly source: QuorumSource
  wakes = 0
  now = 0
  readonly #brokers: readonly FakeBroker[]
  readonly #kraft: boolean

  constructor(controllers: readonly FakeBroker[], brokers: readonly FakeBroker[] = [], alertMs = 250, kraft = true) {
    this.#brokers = brokers
    this.#kraft = kraft
    this.source = new QuorumSource({
      controllers: controllers.map(({ address }) => address),
      connection: plain,
      clock: () => ({ mono: this.now, wall: this.now }),
      notes: this.notes,
      pace: paceOf({ alertMs }),
      wake: () => this.wakes++,
    })
    onTestFinished(() => this.source.close())
  }

  look(): Promise<KraftQuorum | undefined> {
    const liveness = livenessOf(this.#brokers.map((one) => [one, upWith({ kraft: this.#kraft })]))
    const facts = this.#brokers.length === 0 ? {} : { roster: rosterOf(this.#brokers), liveness: seen(liveness) }
    return this.source.observe(lookAt(viewOf(facts)))
  }

  /** What each controller says, after looks until it is said. */
  async until(says: Readonly<Record<string, string>>): Promise<void> {
    let kinds: Record<string, string> = {}
    const agree = async (): Promise<boolean> => {
      kinds = Object.fromEntries([...((await this.look())?.controllers ?? [])].map(([text, one]) => [text, wordFor(one)])) // prettier-ignore
      return JSON.stringify(kinds) === JSON.stringify(says)
    }
    await waitUntil(JSON.stringify(says), agree, 10_000, 2).catch(() => undefined)
    expect(kinds).toEqual(says)
  }
}

function wordFor(answer: QuorumAnswer): string {
  return answer.kind === 'silent' ? answer.reason : answer.kind
}

describe('controllers that are given', () => {
  it('are asked directly, and those that do not lead say so: their bodies are ignored', async () => {
    const [leader, other] = await Promise.all([startKraft(), startKraft()])
    leader.quorum = { leaderId: 1, leaderEpoch: 3, voters: [{ id: 1, fetched: -1n }, { id: 2 }] }
    other.quorum = follower
    const fact = await new Setup([leader, other]).look()
    expect(fact?.controllers.get(other.text)).toEqual({ kind: 'not_leader' })
    expect(fact?.controllers.get(leader.text)).toMatchObject({
      kind: 'described',
      quorum: {
        leaderId: 1,
        leaderEpoch: 3,
        highWatermark: 99,
        voters: [
          { id: 1, lastFetchMs: 1_000 },
          { id: 2, lastFetchMs: 1_000 },
        ],
      },
    })
  })

  it.each<[why: string, FakeBroker['quorum'], FakeBroker['cluster'], string]>([
    ['nobody is known to lead', { leaderId: -1 }, {}, 'not_leader'],
    ['not authorised', { error: 31 }, {}, 'refused'],
    ['an error of some other kind', { partitionError: 3 }, {}, 'refused'],
    ["a broker's listener, which would forward the question", {}, { error: 114 }, 'refused'],
    ['a controller that says nothing of its cluster', {}, { error: 42 }, 'described'],
  ])('%s', async (_, quorum, cluster, kind) => {
    const controller = await startKraft()
    Object.assign(controller, { quorum, cluster })
    await new Setup([controller]).until({ [controller.text]: kind })
  })

  it('may be a ZooKeeper broker, or one of another cluster: refused', async () => {
    const [old, stranger, broker] = await Promise.all([startBroker(), startKraft(), startKraft()])
    stranger.cluster = { clusterId: 'another' }
    const fact = await new Setup([old, stranger], [broker]).look()
    expect(fact?.controllers.get(old.text)).toMatchObject({ kind: 'refused' })
    expect(fact?.controllers.get(stranger.text)).toEqual({ kind: 'refused', detail: 'it is a controller of cluster another' }) // prettier-ignore
  })

  it('are silent at once when they refuse, since the question was asked; a closed socket wakes the source', async () => {
    const [dead, other] = await Promise.all([startKraft(), startKraft()])
    const setup = new Setup([dead, other])
    await setup.until({ [dead.text]: 'described', [other.text]: 'described' })
    const { wakes } = setup
    // A connection that has just been opened does not wake when it goes.
    setup.now = 5_000
    dead.kill()
    await waitUntil('a wake', () => setup.wakes > wakes, 10_000, 2)
    const fact = await setup.look()
    expect(fact?.controllers.get(dead.text)).toEqual({ kind: 'silent', reason: 'refused', since: 5_000 })
    expect(fact?.controllers.get(other.text)).toMatchObject({ kind: 'described' })
  })

  it('are not held back by the silence of another: the look ends with the news', async () => {
    const [leader, hung] = await Promise.all([startKraft(), startKraft()])
    hung.behaviours = { every: silent }
    const began = performance.now()
    const fact = await new Setup([leader, hung], [], 10_000).look()
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(fact?.controllers.get(leader.text)).toMatchObject({ kind: 'described' })
  })

  it('are silent only after two silences; a single one is a doubt and changes nothing', async () => {
    const controller = await startKraft()
    const setup = new Setup([controller])
    await setup.until({ [controller.text]: 'described' })
    setup.now = 7_000
    let first = true
    controller.behaviours = {
      DescribeQuorum: ({ socket, right }) => {
        if (!first) socket.write(right)
        first = false
      },
    }
    await setup.look()
    await setup.until({ [controller.text]: 'described' })
    expect(setup.notes.failures).toEqual([[controller.text, 'hung']])
    controller.behaviours = { every: silent }
    await setup.until({ [controller.text]: 'hung' })
    expect((await setup.look())?.controllers.get(controller.text)).toMatchObject({ since: 7_000 })
  })

  it('that hang up before they ever answered may want TLS: nothing is known of them', async () => {
    const controller = await startKraft()
    controller.behaviours = { every: ({ socket }) => void socket.end() }
    await new Setup([controller]).until({ [controller.text]: 'refused' })
  })
})

describe('through brokers', () => {
  it('is asked where no controllers are given, with who is fenced and the version', async () => {
    const broker = await startKraft()
    broker.cluster = { fenced: [3] }
    const fact = await new Setup([], [broker]).look()
    expect(fact).toMatchObject({ broker: { kind: 'described' }, fenced: new Set([3]), metadataVersion: '4.1-IV1' })
    expect(fact?.controllers.size).toBe(0)
  })

  it('is asked beside controllers only while none of them leads', async () => {
    const [broker, controller] = await Promise.all([startKraft(), startKraft()])
    const setup = new Setup([controller], [broker])
    expect((await setup.look())?.broker).toBeUndefined()
    controller.quorum = follower
    await setup.look()
    expect((await setup.look())?.broker).toMatchObject({ kind: 'described' })
    expect(broker.count('DescribeQuorum')).toBe(1)
  })

  it('leaves the question where it is while nobody answers, one on each broker, and takes the late answer', async () => {
    const brokers = await Promise.all([startKraft(), startKraft()])
    const held = brokers.map(() => new Held())
    brokers.forEach((broker, i) => (broker.behaviours = { DescribeQuorum: held[i]?.behaviour ?? silent }))
    const setup = new Setup([], brokers, 900)
    setup.now = 1_000
    const first = await setup.look()
    setup.now = 2_000
    expect((await setup.look())?.broker).toEqual({ kind: 'silent', reason: 'hung', since: 1_000 })
    expect(first?.broker).toEqual({ kind: 'silent', reason: 'hung', since: 1_000 })
    expect(brokers.map((broker) => broker.count('DescribeQuorum'))).toEqual([1, 1])
    // Who is fenced, and the version, do not wait behind it.
    expect(first?.metadataVersion).toBe('4.1-IV1')
    held[1]?.release()
    await waitUntil('a wake', () => setup.wakes === 1, 10_000, 2)
    brokers.forEach((broker) => (broker.behaviours = {}))
    expect((await setup.look())?.broker).toMatchObject({ kind: 'described' })
    expect(brokers.map((broker) => broker.count('DescribeQuorum'))).toEqual([1, 2])
  })

  it('is no answer when the broker itself had none in time', async () => {
    const broker = await startKraft()
    broker.quorum = { error: 7 }
    expect((await new Setup([], [broker]).look())?.broker).toEqual({ kind: 'silent', reason: 'hung', since: 0 })
  })

  it('turns to the next broker in the same look while the first is silent', async () => {
    const brokers = await Promise.all([startKraft(), startKraft()])
    brokers[0].behaviours = { DescribeQuorum: silent }
    const { result, ms } = await timed(new Setup([], brokers, 5_000).look())
    expect(result?.broker).toMatchObject({ kind: 'described' })
    expect(ms).toBeLessThan(5_000)
  })

  it('is not asked in ZooKeeper mode: there is nothing to tell; and with nobody to ask there is no fact', async () => {
    const broker = await startBroker()
    expect(await new Setup([], [broker], 250, false).look()).toEqual({
      controllers: new Map(),
      broker: undefined,
      fenced: undefined,
      metadataVersion: undefined,
    })
    expect(broker.asked).toEqual([])
    expect(await new Setup([]).look()).toBeUndefined()
  })
})
