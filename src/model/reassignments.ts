/** One partition whose replicas are being changed. */
export interface Reassignment {
  readonly topic: string
  readonly partition: number
  /** Replicas that it shall have and does not have yet. They are in its replica list already. */
  readonly adding: readonly number[]
}

/** Every reassignment under way. */
export interface Reassignments {
  /**
   * `refused`: this exporter's user may not ask (Describe on the cluster). `unsupported`: the brokers cannot be asked (before
   * Kafka 2.4). In both cases `partitions` is empty and says nothing.
   */
  readonly access: 'granted' | 'refused' | 'unsupported'
  readonly partitions: readonly Reassignment[]
}
