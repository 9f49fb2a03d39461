import { describe, expect, it, onTestFinished } from 'vitest'
import type { View } from '../../../src/model/view.ts'
import { LivenessSource } from '../../../src/sources/kafka/liveness.ts'
import { OffsetsSource } from '../../../src/sources/kafka/offsets.ts'
import { TopologySource } from '../../../src/sources/kafka/topology.ts'
import { waitUntil } from '../../../testbed/wait.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import { allUp, livenessOf, rosterOf } from '../../support/clusters.ts'
import { patient, plain, timed } from '../../support/connections.ts'
import type { Behaviour, FakeBroker } from '../../support/fake-broker.ts'
import { announces, anothersBody, dripping, half, interrupted, neverAsked, reset, silent, tinyFrames, wrongId } from '../../support/fake-behaviours.ts' // prettier-ignore
import { lookAt, Noted, paceOf } from '../../support/notes.ts'
import { seen, topologyOf, upWith, viewOf } from '../../support/views.ts'

/** One broker of three is hostile; the others' series must not notice, and no wait may be longer than its deadline. */
const hostilities: readonly Hostility[] = [
  { name: 'the correlation id of another request', behaviour: wrongId, reason: 'protocol' },
  { name: 'replies to requests never sent', behaviour: neverAsked, reason: 'protocol' },
  { name: "another request's reply", behaviour: anothersBody, reason: 'protocol' },
  { name: 'a reply with another one in its middle', behaviour: interrupted, reason: 'protocol' },
  { name: 'a byte each 50 ms', behaviour: dripping(50), reason: 'hung' },
  { name: 'half a frame, then silence', behaviour: half(silent), reason: 'hung' },
  { name: 'half a frame, then a reset', behaviour: half(reset), reason: 'closed' },
  { name: 'tiny frames without end', behaviour: tinyFrames, reason: 'protocol' },
  // No probe needs as much; a topology of millions of partitions might.
  { name: '256 MiB, announced', behaviour: announces(256 * 1024 * 1024), reason: 'hung', probed: 'protocol' },
]

interface Hostility {
  readonly name: string
  readonly behaviour: Behaviour
  readonly reason: string
  /** Where a probe fails with another reason. */
  readonly probed?: string
}

const startBroker = brokersOfEachTest()
const deadlineMs = 700
const topics = { t: [{ leader: 1 }, { leader: 2 }, { leader: 3 }] }

async function cluster(): Promise<readonly [FakeBroker, FakeBroker, FakeBroker]> {
  const partitions = [1, 2, 3].map((id) => ({ partition: id - 1, leader: id, replicas: [id], isr: [id] }))
  const metadata = { topics: [{ name: 't', partitions }] }
  const brokers = await Promise.all([startBroker({ metadata }), startBroker({ metadata }), startBroker({ metadata })])
  brokers.forEach((broker, i) => (broker.offsetOf = () => ({ offset: BigInt(i + 1) })))
  return brokers
}

function viewWith(brokers: readonly FakeBroker[], facts: Partial<View> = {}): View {
  return viewOf({ roster: rosterOf(brokers), liveness: seen(allUp(brokers)), topology: seen(topologyOf(topics)), ...facts }) // prettier-ignore
}

describe.each(hostilities)('$name', ({ behaviour, reason, probed = reason }) => {
  it('to a probe: that broker is down, the others are up', async () => {
    const brokers = await cluster()
    const [one, hostile, three] = brokers
    const notes = new Noted()
    const source = new LivenessSource({
      seeds: brokers.map(({ address }) => address),
      connection: plain,
      clock: () => ({ mono: performance.now(), wall: 0 }),
      wake: () => undefined,
      look: () => undefined,
      notes,
      pace: paceOf({ alertMs: 50, deadlineMs }),
    })
    onTestFinished(() => source.close())
    hostile.behaviours = { Metadata: behaviour }
    const verdicts = async (): Promise<readonly (string | undefined)[]> => {
      const { targets } = await source.observe(lookAt(viewOf({})))
      return brokers.map(({ text }) => {
        const state = targets.get(text)
        return state?.up === false ? state.failure.reason : state && 'up'
      })
    }
    const judged = async (): Promise<boolean> => (await verdicts()).every((verdict) => verdict !== undefined)
    await waitUntil('all judged', judged, patient, 2)
    expect(await verdicts()).toEqual(['up', probed, 'up'])
    expect(new Set(notes.failures.map(([target]) => target))).toEqual(new Set([hostile.text]))
    expect([one.accepted, three.accepted]).toEqual([1, 1])
  })

  it('to the question for the topology: the next broker is asked', async () => {
    const brokers = await cluster()
    const notes = new Noted()
    const source = new TopologySource({
      seeds: [],
      connection: plain,
      clock: () => ({ mono: 100_000, wall: 0 }),
      notes,
      pace: paceOf({ deadlineMs }),
    })
    onTestFinished(() => source.close())
    brokers[0].behaviours = { Metadata: behaviour }
    const { result, ms } = await timed(source.observe(lookAt(viewWith(brokers))))
    expect(result?.askedOf).toEqual([brokers[1].text])
    expect(ms).toBeLessThan(5_000)
    await waitUntil('the failure', () => notes.failures.length > 0, patient, 2)
    expect(notes.failures).toEqual([[brokers[0].text, reason]])
    await brokers[0].abandoned()
    // It is asked again, over another connection, and believed.
    brokers[0].behaviours = {}
    const others = livenessOf([[brokers[0], upWith()]])
    const again = await source.observe(lookAt(viewWith(brokers, { liveness: seen(others) })))
    expect([again?.askedOf, brokers[0].accepted]).toEqual([[brokers[0].text], 2])
  })

  it('to the question for offsets: the others keep theirs', async () => {
    const brokers = await cluster()
    const notes = new Noted()
    const source = new OffsetsSource({
      connection: plain,
      clock: () => ({ mono: 1_000, wall: 0 }),
      notes,
      topologyIsStale: () => undefined,
      pace: paceOf({ deadlineMs }),
    })
    onTestFinished(() => source.close())
    // Two requests are under way; what both replies together make of a frame is another matter.
    const first = (): boolean => brokers[1].count('ListOffsets') === 1
    brokers[1].behaviours = { ListOffsets: (asked) => (first() ? behaviour : silent)(asked) }
    const { result, ms } = await timed(source.observe(lookAt(viewWith(brokers))))
    expect([...(result?.latest ?? [])]).toEqual([1, Number.NaN, 3])
    expect(ms).toBeLessThan(5_000)
    expect(notes.failures[0]).toEqual([brokers[1].text, reason])
    expect(new Set(notes.failures.map(([target]) => target))).toEqual(new Set([brokers[1].text]))
    await brokers[1].abandoned()
    brokers[1].behaviours = {}
    const again = await source.observe(lookAt(viewWith(brokers)))
    expect([...(again?.latest ?? [])]).toEqual([1, 2, 3])
    expect(brokers.map(({ accepted }) => accepted)).toEqual([1, 2, 1])
  })
})
