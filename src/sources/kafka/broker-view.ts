import type { BrokerView } from '../../model/liveness.ts'
import { failed, success, type Result } from '../../model/result.ts'
import { apiKeys } from './api.ts'
import type { Connection } from './connection.ts'
import { metadataCall } from './metadata.ts'

/** A broker's own view of the cluster: Metadata without topics. */
export async function askForView(connection: Connection, deadlineMs: number): Promise<Result<BrokerView>> {
  const call = metadataCall(connection.versions, 'none')
  if (call === undefined) return failed('protocol', 'the broker speaks no Metadata version from v4 to v12')
  const answer = await connection.request(call, deadlineMs)
  if (!answer.ok) return answer
  const { clusterId, controllerId, brokers } = answer.value
  const kraft = connection.versions.has(apiKeys.DescribeQuorum)
  return success({ clusterId, controllerId, brokerIds: brokers.map((broker) => broker.id), kraft })
}
