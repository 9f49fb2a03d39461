import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeDescribeCluster } from '../../../src/sources/kafka/describe-cluster.ts'
import { decodeDescribeQuorum } from '../../../src/sources/kafka/describe-quorum.ts'
import { decodeDescribeTopicPartitions } from '../../../src/sources/kafka/describe-topic-partitions.ts'
import { decodeFeatures } from '../../../src/sources/kafka/features.ts'
import { valueOf } from '../../support/results.ts'

interface Exchange {
  readonly node: number
  readonly api: string
  readonly version: number
  readonly reply: string
}

/** What a broker (node 0) and the three controllers 101, 102 and 103 (nodes 1 to 3) of Kafka 4.1.1 answered. */
const file = new URL('../../fixtures/kafka/kraft-4.1.1.json', import.meta.url)
const { exchanges } = JSON.parse(readFileSync(file, 'utf8')) as { exchanges: readonly Exchange[] }

describe('KRaft, Kafka 4.1.1', () => {
  const of = (api: string) => exchanges.filter((one) => one.api === api)
  const body = ({ reply }: Exchange): Buffer => Buffer.from(reply, 'base64')

  it('every node tells the finalized metadata.version', () => {
    expect(new Set(of('ApiVersions').map(({ node }) => node))).toEqual(new Set([0, 1, 2, 3]))
    for (const one of of('ApiVersions')) expect(valueOf(decodeFeatures(body(one)))?.get('metadata.version')).toBe(27)
  })

  it('the broker and the one controller that leads describe the quorum, the others do not lead', () => {
    const told = of('DescribeQuorum').map((one) => ({
      ...one,
      ...valueOf(decodeDescribeQuorum(body(one), one.version)),
    }))
    expect([...new Set(told.map(({ version }) => version))].sort()).toEqual([0, 1, 2])
    expect(told.filter(({ node }) => node > 0).map(({ error }) => error).filter((error) => error === 0)).toHaveLength(3) // prettier-ignore
    for (const { node, error, quorum: described, version } of told) {
      if (described === undefined) {
        expect([node > 0, error]).toEqual([true, 6])
        continue
      }
      expect(node === 0 || described.leaderId === 100 + node).toBe(true)
      expect(described.voters.map(({ id }) => id).sort()).toEqual([101, 102, 103])
      expect(described.observers.map(({ id }) => id)).toContain(1)
      for (const { logEndOffset, lastFetchMs } of described.voters) {
        expect(logEndOffset).toBeGreaterThan(0)
        expect(lastFetchMs === undefined).toBe(version === 0)
      }
    }
  })

  it('the broker tells of brokers and whether they are fenced, controllers tell of controllers', () => {
    const told = of('DescribeCluster').map((one) => ({ ...one, ...valueOf(decodeDescribeCluster(body(one), one.version)) })) // prettier-ignore
    const good = told.filter(({ error }) => error === 0)
    // Each side refuses to tell of the other: MISMATCHED_ENDPOINT_TYPE, or INVALID_REQUEST where v0 cannot say whom it means.
    expect([...new Set(told.map(({ error }) => error))].sort()).toEqual([0, 114, 42])
    expect(new Set(good.map(({ node }) => node))).toEqual(new Set([0, 1, 2, 3]))
    for (const { node, version, nodes, fenced, clusterId } of good) {
      expect(clusterId).toBe('MkU3OEVBNTcwNTJENDM2Qg')
      expect([...nodes].sort()).toEqual(node === 0 ? [1, 2, 3] : [101, 102, 103])
      expect(fenced).toEqual(version === 2 ? new Set() : undefined)
    }
  })

  it('a topic that is not there has no partitions', () => {
    const [one, ...others] = of('DescribeTopicPartitions')
    expect(others).toEqual([])
    const told = valueOf(decodeDescribeTopicPartitions(one === undefined ? Buffer.alloc(0) : body(one)))
    expect(told).toEqual({ partitions: [], next: undefined })
  })
})
