import type { LogFileFacts } from '../../model/log-facts.ts'
import type { Timeline } from '../../verdicts/timeline/types.ts'
import type { AnalyzeOptions } from './options.ts'
import type { Reading } from './record.ts'

export type { Incident, Phase, PhaseName, Proof, Timeline, ZookeeperGap } from '../../verdicts/timeline/types.ts'
export type LogFileOwner = Pick<LogFileFacts, 'roles' | 'node' | 'myid' | 'idFrom'>

/** Names what was read beside what was found. */
export interface Report {
  readonly timeline: Timeline
  readonly reading: Reading
  readonly options: AnalyzeOptions
}
