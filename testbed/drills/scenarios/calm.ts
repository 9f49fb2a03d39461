import { BACK_TO_HEALTHY, STARTS_HEALTHY } from './common.ts'
import type { Scenario } from '../scenario.ts'
import { writesQuick } from '../writing.ts'

/** Nothing is done to the servers, and nothing may be made of what they write. */
export const CALM: Scenario = {
  name: 'CALM',
  title: 'a healthy cluster that is written to: no event is counted that did not happen',
  plan: 'loopback',
  set: 'core',
  steps: [
    STARTS_HEALTHY,
    { writes: ['three-replicas/0', 'three-replicas/1', 'three-replicas/2'] },
    { calm: 'calm' },
    { claim: writesQuick('calm') },
    { writes: 'end' },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [],
  // The controller looks for leaders to be moved back every five minutes, and says so.
  logs: [{ since: 'calm', nothingBut: ['kafka_preferred_election'] }],
}
