import type { Wanted, WantedValue } from './compare.ts'
import { eachBroker, fresh, type Expected, type Table } from './expected.ts'
import { controllerUp } from './families-cluster.ts'
import { withMinIsr } from './families-durability.ts'
import { awaited, lossLeaderless, lossUnwritable, margin, type Guarantee } from './margin.ts'
import type { Picture } from './picture.ts'

/** Both, while it may be shown either way whether anything fails over. */
function eachReading<T>(picture: Picture, read: (frozen: boolean) => T): readonly T[] {
  return controllerUp(picture).map((up) => read(up === 0))
}

function oneOf(values: readonly number[]): WantedValue {
  const [only = NaN, ...others] = new Set(values)
  return others.length === 0 ? only : [only, ...others]
}

function margins(guarantee: Guarantee): Expected {
  return (picture) =>
    (['all', 'redundant'] as const).flatMap((scope): readonly Wanted[] => {
      const values = eachReading(picture, (frozen) => margin(picture, guarantee, scope, frozen))
      const known = values.filter((value) => value !== undefined)
      return known.length === 0 ? [] : [{ labels: { guarantee, scope }, value: oneOf(known) }]
    })
}

const leaderMargins = fresh(margins('leader'))
const writeMargins = withMinIsr(margins('acks_all'))

export const marginFamilies: Table = {
  kafka_ha_broker_failure_margin: (picture) => [...leaderMargins(picture), ...writeMargins(picture)],
  kafka_ha_broker_loss_leaderless_partitions: eachBroker((id, picture) =>
    oneOf(eachReading(picture, (frozen) => lossLeaderless(picture, id, frozen))),
  ),
  kafka_ha_broker_loss_unwritable_partitions: withMinIsr(
    eachBroker((id, picture) => oneOf(eachReading(picture, (frozen) => lossUnwritable(picture, id, frozen)))),
  ),
  kafka_ha_broker_awaited_partitions: eachBroker((id, picture) => awaited(picture, id)),
}
