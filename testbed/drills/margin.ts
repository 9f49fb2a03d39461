/** How many more brokers may be lost, and what each would cost: from the picture alone, as the contract defines it. */
import { minIsrOf } from './families-durability.ts'
import { isDown, leaderUnreachable, partitionsOf, type Picture } from './picture.ts'
import type { PartitionView } from './view.ts'

export type Guarantee = 'leader' | 'acks_all'
export type Scope = 'all' | 'redundant'

/** ISR members that answer and hold their replica online. */
function usableIsr(picture: Picture, said: PartitionView): readonly number[] {
  return said.isr.filter((id) => !isDown(picture, id) && !said.offline.includes(id))
}

function needed(picture: Picture, said: PartitionView, guarantee: Guarantee): number {
  return guarantee === 'leader' ? 1 : (minIsrOf(picture, said) ?? NaN)
}

/** `frozen`: nothing fails over. Undefined when no partition is in the scope. */
export function margin(picture: Picture, guarantee: Guarantee, scope: Scope, frozen: boolean): number | undefined {
  const margins = partitionsOf(picture).flatMap((said) => {
    const need = needed(picture, said, guarantee)
    if (scope === 'redundant' && said.replicas.length - need <= 0) return []
    const left = usableIsr(picture, said).length - need
    return [said.leader === -1 ? Math.min(left, -1) : left]
  })
  if (margins.length === 0) return undefined
  return Math.min(...margins, ...(frozen ? [0] : []))
}

/** Partitions that would have no leader, but for which one is named now. */
export function lossLeaderless(picture: Picture, broker: number, frozen: boolean): number {
  if (isDown(picture, broker)) return 0
  return partitionsOf(picture).filter((said) => {
    if (said.leader === -1) return false
    if (frozen) return said.leader === broker
    const usable = usableIsr(picture, said)
    return usable.length === 1 && usable[0] === broker
  }).length
}

/** Frozen, an ISR cannot shrink either: acks=all then needs every member of it. */
function isWritable(picture: Picture, said: PartitionView, frozen: boolean): boolean {
  const usable = usableIsr(picture, said)
  const enough = usable.length >= needed(picture, said, 'acks_all')
  if (!frozen) return enough
  return enough && said.leader !== -1 && !leaderUnreachable(picture, said) && usable.length === said.isr.length
}

/** Partitions that acks=all can write now and could not without it. */
export function lossUnwritable(picture: Picture, broker: number, frozen: boolean): number {
  if (isDown(picture, broker)) return 0
  return partitionsOf(picture).filter((said) => {
    if (!isWritable(picture, said, frozen) || !usableIsr(picture, said).includes(broker)) return false
    return frozen || usableIsr(picture, said).length - 1 < needed(picture, said, 'acks_all')
  }).length
}

/** Leaderless partitions that wait for it. */
export function awaited(picture: Picture, broker: number): number {
  return partitionsOf(picture).filter((said) => {
    if (said.leader !== -1) return false
    const { isr, eligible = [] } = said
    const clean = [...isr, ...eligible]
    return (clean.length > 0 ? clean : (picture.lastIsr.get(`${said.topic}/${said.partition}`) ?? [])).includes(broker)
  }).length
}
