import type { Mode, Role, Unit } from './types.ts'

/** One server of a node. `node3` stands for all of them. */
export interface Member {
  readonly role: Role
  readonly id: number
}

/** What runs on every node, in the order in which an operator starts it: the coordinator first. */
export function rolesOf(mode: Mode, hasSeparateControllers = false): readonly Role[] {
  if (mode === 'zookeeper') return ['zk', 'kafka']
  return hasSeparateControllers ? ['controller', 'kafka'] : ['kafka']
}

/** In the order in which an operator starts them. Throws on anything that is not a unit of this cluster. */
export function membersOf(unit: string, nodes: number, roles = rolesOf('zookeeper')): readonly Member[] {
  const match = /^([a-z]+)([1-9]\d*)$/.exec(unit)
  const id = Number(match?.[2])
  const role = roles.find((one) => one === match?.[1])
  if (match !== null && id <= nodes) {
    if (role !== undefined) return [{ role, id }]
    if (match[1] === 'node') return roles.map((one) => ({ role: one, id }))
  }
  const known = [...roles.toReversed(), 'node'].map((kind) => `${kind}1 to ${kind}${nodes}`)
  throw new Error(`no unit ${JSON.stringify(unit)}: ${known.join(', ')}`)
}

export function nameOf(member: Member): Unit {
  return `${member.role}${member.id}`
}
