import { onTestFinished } from 'vitest'
import type { Address } from '../../src/model/address.ts'
import { sameView, type BrokerView } from '../../src/model/liveness.ts'
import type { Failure } from '../../src/model/result.ts'
import type { ConnectionOptions } from '../../src/sources/kafka/connection.ts'
import { askForView } from '../../src/sources/kafka/broker-view.ts'
import { Prober } from '../../src/sources/kafka/prober.ts'
import { waitUntil } from '../../testbed/wait.ts'
import { patient, plain } from './connections.ts'

/** A prober on a clock that stands still unless moved, and all that it told. Deadlines run in real time. */
export class Watched {
  now = 0
  changes = 0
  wakes = 0
  readonly failures: Failure[] = []
  readonly prober: Prober<BrokerView>

  constructor(address: Address, deadlineMs = patient, connection: ConnectionOptions = plain) {
    this.prober = new Prober(address, {
      clock: () => ({ mono: this.now, wall: this.now }),
      connection,
      ask: askForView,
      same: sameView,
      deadlineMs,
      hungReconnectMs: 10_000,
      changed: () => this.changes++,
      wake: () => this.wakes++,
      sent: () => undefined,
      failed: (failure) => this.failures.push(failure),
    })
    onTestFinished(() => this.prober.close())
  }

  /** `up`, or why it is not; undefined while it has not been judged. */
  get verdict(): string | undefined {
    const { state } = this.prober
    return state === undefined ? undefined : state.up ? 'up' : state.failure.reason
  }

  /** One probe, and the verdict after it. */
  async probed(): Promise<string | undefined> {
    await this.prober.probe()
    return this.verdict
  }

  /** It asks for a look. */
  async woken(times = 1): Promise<void> {
    await waitUntil(`woken ${times} times`, () => this.wakes >= times, 10_000, 2)
  }
}
