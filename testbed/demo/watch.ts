import { changesBetween, readPicture, type Picture } from './watched.ts'

const EVERY_MS = 250
const SCRAPE_DEADLINE_MS = 2_000

/** Reads /metrics four times a second, from its start to its end, and says what changed since the last act. */
export class Watch {
  readonly #url: string
  readonly #say: (line: string) => void
  #picture: Picture | undefined
  #since = performance.now()
  #isSilent = false
  #timer: NodeJS.Timeout | undefined
  #isOver = false

  constructor(url: string, say: (line: string) => void) {
    this.#url = url
    this.#say = say
  }

  get picture(): Picture | undefined {
    return this.#picture
  }

  start(): void {
    void this.#look()
  }

  end(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
  }

  /** Seconds are counted from here on. */
  restartClock(): void {
    this.#since = performance.now()
  }

  elapsed(): string {
    return `+${((performance.now() - this.#since) / 1000).toFixed(1)} s`.padEnd(9)
  }

  async #look(): Promise<void> {
    const began = performance.now()
    try {
      const picture = await scrape(this.#url)
      this.#tell(picture)
    } catch (error) {
      if (!this.#isSilent && !this.#isOver)
        this.#say(`${this.elapsed()} /metrics: ${error instanceof Error ? error.message : String(error)}`)
      this.#isSilent = true
    }
    if (this.#isOver) return
    this.#timer = setTimeout(() => void this.#look(), Math.max(0, began + EVERY_MS - performance.now()))
  }

  #tell(picture: Picture): void {
    if (this.#isOver) return
    this.#isSilent = false
    const changes = this.#picture === undefined ? [] : changesBetween(this.#picture, picture)
    this.#picture = picture
    for (const change of changes) this.#say(`${this.elapsed()} ${change}`)
  }
}

export async function scrape(url: string): Promise<Picture> {
  const response = await fetch(url, { signal: AbortSignal.timeout(SCRAPE_DEADLINE_MS) })
  if (!response.ok) throw new Error(`status ${response.status}`)
  return readPicture(await response.text())
}
