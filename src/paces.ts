import type { FactName } from './model/view.ts'
import type { Pace } from './source.ts'

/**
 * Part of what the metrics promise. liveness probes every second target a look, so that each broker is probed every second
 * in calm times and every half second after a change.
 */
export const paces: Readonly<Record<FactName, Pace>> = {
  liveness: { calmMs: 500, alertMs: 250, deadlineMs: 1_500, maxAgeMs: 5_000 },
  topology: { calmMs: 5_000, alertMs: 500, deadlineMs: 3_000, maxAgeMs: 15_000 },
  offsets: { calmMs: 5_000, alertMs: 2_000, deadlineMs: 3_000, maxAgeMs: 15_000 },
}
