import type { Absence } from './absences.ts'
import { hostOf } from './actors.ts'
import type { Group } from './nearby.ts'
import type { How, Incident } from './types.ts'

export function howOf({ aways }: Group): How {
  const hows = aways.filter(({ absence }) => absence.actor.role !== 'client').map(({ cause }) => cause.how)
  const order: readonly How[] = ['stop', 'crash', 'cut', 'silent', 'ended', 'unknown']
  return order.find((how) => hows.includes(how)) ?? aways[0]?.cause.how ?? 'unknown'
}

export function scopeOf({ aways }: Group): Incident['scope'] {
  const roles = new Set(aways.map(({ absence }) => absence.actor.role))
  if (roles.has('node') || (roles.has('broker') && roles.has('zookeeper'))) return 'node'
  if (roles.has('broker')) return 'broker'
  return roles.has('zookeeper') ? 'zookeeper' : 'client'
}

const hows: Readonly<Record<How, (many: boolean) => string>> = {
  stop: (many) => `${were(many)} stopped cleanly`,
  crash: () => 'died without a word (kill -9, out of memory, power)',
  ended: () => 'ended (stopped or killed: ZooKeeper writes no line either way)',
  cut: (many) => `${were(many)} cut off the network and ran on`,
  silent: () => 'stopped answering (cut off the network, or frozen)',
  unknown: (many) => `${were(many)} lost, no line tells how`,
}

const were = (many: boolean): string => (many ? 'were' : 'was')

export function titleOf(group: Group, nodes: readonly number[], alone: readonly number[], kraft: boolean): string {
  const scope = scopeOf(group)
  const how = howOf(group)
  const many = nodes.length > 1
  const [teller] = group.aways.flatMap(({ absence, cause }) => (cause.how === 'cut' ? (absence.actor.id ?? []) : []))
  if (alone.length > 1 && teller !== undefined && group.aways.some(({ cause }) => cause.how === 'silent')) {
    const others = alone.filter((id) => id !== teller)
    return `Node ${teller} could not reach node${others.length === 1 ? '' : 's'} ${list(others)} over the network`
  }
  if (alone.length > 1) return `Nodes ${list(alone)} could not reach one another over the network: no majority was left`
  const { actor } = group.aways[0]?.absence ?? { actor: undefined }
  if (scope === 'client') {
    const address = group.aways[0]?.absence.signs.flatMap(({ event }) =>
      event.component === 'zookeeper' ? (event.fields.address ?? []) : [],
    )[0]
    const session = `${actor?.name ?? ''}${address === undefined ? '' : ` of a client at ${hostOf(address)}`}`
    return how === 'stop'
      ? `Session ${session} was closed by whoever held it`
      : `Session ${session} expired; no log tells who held it`
  }
  const ids = nodes.length === 0 ? `at ${actor?.name ?? 'an unknown address'}` : list(nodes)
  const what =
    scope === 'broker'
      ? `Broker${many ? 's' : ''} ${ids}`
      : scope === 'zookeeper'
        ? `ZooKeeper server${many ? 's' : ''} ${ids}`
        : `Node${many ? 's' : ''} ${ids}${kraft ? '' : ' (broker and ZooKeeper server)'}`
  const [only] = group.aways
  if (how === 'unknown' && only !== undefined && !only.absence.isStrong) return `${what} ${hearsayOf(only.absence)}`
  const isOwnWord = group.aways.every(({ absence }) => absence.signs.every(({ by }) => by === absence.actor.id))
  if (how === 'cut' && isOwnWord)
    return `${what} ran on and could not reach the others (it was cut off, or they were gone)`
  return `${what} ${hows[how](many)}`
}

function hearsayOf({ signs, backAt = Infinity }: Absence): string {
  const missed = signs.filter(({ kind, at }) => kind === 'missed' && at <= backAt)
  const by = [...new Set(missed.flatMap((sign) => sign.by ?? []))]
  if (by.length > 0) return `could not be reached by broker${by.length === 1 ? '' : 's'} ${list(by)}, no line tells why`
  const controller = signs.find(({ kind }) => kind === 'offline')?.by
  return `was gone when ${controller === undefined ? 'another broker' : `broker ${controller}`} became the controller: since when, no line tells`
}

export const list = (ids: readonly (number | string)[]): string =>
  ids.length < 2 ? ids.join('') : `${ids.slice(0, -1).join(', ')} and ${String(ids.at(-1))}`
