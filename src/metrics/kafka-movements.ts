import type { State } from '../store.ts'
import { leaderChangeReasons } from '../verdicts/leader-change.ts'
import { aggregation, counter, type Family } from './family.ts'

/** What has moved since the start, as far as two looks in a row show it. */
export const movementFamilies: readonly Family[] = [
  counter(
    'kafka_ha_leader_changes_total',
    `Partitions seen with another leader than before, by reason: failover, preferred (election of the first replica), unclean (acknowledged records may be lost: the new one was neither in the last ISR nor, with KRaft, an eligible leader replica, where that was read within the last second), other. ${aggregation.kafkaSays}`,
    ['reason'],
    ({ history }) =>
      leaderChangeReasons.map((reason) => ({
        labels: `reason="${reason}"`,
        value: history.movements.leaderChanges[reason],
      })),
  ),
  total('kafka_ha_isr_shrinks_total', 'Partitions seen with an ISR that lost a member.', (state) => {
    return state.history.movements.isrShrinks
  }),
  total('kafka_ha_isr_expands_total', 'Partitions seen with an ISR that gained a member.', (state) => {
    return state.history.movements.isrExpands
  }),
  total('kafka_ha_controller_changes_total', 'Other controllers seen than before.', (state) => {
    return state.judgement.controller && state.history.controllerChanges.count
  }),
]

function total(name: string, help: string, value: (state: State) => number | undefined): Family {
  return counter(name, `${help} ${aggregation.kafkaSays}`, [], (state) => {
    const known = value(state)
    return known === undefined ? [] : [{ labels: '', value: known }]
  })
}
