import type { Unit } from './types.ts'

export type Role = 'kafka' | 'zk'

/** One server of a node. `node3` stands for both. */
export interface Member {
  readonly role: Role
  readonly id: number
}

/** In the order in which an operator starts them: ZooKeeper first. Throws on anything that is not a unit of this cluster. */
export function membersOf(unit: string, nodes: number): readonly Member[] {
  const match = /^(kafka|zk|node)([1-9]\d*)$/.exec(unit)
  const id = Number(match?.[2])
  if (match === null || id > nodes) {
    throw new Error(
      `no unit ${JSON.stringify(unit)}: kafka1 to kafka${nodes}, zk1 to zk${nodes}, node1 to node${nodes}`,
    )
  }
  if (match[1] === 'kafka') return [{ role: 'kafka', id }]
  if (match[1] === 'zk') return [{ role: 'zk', id }]
  return [
    { role: 'zk', id },
    { role: 'kafka', id },
  ]
}

export function nameOf(member: Member): Unit {
  return `${member.role}${member.id}`
}
