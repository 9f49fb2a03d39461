import type { CommandIo } from '../io.ts'

/** Smaller inputs are read before anyone looks. */
const largeBytes = 50 * 1024 * 1024
const everyMs = 200
const width = 24

/** A bar on standard error while a large input is read, if that is a terminal. */
export class Progress {
  readonly #err: CommandIo['err']
  readonly #total: number
  readonly #now: () => number
  #bytes = 0
  #drawnAt = -Infinity
  #isDrawn = false

  constructor(err: CommandIo['err'], total: number, now: () => number) {
    this.#err = err
    this.#total = total
    this.#now = now
  }

  add(bytes: number, file: string): void {
    this.#bytes += bytes
    if (this.#err.isTTY !== true || (this.#total < largeBytes && this.#bytes < largeBytes)) return
    const now = this.#now()
    if (now - this.#drawnAt < everyMs) return
    this.#drawnAt = now
    this.#isDrawn = true
    this.#err.write(`\r${barOf(this.#bytes, this.#total)} ${nameOf(file)}\u001b[K`)
  }

  end(): void {
    if (this.#isDrawn) this.#err.write('\r\u001b[K')
  }
}

const nameOf = (file: string): string => file.slice(-40).replace(/[^\x20-\x7e]/g, '?')

function barOf(bytes: number, total: number): string {
  const megabytes = `${Math.round(bytes / 1e6)} MB`
  if (total <= 0) return megabytes
  const part = Math.min(1, bytes / total)
  const full = Math.round(part * width)
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${String(Math.floor(part * 100)).padStart(3)} % ${megabytes}`
}
