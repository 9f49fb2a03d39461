import { Writer } from '../../src/sources/kafka/writer.ts'
import { metadataHead, metadataTail, metadataTopic } from '../../test/support/replies.ts'
import { hashOrder, type ClusterState } from './state.ts'

/** All topics in one version: encoded once, a topic again after it changed. */
interface Encoded {
  readonly chunks: Buffer[]
  /** `ClusterState.clock` at which it was up to date. */
  at: number
  whole: Buffer
  /** Where each topic begins in `whole`. */
  starts: readonly number[]
}

/** Metadata replies of brokers that believe one state. */
export class MetadataReplies {
  readonly #state: ClusterState
  readonly #order: readonly number[]
  readonly #encoded = new Map<number, Encoded>()

  constructor(state: ClusterState) {
    this.#state = state
    this.#order = hashOrder(state.topics.length)
  }

  /**
   * The reply's body in pieces: no piece is copied. `turn` says which topic comes first: their order means nothing.
   */
  body(version: number, topics: 'all' | 'none', turn: number): readonly Buffer[] {
    const head = new Writer()
    metadataHead(head, version, this.#state, topics === 'all' ? this.#state.topics.length : 0)
    const tail = new Writer()
    metadataTail(tail, version)
    if (topics === 'none') return [head.finish(), tail.finish()]
    const { whole, starts } = this.#topics(version)
    const cut = starts[turn % Math.max(1, starts.length)] ?? 0
    return [head.finish(), whole.subarray(cut), whole.subarray(0, cut), tail.finish()]
  }

  #topics(version: number): Encoded {
    const encoded = this.#encoded.get(version) ?? { chunks: [], at: 0, whole: Buffer.alloc(0), starts: [] }
    this.#encoded.set(version, encoded)
    if (encoded.at === this.#state.clock) return encoded
    const stale = this.#order.map((index) => (this.#state.topics[index]?.changedAt ?? 0) > encoded.at)
    stale.forEach((isStale, i) => {
      const topic = this.#state.topics[this.#order[i] ?? -1]
      if (!isStale || topic === undefined) return
      const writer = new Writer()
      metadataTopic(writer, version, topic)
      encoded.chunks[i] = writer.finish()
    })
    encoded.at = this.#state.clock
    if (!stale.includes(true)) return encoded
    encoded.whole = Buffer.concat(encoded.chunks)
    let at = 0
    encoded.starts = encoded.chunks.map((chunk) => (at += chunk.length) - chunk.length)
    return encoded
  }
}
