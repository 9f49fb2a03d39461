import { activeAlerts, alertChanges, type Alert } from '../monitoring/alerts.ts'

const EVERY_MS = 500

/** Says what becomes of Prometheus' alerts. */
export class AlertWatch {
  readonly #prometheus: string
  readonly #say: (line: string) => void
  #before: readonly Alert[] = []
  #timer: NodeJS.Timeout | undefined
  #isOver = false

  constructor(prometheus: string, say: (line: string) => void) {
    this.#prometheus = prometheus
    this.#say = say
  }

  start(): void {
    void this.#look()
  }

  end(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
  }

  async #look(): Promise<void> {
    try {
      const now = await activeAlerts(this.#prometheus)
      for (const change of this.#isOver ? [] : alertChanges(this.#before, now)) this.#say(change)
      this.#before = now
    } catch {
      // A look that fails tells nothing; the next one is due in a moment.
    }
    if (!this.#isOver) this.#timer = setTimeout(() => void this.#look(), EVERY_MS)
  }
}
