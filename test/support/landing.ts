import type { PartitionFacts } from '../../src/web/contract.ts'

export const unknownPartitions: PartitionFacts = {
  total: undefined,
  leaderless: undefined,
  unreachableLeader: undefined,
  unavailable: undefined,
  underReplicated: undefined,
  underMinIsr: undefined,
  unreachableIsr: undefined,
}

export function wellPartitions(total: number): PartitionFacts {
  return {
    total,
    leaderless: 0,
    unreachableLeader: 0,
    unavailable: 0,
    underReplicated: 0,
    underMinIsr: 0,
    unreachableIsr: 0,
  }
}
