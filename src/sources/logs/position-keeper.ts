import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../../model/instant.ts'
import { diskFailure, isAbsent } from './disk-failure.ts'
import type { FollowerNotes } from './follower.ts'
import { isNewer, newOwner, ownerIn, type Owner } from './positions-owner.ts'
import { parsePositions, renderPositions, type PositionDisk, type Positions } from './positions.ts'

/** Between two writes, milliseconds: what was read for longer before a kill is not read again. */
const paceMs = 1_000

/** Whoever lives writes as often, also what has not changed: who is silent for long was killed. Milliseconds. */
const aliveMs = 60_000
const deadMs = 5 * aliveMs

/** A failure that lasts is told again. */
const tellAgainMs = 10 * 60_000

/** A disk that does not answer must not hold up the look; the write goes on behind it. */
const patienceMs = 1_000

/**
 * Reads the positions once and writes them at a bounded pace; what fails is told when it begins or changes, and every ten
 * minutes. Where another process writes the same file the newer of the two goes on while it lives, and the other one says so.
 */
export class PositionKeeper {
  readonly #path: string
  readonly #disk: PositionDisk
  readonly #clock: Clock
  readonly #notes: FollowerNotes
  readonly #owner: Owner
  /** Who wrote what was read at the start: it is taken for dead, once. */
  #predecessor: string | undefined
  #writing: Promise<void> | undefined
  #writtenAt: number | undefined
  #written = ''
  #failure: { readonly detail: string; readonly toldAt: number } | undefined
  /** What a newer process wrote, and since when the same stands there: monotonic milliseconds. */
  #newer: { readonly beginning: string; readonly since: number } | undefined

  constructor(path: string, disk: PositionDisk, clock: Clock, notes: FollowerNotes) {
    this.#path = path
    this.#disk = disk
    this.#clock = clock
    this.#notes = notes
    this.#owner = newOwner(clock().wall)
  }

  /** Undefined: there are none that can be believed. */
  async load(): Promise<Positions | undefined> {
    try {
      const text = await this.#disk.read(this.#path)
      this.#predecessor = ownerIn(text)?.id
      const read = parsePositions(text)
      if (!('problem' in read)) return read
      this.#warn(read.problem)
    } catch (error) {
      if (!isAbsent(error)) this.#warn(diskFailure(error).detail)
    }
    return undefined
  }

  /** Writes unless the last write was just now or goes on; the next call is the retry. */
  async save(ask: () => Pick<Positions, 'writtenMs' | 'paths'>, isLast: boolean): Promise<void> {
    const { mono } = this.#clock()
    if (isLast) await withPatience(this.#writing)
    else if (this.#writtenAt !== undefined && mono - this.#writtenAt < paceMs) return
    if (this.#writing !== undefined) return
    const { writtenMs, paths } = ask()
    const places = JSON.stringify(paths)
    const isAlive = this.#writtenAt !== undefined && mono - this.#writtenAt < aliveMs
    if (places === this.#written && isAlive && !isLast) return
    this.#writtenAt = mono
    // Whoever ends in order leaves the file to anybody.
    const owner = isLast ? undefined : this.#owner
    this.#writing = this.#write(renderPositions({ owner, writtenMs, paths }), places)
    await withPatience(this.#writing)
  }

  async #write(text: string, places: string): Promise<void> {
    try {
      await this.#refuseAnother()
      await this.#disk.replace(this.#path, text)
      this.#predecessor = undefined
      this.#written = places
      this.#failure = undefined
    } catch (error) {
      const failure = diskFailure(error)
      const { mono } = this.#clock()
      const isTold = this.#failure?.detail === failure.detail && mono - this.#failure.toldAt < tellAgainMs
      if (isTold) return
      this.#notes.failed(this.#path, failure)
      this.#failure = { detail: failure.detail, toldAt: mono }
    } finally {
      this.#writing = undefined
    }
  }

  /** Throws where the file belongs to a newer process. Two writes at once can cross; the next one of the older sees it. */
  async #refuseAnother(): Promise<void> {
    const beginning = await this.#disk.beginning(this.#path).catch(() => '')
    const found = ownerIn(beginning)
    const isOurs = found === undefined || found.id === this.#owner.id || found.id === this.#predecessor
    if (isOurs || !isNewer(found, this.#owner)) {
      this.#newer = undefined
      return
    }
    const { mono } = this.#clock()
    if (this.#newer?.beginning !== beginning) this.#newer = { beginning, since: mono }
    if (mono - this.#newer.since >= deadMs) return
    const since = new Date(found.sinceMs).toISOString()
    throw new Error(
      `another exporter, started at ${since}, writes ${this.#path}: give each of them a --logs.positions of its own`,
    )
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
