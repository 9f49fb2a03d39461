import type { Scenario } from '../scenario.ts'
import { CHANGES } from './changes.ts'
import { FACT2, ZOMBIE } from './coordination.ts'
import { C, TOTAL } from './kills.ts'
import { PAUSE, PAUSE_KILL } from './pause.ts'
import { CUT, LATE } from './reach.ts'
import { A, B } from './stops.ts'

export const SCENARIOS: readonly Scenario[] = [A, B, C, PAUSE, PAUSE_KILL, TOTAL, FACT2, LATE, CHANGES, ZOMBIE, CUT]
