import { askKafka, compactArray, compactString, int32, NO_TAGS, type Answer } from './raw-flexible.ts'

const DESCRIBE_QUORUM = 55
/** The first with times; Kafka 3.3 and newer. */
const VERSION = 1
const NOT_LEADER = 6

export interface Member {
  readonly id: number
  /** -1: not heard of since the election. */
  readonly logEndOffset: number
  /** ms on the leader's clock; -1: never. */
  readonly lastFetchMs: number
}

/** What the active controller says of the quorum. */
export interface QuorumWords {
  readonly leader: number
  readonly epoch: number
  readonly voters: readonly Member[]
  readonly observers: readonly Member[]
}

function members(answer: Answer): Member[] {
  return answer.list(() => {
    const member = { id: answer.int32(), logEndOffset: answer.int64(), lastFetchMs: answer.int64() }
    // When it was last caught up.
    answer.int64()
    answer.tags()
    return member
  })
}

/** Undefined: it does not lead. Throws on any other error. */
export function parseQuorum(answer: Answer): QuorumWords | undefined {
  const check = (error: number): boolean => {
    if (error !== 0 && error !== NOT_LEADER) throw new Error(`DescribeQuorum: error ${error}`)
    return error === 0
  }
  if (!check(answer.int16())) return undefined
  const [partition] = answer.list(() => {
    answer.text()
    const [words] = answer.list(() => {
      answer.int32()
      const isGood = check(answer.int16())
      const [leader, epoch] = [answer.int32(), answer.int32()]
      // The high watermark.
      answer.int64()
      const told = { leader, epoch, voters: members(answer), observers: members(answer) }
      answer.tags()
      return isGood ? told : undefined
    })
    answer.tags()
    return words
  })
  return partition
}

/** Asks a controller itself. */
export async function askQuorum(
  controller: { readonly host: string; readonly port: number },
  deadlineMs: number,
): Promise<QuorumWords | undefined> {
  const partitions = compactArray([Buffer.concat([int32(0), NO_TAGS])])
  const topics = compactArray([Buffer.concat([compactString('__cluster_metadata'), partitions, NO_TAGS])])
  return parseQuorum(await askKafka(controller, DESCRIBE_QUORUM, VERSION, Buffer.concat([topics, NO_TAGS]), deadlineMs))
}
