/** Eligible leader replicas (Kafka 4.0 and newer) of the partitions that were asked for: leaderless ones and those under min ISR. */
export interface Elr {
  /** `topic` -> partition -> brokers that may be elected without loss, and the last that were known where the ELR is empty. */
  readonly partitions: ReadonlyMap<string, ReadonlyMap<number, EligibleReplicas>>
}

export interface EligibleReplicas {
  readonly eligible: readonly number[]
  readonly lastKnown: readonly number[]
  /** Of the partition when this was told: after an election there are others eligible than before it. */
  readonly leaderEpoch: number
}
