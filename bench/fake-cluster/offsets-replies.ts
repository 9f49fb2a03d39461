import { listOffsetsBody, type FakeOffset } from '../../test/support/replies.ts'
import { offsetsAsked, type OffsetsAsked, type RequestBody } from '../../test/support/requests.ts'
import type { ClusterState, PartitionState } from './state.ts'

const errors = { unknownTopicOrPartition: 3, notLeaderOrFollower: 6 } as const
const latest = -1
/** Two questions, each in a few parts. */
const mostKept = 16

/** ListOffsets replies of one broker. The same question about an unchanged cluster is answered from memory. */
export class OffsetsReplies {
  readonly #broker: number
  #kept: { readonly version: number; readonly body: Buffer; readonly reply: Buffer }[] = []
  #keptOf: ClusterState | undefined
  #keptAt = 0

  constructor(broker: number) {
    this.#broker = broker
  }

  body(request: RequestBody, state: ClusterState): Buffer {
    if (this.#keptOf !== state || this.#keptAt !== state.clock) this.#kept = []
    this.#keptOf = state
    this.#keptAt = state.clock
    const { version, body } = request
    const known = this.#kept.find((one) => one.version === version && one.body.equals(body))
    if (known !== undefined) return known.reply
    const reply = this.#encode(request, state)
    this.#kept = [...this.#kept.slice(1 - mostKept), { version, body: Buffer.from(body), reply }]
    return reply
  }

  #encode(request: RequestBody, state: ClusterState): Buffer {
    const topics = new Map<string, OffsetsAsked[]>()
    for (const asked of offsetsAsked(request)) {
      const list = topics.get(asked.topic)
      if (list === undefined) topics.set(asked.topic, [asked])
      else list.push(asked)
    }
    const answers = [...topics].map(([topic, asked]) => {
      const known = new Map(state.byName.get(topic)?.partitions.map((one) => [one.partition, one]))
      return { topic, partitions: asked.map((one) => this.#answer(state, known.get(one.partition), one)) }
    })
    return listOffsetsBody(request.version, answers)
  }

  #answer(
    { advanced }: ClusterState,
    known: PartitionState | undefined,
    { partition, timestamp }: OffsetsAsked,
  ): FakeOffset {
    if (known === undefined) return { partition, offset: -1n, error: errors.unknownTopicOrPartition }
    if (known.leader !== this.#broker) return { partition, offset: -1n, error: errors.notLeaderOrFollower }
    if (known.offsetError !== 0) return { partition, offset: -1n, error: known.offsetError }
    const start = (partition % 7) * 1_000
    return { partition, offset: BigInt(timestamp === latest ? start + 1_000_000 + advanced : start) }
  }
}
