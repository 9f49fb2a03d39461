import type { Failure } from '../../src/model/result.ts'
import type { Look, Notes, Pace } from '../../src/source.ts'
import type { View } from '../../src/model/view.ts'

/** What a source noted down. */
export class Noted implements Notes {
  readonly apis: string[] = []
  readonly failures: (readonly [string, Failure['reason']])[] = []
  sent(api: string): void {
    this.apis.push(api)
  }
  failed(target: string, { reason }: Failure): void {
    this.failures.push([target, reason])
  }
  busy(): void {
    // Not of interest: milliseconds differ from run to run.
  }
}

/** As in `paces.ts`, with the deadlines that a test can wait for. */
export function paceOf(pace: Partial<Pace>): Pace {
  return { calmMs: 5_000, alertMs: 500, deadlineMs: 3_000, maxAgeMs: 15_000, ...pace }
}

export function lookAt(view: View): Look {
  return { signal: new AbortController().signal, view }
}
