import type { LogComponent } from '../../../model/log-event.ts'
import type { Rule } from '../rule.ts'
import { controllerRules } from './controller.ts'
import { exhaustedRules } from './exhausted.ts'
import { diskRules } from './kafka-disks.ts'
import { fetcherRules } from './kafka-fetchers.ts'
import { groupRules } from './kafka-groups.ts'
import { lifecycleRules } from './kafka-lifecycle.ts'
import { networkRules } from './kafka-network.ts'
import { partitionRules } from './kafka-partitions.ts'
import { zookeeperClientRules } from './kafka-zookeeper-client.ts'
import { kraftBrokerRules } from './kraft-broker.ts'
import { kraftControllerRules } from './kraft-controller.ts'
import { kraftQuorumRules } from './kraft-quorum.ts'
import { stateChangeRules } from './state-changes.ts'
import { peerRules } from './zookeeper-peers.ts'
import { quorumRules } from './zookeeper-quorum.ts'
import { serverRules } from './zookeeper-servers.ts'
import { sessionRules } from './zookeeper-sessions.ts'

/** Of rules whose wordings begin alike, the first that fits. */
export const allRules: readonly Rule[] = [
  ...fetcherRules,
  ...partitionRules,
  ...diskRules,
  ...groupRules,
  ...lifecycleRules,
  ...networkRules,
  ...zookeeperClientRules,
  ...controllerRules,
  ...stateChangeRules,
  ...kraftControllerRules,
  ...kraftQuorumRules,
  ...kraftBrokerRules,
  ...sessionRules,
  ...peerRules,
  ...quorumRules,
  ...serverRules,
  ...exhaustedRules,
]

/** Every event that is counted: counters of those that never happened stand at 0. */
export const countedEvents: readonly { readonly component: LogComponent; readonly event: string }[] = allRules
  .filter(({ severity }) => severity !== 'noise')
  .map(({ component, event }) => ({ component, event }))
