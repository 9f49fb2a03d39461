import type { Result } from '../../model/result.ts'
import type { ClusterMetadata } from '../../model/topology.ts'

interface Remembered {
  readonly version: number
  readonly reply: Buffer
  readonly decoded: Result<ClusterMetadata>
}

/** While brokers differ there are two stories, rarely more. */
const mostRemembered = 2
/** The throttle time, which comes first, says nothing of the cluster. */
const throttleBytes = 4

/**
 * The newest replies and what they were decoded to. A broker repeats itself byte for byte until something changes, and
 * brokers that agree send the same bytes as each other (seen on Kafka 2.6.0 and 3.9.1; in KRaft mode the
 * controller id is another each time): comparing costs a hundredth of decoding.
 */
export class MetadataMemory {
  #remembered: readonly Remembered[] = []

  /** The same object as before for the same bytes. */
  decode(reply: Buffer, version: number, decode: (reply: Buffer) => Result<ClusterMetadata>): Result<ClusterMetadata> {
    const body = reply.subarray(throttleBytes)
    const known = this.#remembered.find(
      (one) => one.version === version && one.reply.subarray(throttleBytes).equals(body),
    )
    const newest = known ?? { version, reply, decoded: decode(reply) }
    const others = this.#remembered.filter((one) => one !== known).slice(0, mostRemembered - 1)
    if (newest.decoded.ok) this.#remembered = [newest, ...others]
    return newest.decoded
  }
}
