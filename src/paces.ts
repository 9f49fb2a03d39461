import { configMaxAgeMs } from './model/configs.ts'
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
  reassignments: { calmMs: 30_000, alertMs: 5_000, deadlineMs: 5_000, maxAgeMs: 90_000 },
  // A look asks only for what is due: unhealthy topics every 15 s, the others every 300 s.
  configs: { calmMs: 15_000, alertMs: 15_000, deadlineMs: 10_000, maxAgeMs: configMaxAgeMs },
  quorum: { calmMs: 5_000, alertMs: 1_000, deadlineMs: 1_500, maxAgeMs: 15_000 },
  elr: { calmMs: 5_000, alertMs: 1_000, deadlineMs: 3_000, maxAgeMs: 15_000 },
  zookeeper: { calmMs: 5_000, alertMs: 1_000, deadlineMs: 1_500, maxAgeMs: 15_000 },
  sessions: { calmMs: 5_000, alertMs: 1_000, deadlineMs: 1_500, maxAgeMs: 15_000 },
  znodes: { calmMs: 5_000, alertMs: 1_000, deadlineMs: 1_500, maxAgeMs: 15_000 },
  // Whether files can be read and how much is left of them is not believed of a disk that hangs; what was counted is kept in
  // the history and does not age. A look reads for a fraction of its deadline: the rest is for a disk that is slow. Half of
  // the time may be spent on reading, or whoever writes faster than a tenth of it takes to read would never be caught up with.
  logs: { calmMs: 500, alertMs: 250, deadlineMs: 5_000, maxAgeMs: 15_000, busyShare: 2 },
}
