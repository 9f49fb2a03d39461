import type { Liveness, TargetState } from '../../src/model/liveness.ts'
import type { Roster } from '../../src/model/roster.ts'
import type { FakeBroker } from './fake-broker.ts'
import { refused, upWith } from './views.ts'

/** Ids are places in the list, from 1. */
export function rosterOf(brokers: readonly FakeBroker[]): Roster {
  return new Map(brokers.map(({ address }, i) => [i + 1, { address, namedAt: 0 }]))
}

export function livenessOf(states: readonly (readonly [FakeBroker, TargetState])[]): Liveness {
  return { targets: new Map(states.map(([{ text }, state]) => [text, state])) }
}

export function allUp(brokers: readonly FakeBroker[]): Liveness {
  return livenessOf(brokers.map((broker) => [broker, upWith()]))
}

export function allBut(dead: FakeBroker, brokers: readonly FakeBroker[]): Liveness {
  return livenessOf(brokers.map((broker) => [broker, broker === dead ? refused : upWith()]))
}
