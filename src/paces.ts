import type { FactName } from './model/view.ts'
import type { Pace } from './source.ts'

/** docs/decisions/0001 says why these; the deadlines and ages are part of what the metrics promise. */
export const paces: Readonly<Record<FactName, Pace>> = {
  liveness: { calmMs: 1_000, alertMs: 500, deadlineMs: 1_500, maxAgeMs: 5_000 },
  topology: { calmMs: 5_000, alertMs: 500, deadlineMs: 3_000, maxAgeMs: 15_000 },
  offsets: { calmMs: 5_000, alertMs: 2_000, deadlineMs: 3_000, maxAgeMs: 15_000 },
}
