import type { Scenario } from '../scenario.ts'
import { I } from './alone.ts'
import { CALM } from './calm.ts'
import { CHANGES } from './changes.ts'
import { NOZK_CONFIGS, NOZK_LATE, NOZK_MANY } from './configs.ts'
import { FACT2, ZOMBIE } from './coordination.ts'
import { ELECTIONS } from './elections.ts'
import { KRAFT_CUT, KRAFT_KILL, KRAFT_PAUSE } from './kraft.ts'
import { KRAFT_BROKER_ONLY, KRAFT_ELR, KRAFT_SEPARATE } from './kraft-placed.ts'
import { C, TOTAL } from './kills.ts'
import { MINISR } from './minisr.ts'
import { PAUSE, PAUSE_KILL } from './pause.ts'
import { LATE } from './reach.ts'
import { REASSIGN } from './reassign.ts'
import { ROLLING } from './rolling.ts'
import { F, G, H, WOKEN } from './nodes.ts'
import { D, E, E_PAUSE } from './quorum.ts'
import { A, B } from './stops.ts'

const CORE = [A, B, C, PAUSE, CALM] as const
/** Of the ensemble, and of whole nodes. */
const NODES = [D, E, E_PAUSE, F, G, H, I, WOKEN] as const
/** Without ZooKeeper. */
const KRAFT = [KRAFT_KILL, KRAFT_PAUSE, KRAFT_SEPARATE, KRAFT_BROKER_ONLY, KRAFT_ELR, KRAFT_CUT] as const
const DURABILITY = [MINISR, REASSIGN, ELECTIONS, ROLLING] as const
const COORDINATION = [FACT2, NOZK_CONFIGS, NOZK_MANY, NOZK_LATE] as const

export const SCENARIOS: readonly Scenario[] = [
  ...CORE,
  ...NODES,
  ...KRAFT,
  PAUSE_KILL,
  TOTAL,
  ...COORDINATION,
  LATE,
  CHANGES,
  ...DURABILITY,
  ZOMBIE,
]
