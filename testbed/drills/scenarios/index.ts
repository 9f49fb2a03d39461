import type { Scenario } from '../scenario.ts'
import { CHANGES } from './changes.ts'
import { NOZK_CONFIGS, NOZK_LATE, NOZK_MANY } from './configs.ts'
import { FACT2, ZOMBIE } from './coordination.ts'
import { ELECTIONS } from './elections.ts'
import { C, TOTAL } from './kills.ts'
import { MINISR } from './minisr.ts'
import { PAUSE, PAUSE_KILL } from './pause.ts'
import { CUT, LATE } from './reach.ts'
import { REASSIGN } from './reassign.ts'
import { ROLLING } from './rolling.ts'
import { A, B } from './stops.ts'

const CORE = [A, B, C, PAUSE] as const
const DURABILITY = [MINISR, REASSIGN, ELECTIONS, ROLLING] as const
const COORDINATION = [FACT2, NOZK_CONFIGS, NOZK_MANY, NOZK_LATE] as const

export const SCENARIOS: readonly Scenario[] = [
  ...CORE,
  PAUSE_KILL,
  TOTAL,
  ...COORDINATION,
  LATE,
  CHANGES,
  ...DURABILITY,
  ZOMBIE,
  CUT,
]
