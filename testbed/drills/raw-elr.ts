import { askKafka, compactArray, compactString, int32, NO_TAGS, type Answer } from './raw-flexible.ts'
import { partitionKey } from './view.ts'

const DESCRIBE_TOPIC_PARTITIONS = 75
const NO_CURSOR = 0xff

/** `topic/partition` -> its eligible leader replicas. */
export type EligibleLeaders = ReadonlyMap<string, readonly number[]>

export function parseEligible(answer: Answer): EligibleLeaders {
  const eligible = new Map<string, readonly number[]>()
  const ids = (): number[] => answer.list(() => answer.int32())
  // The throttle.
  answer.int32()
  answer.list(() => {
    answer.int16()
    const topic = answer.text()
    // Its id, and whether it is internal.
    answer.bytes(17)
    answer.list(() => {
      answer.int16()
      const partition = answer.int32()
      // Leader and its epoch; replicas and ISR.
      answer.bytes(8)
      ids()
      ids()
      eligible.set(partitionKey(topic, partition), ids())
      // The last known ones, and the offline replicas.
      ids()
      ids()
      answer.tags()
    })
    // Authorized operations.
    answer.int32()
    answer.tags()
  })
  return eligible
}

/** Asks a broker of Kafka 4. */
export async function askEligible(
  broker: { readonly host: string; readonly port: number },
  topics: readonly string[],
  deadlineMs: number,
): Promise<EligibleLeaders> {
  const names = topics.map((topic) => Buffer.concat([compactString(topic), NO_TAGS]))
  const body = Buffer.concat([compactArray(names), int32(2000), Buffer.from([NO_CURSOR]), NO_TAGS])
  return parseEligible(await askKafka(broker, DESCRIBE_TOPIC_PARTITIONS, 0, body, deadlineMs))
}
