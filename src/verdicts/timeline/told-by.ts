import { namesSomebody } from './actors.ts'
import { leadershipTells } from './leadership.ts'
import { ownLogTells } from './own-log.ts'
import { phasesTell } from './phases.ts'
import { statesTold } from './serving.ts'
import { signsTell } from './signs.ts'
import { zookeeperGapsTell } from './zookeeper-gaps.ts'

/** The events that a timeline is made of: all others may be left out of a record. */
export const toldBy: ReadonlySet<string> = new Set([
  ...namesSomebody,
  ...leadershipTells,
  ...ownLogTells,
  ...phasesTell,
  ...statesTold,
  ...signsTell,
  ...zookeeperGapsTell,
])
