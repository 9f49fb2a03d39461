import type { State } from '../store.ts'
import { aggregation, gauge, type Family, type Row } from './family.ts'

/** A burst of what is wrong must not become a burst of series. */
export const mostRows = 1_000

/** The worst rows of a family, and how many more there are. */
export interface Worst {
  readonly rows: readonly Row[]
  readonly omitted: number
}

/** Something that leaves out series, and how many; `family.name` is the label. */
export interface Omitting {
  readonly family: Pick<Family, 'name'>
  /** undefined: the family cannot have a series here. */
  readonly omitted: (state: State) => number | undefined
}

/** A family that shows its worst `mostRows` only. */
export interface Bounded extends Omitting {
  readonly family: Family
}

/** `worst` is asked twice a page, for the rows and for the rest, so it should be cheap or remembered. */
export function bounded(
  name: string,
  help: string,
  labels: readonly string[],
  worst: (state: State) => Worst,
): Bounded {
  return {
    family: gauge(name, help, labels, (state) => worst(state).rows),
    omitted: (state) => worst(state).omitted,
  }
}

export function omittedFamily(families: readonly Omitting[]): Family {
  return gauge(
    'kafka_ha_series_omitted',
    `Series left out of a family that is bounded. ${aggregation.own}`,
    ['family'],
    (state) =>
      families.flatMap(({ family, omitted }) => {
        const value = omitted(state)
        return value === undefined ? [] : [{ labels: `family="${family.name}"`, value }]
      }),
  )
}
