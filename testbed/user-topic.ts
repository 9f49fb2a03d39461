import type { Cluster } from './types.ts'

export const TEST_TOPIC = 'test-topic'

/** The topic of the user's test: leaders 2, 3, 1, latest offsets 1, 6, 3. Needs three nodes. */
export async function createTestTopic(cluster: Cluster): Promise<void> {
  await cluster.createTopic({ name: TEST_TOPIC, replicaAssignment: '2:3,3:1,1:2' })
  for (const [partition, records] of [1, 6, 3].entries()) await cluster.produce(TEST_TOPIC, partition, records)
}
