import type { LogFileFacts } from '../../model/log-facts.ts'

export type { Incident, Phase, PhaseName, Proof, Timeline, ZookeeperGap } from '../../verdicts/timeline/types.ts'
export type LogFileOwner = Pick<LogFileFacts, 'roles' | 'node' | 'myid' | 'idFrom'>
