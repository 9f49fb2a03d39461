import type { Instant } from './model/instant.ts'
import type { Failure } from './model/result.ts'
import type { LookFailure, Report } from './runner.ts'
import type { Notes } from './source.ts'

/** What the exporter tells of one of its own sources. */
export interface SourceStatus {
  readonly name: string
  readonly maxAgeMs: number
  /** Whether the newest look brought anything usable; undefined before the first has ended. */
  readonly up: boolean | undefined
  /** Looks in a row that brought nothing. */
  readonly failures: number
  readonly lastSuccess: Instant | undefined
  readonly durationMs: number | undefined
  /** Why the newest look brought nothing, if it failed as a whole. */
  readonly failure: LookFailure | undefined
  /** Api -> requests sent since the start. */
  readonly sent: ReadonlyMap<string, number>
  readonly errors: readonly ErrorCount[]
}

export interface ErrorCount {
  readonly target: string
  readonly reason: string
  readonly count: number
}

/** Brokers that come back under ever new addresses must not grow the counters for ever; the rest is counted as `other`. */
const mostTargets = 1_000

/** Keeps the books of one source. */
export class SourceLedger implements Notes {
  #status: SourceStatus
  #busyMs = 0
  readonly #sent = new Map<string, number>()
  readonly #errors = new Map<string, Map<string, number>>()

  constructor(name: string, maxAgeMs: number) {
    this.#status = {
      name,
      maxAgeMs,
      up: undefined,
      failures: 0,
      lastSuccess: undefined,
      durationMs: undefined,
      failure: undefined,
      sent: new Map(),
      errors: [],
    }
  }

  get status(): SourceStatus {
    const errors = [...this.#errors].flatMap(([target, reasons]) =>
      [...reasons].map(([reason, count]) => ({ target, reason, count })),
    )
    return { ...this.#status, sent: new Map(this.#sent), errors }
  }

  /** So that their counters start at 0. */
  expect(apis: readonly string[]): void {
    for (const api of apis) this.#sent.set(api, this.#sent.get(api) ?? 0)
  }

  sent(api: string): void {
    this.#sent.set(api, (this.#sent.get(api) ?? 0) + 1)
  }

  failed(target: string, { reason }: Failure): void {
    this.#count(target, reason)
  }

  busy(ms: number): void {
    this.#busyMs += ms
  }

  takeBusyMs(): number {
    const ms = this.#busyMs
    this.#busyMs = 0
    return ms
  }

  looked(report: Report, now: Instant): void {
    const usable = report.out !== undefined
    if (report.failure !== undefined) this.#count('', report.failure.reason)
    this.#status = {
      ...this.#status,
      up: usable,
      failures: usable ? 0 : this.#status.failures + 1,
      lastSuccess: usable ? now : this.#status.lastSuccess,
      durationMs: report.tookMs,
      failure: report.failure,
    }
  }

  #count(target: string, reason: string): void {
    const known = this.#errors.has(target) || this.#errors.size < mostTargets ? target : 'other'
    const reasons = this.#errors.get(known) ?? new Map<string, number>()
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    this.#errors.set(known, reasons)
  }
}
