import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../../model/instant.ts'
import { diskFailure, isAbsent } from './disk-failure.ts'
import type { FollowerNotes } from './follower.ts'
import { parsePositions, renderPositions, type PathPositions, type PositionDisk, type Positions } from './positions.ts'

/** Between two writes, milliseconds: what was read for longer before a kill is not read again. */
const paceMs = 1_000

/** A disk that does not answer must not hold up the look; the write goes on behind it. */
const patienceMs = 1_000

/** Reads the positions once and writes them at a bounded pace; what fails is told when it begins or changes. */
export class PositionKeeper {
  readonly #path: string
  readonly #disk: PositionDisk
  readonly #clock: Clock
  readonly #notes: FollowerNotes
  #writing: Promise<void> | undefined
  #writtenAt: number | undefined
  #written = ''
  #failure: string | undefined

  constructor(path: string, disk: PositionDisk, clock: Clock, notes: FollowerNotes) {
    this.#path = path
    this.#disk = disk
    this.#clock = clock
    this.#notes = notes
  }

  /** Undefined: there are none that can be believed. */
  async load(): Promise<Positions | undefined> {
    try {
      const read = parsePositions(await this.#disk.read(this.#path))
      if (!('problem' in read)) return read
      this.#warn(read.problem)
    } catch (error) {
      if (!isAbsent(error)) this.#warn(diskFailure(error).detail)
    }
    return undefined
  }

  /** Writes unless the last write was just now or goes on; the next call is the retry. */
  async save(ask: () => readonly PathPositions[], isLast: boolean): Promise<void> {
    const { mono, wall } = this.#clock()
    if (isLast) await withPatience(this.#writing)
    else if (this.#writtenAt !== undefined && mono - this.#writtenAt < paceMs) return
    if (this.#writing !== undefined) return
    const paths = ask()
    const places = JSON.stringify(paths)
    if (places === this.#written) return
    this.#writtenAt = mono
    this.#writing = this.#write(renderPositions({ writtenMs: wall, paths }), places)
    await withPatience(this.#writing)
  }

  async #write(text: string, places: string): Promise<void> {
    try {
      await this.#disk.replace(this.#path, text)
      this.#written = places
      this.#failure = undefined
    } catch (error) {
      const failure = diskFailure(error)
      if (failure.detail !== this.#failure) this.#notes.failed(this.#path, failure)
      this.#failure = failure.detail
    } finally {
      this.#writing = undefined
    }
  }

  #warn(problem: string): void {
    this.#notes.warn('the positions in the logs cannot be read; files begin as at a first start', {
      file: this.#path,
      problem: problem.slice(0, 300),
    })
  }
}

async function withPatience(work: Promise<void> | undefined): Promise<void> {
  if (work) await Promise.race([work, delay(patienceMs, undefined, { ref: false })])
}
