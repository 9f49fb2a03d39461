/** How the drill itself watches one kind of coordinator: ZooKeeper's ensemble, or the controllers of KRaft. */
export interface CoordinatorWatch {
  start(): void
  stop(): void
  /** The member is dead: whatever it is still asked, the answer no longer counts. */
  forget(id: number): void
  /** It may answer again. */
  resume(id: number): void
}

/** Times are performance.now(). */
export interface Tell<Truth> {
  truth(truth: Truth, at: number): void
  /** A line for the timeline. */
  say(line: string, at: number): void
}
