import type { Result } from '../../model/result.ts'

/** Kafka's api keys that this exporter sends. */
export const apiKeys = {
  ListOffsets: 2,
  Metadata: 3,
  SaslHandshake: 17,
  ApiVersions: 18,
  DescribeConfigs: 32,
  SaslAuthenticate: 36,
  ListPartitionReassignments: 46,
  /** Brokers of a ZooKeeper cluster do not offer it; KRaft brokers and controllers always do. */
  DescribeQuorum: 55,
  DescribeCluster: 60,
  DescribeTopicPartitions: 75,
} as const

export type ApiName = keyof typeof apiKeys

/** Kafka's error codes that say more than that something failed. */
export const errorCodes = {
  leaderNotAvailable: 5,
  notLeaderOrFollower: 6,
  requestTimedOut: 7,
  topicAuthorizationFailed: 29,
  clusterAuthorizationFailed: 31,
  notController: 41,
} as const

/**
 * One request of one api in one version, and how its reply is read. Decoders never throw and never reject a reply for the
 * error code of a partition: that is an answer.
 */
export interface Call<T> {
  readonly api: ApiName
  readonly version: number
  /** From this version on headers and bodies are flexible (compact, tagged). */
  readonly flexible: boolean
  /** The header of the reply is not: ApiVersions alone, so that brokers of any age can be understood. */
  readonly plainReply?: boolean
  readonly body: Buffer
  decode(reply: Buffer): Result<T>
}

/** Versions of each api key that a broker takes. */
export type ApiVersions = ReadonlyMap<number, { readonly min: number; readonly max: number }>

/** The newest version that both sides speak, undefined if there is none. */
export function commonVersion(versions: ApiVersions, api: ApiName, min: number, max: number): number | undefined {
  const theirs = versions.get(apiKeys[api])
  if (theirs === undefined) return undefined
  const version = Math.min(theirs.max, max)
  return version >= Math.max(theirs.min, min) ? version : undefined
}
