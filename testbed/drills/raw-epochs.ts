import { createRequire } from 'node:module'
import type { RawMetadata } from './view.ts'

/** Metadata is asked for in version 7, which tells leader epochs; kafkajs knows it up to 6. */
const VERSION = 7

interface Decoder {
  readInt16(): number
  readInt32(): number
  readBoolean(): boolean
  readString(): string | null
  readArray<Item>(item: (decoder: Decoder) => Item): Item[]
}

// Deep imports have no types; what is used of them is declared above.
const load: (path: string) => unknown = createRequire(import.meta.url)
const Decoder = load('kafkajs/src/protocol/decoder') as new (data: Buffer) => Decoder
const requestBefore = load('kafkajs/src/protocol/requests/metadata/v6/request') as (body: object) => object

/** All topics; creates none. The request is as it was in version 6. */
export function metadataRequest(): object {
  return { ...requestBefore({ topics: [], allowAutoTopicCreation: false }), apiVersion: VERSION }
}

export function parseMetadata(data: Buffer): RawMetadata {
  const answer = new Decoder(data)
  // The throttle.
  answer.readInt32()
  return {
    brokers: answer.readArray((broker) => {
      const [nodeId, host, port] = [broker.readInt32(), broker.readString() ?? '', broker.readInt32()]
      // Its rack.
      broker.readString()
      return { nodeId, host, port }
    }),
    clusterId: answer.readString(),
    controllerId: answer.readInt32(),
    topicMetadata: answer.readArray((topic) => {
      // Its error.
      topic.readInt16()
      return {
        topic: topic.readString() ?? '',
        isInternal: topic.readBoolean(),
        partitionMetadata: topic.readArray(partition),
      }
    }),
  }
}

function partition(said: Decoder): RawMetadata['topicMetadata'][number]['partitionMetadata'][number] {
  const ids = (): number[] => said.readArray((one) => one.readInt32())
  // Its error.
  said.readInt16()
  return {
    partitionId: said.readInt32(),
    leader: said.readInt32(),
    leaderEpoch: said.readInt32(),
    replicas: ids(),
    isr: ids(),
    offlineReplicas: ids(),
  }
}
