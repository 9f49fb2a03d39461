/** Shapes that the tables of expected families share. */
import type { Wanted, WantedValue } from './compare.ts'
import { partitionsOf, type Picture } from './picture.ts'
import type { PartitionView } from './view.ts'

export type Expected = (picture: Picture) => readonly Wanted[]

/** Family -> every series that has to be there. */
export type Table = Readonly<Record<string, Expected>>

export function isKnown(picture: Picture): boolean {
  return picture.view !== undefined && !picture.aged
}

/** For families that live as long as their observation: gone once it is too old, unknown while there was none. */
export function fresh(expected: Expected): Expected {
  return (picture) => (isKnown(picture) ? expected(picture) : [])
}

export function one(value: WantedValue): readonly Wanted[] {
  return [{ labels: {}, value }]
}

export function count(matches: (partition: PartitionView, picture: Picture) => boolean): Expected {
  return (picture) => one(partitionsOf(picture).filter((partition) => matches(partition, picture)).length)
}

/** These outlive their observation. Before the first one there is nothing to count: 0 or absent, both are honest. */
export function lasting(matches: (partition: PartitionView, picture: Picture) => boolean): Expected {
  return (picture) =>
    picture.view === undefined ? [{ labels: {}, value: 0, optional: true }] : count(matches)(picture)
}

/** Configured brokers have no id before one has answered; then: all registered or named in a replica list. */
export function expectedBrokers(picture: Picture): readonly number[] {
  if (picture.view === undefined) return []
  const replicas = partitionsOf(picture).flatMap((said) => said.replicas)
  return [...new Set([...picture.addresses.keys(), ...picture.view.registered.keys(), ...replicas])]
}

/** `always`: it outlives its observation. */
export function eachBroker(value: (broker: number, picture: Picture) => WantedValue, always = false): Expected {
  return (picture) => {
    if (!always && !isKnown(picture)) return []
    return expectedBrokers(picture).map((id) => ({ labels: { broker: String(id) }, value: value(id, picture) }))
  }
}
