import { failed, success, type Failure, type Result } from '../../model/result.ts'
import { exists, type Query } from './client/protocol.ts'

/** One read on the connection that the look uses. undefined: there is no such node. */
export type Ask = <T>(query: Query<T>) => Promise<Result<T | undefined>>

export interface NodeSetup<T> {
  readonly path: string
  /** Reads it and leaves a watch on `path`. undefined: it is not there. */
  readonly read: (ask: Ask) => Promise<Result<T | undefined>>
  /** Whether a change of it cannot wait for the next look. */
  readonly isUrgent: boolean
}

/** A node that may not be read, or that nobody could make sense of, is tried again after this long. */
const refusedMs = 60_000
/** A node whose reading ended the connection, or took too long, so often in a row is left out for a while. */
const mostStrikes = 2
const longestLeftOutMs = 600_000

/** One node that is read when its watch has fired, and after every new connection. */
export class WatchedNode<T> {
  readonly path: string
  readonly isUrgent: boolean
  /** As last read; undefined where it is absent or cannot be read. */
  value: T | undefined
  readonly #read: NodeSetup<T>['read']
  #isStale = true
  #notBefore = -Infinity
  #strikes = 0

  constructor({ path, read, isUrgent }: NodeSetup<T>) {
    this.path = path
    this.isUrgent = isUrgent
    this.#read = read
  }

  /** Its watch has fired, or is lost. */
  expire(): void {
    this.#isStale = true
    if (this.#strikes < mostStrikes) this.#notBefore = -Infinity
  }

  isDue(now: number): boolean {
    return this.#isStale && now >= this.#notBefore
  }

  /** Fails with why it could not be read; what that means only the caller knows. */
  async read(ask: Ask): Promise<Failure | undefined> {
    // A watch that fires while it is read makes it stale again.
    this.#isStale = false
    const result = await this.#read(ask)
    if (!result.ok) {
      this.#isStale = true
      return result.failure
    }
    this.value = result.value
    this.#strikes = 0
    return undefined
  }

  /** The server answered, and it was no. */
  refused(now: number): void {
    this.value = undefined
    this.#strikes = 0
    this.#notBefore = now + refusedMs
  }

  /** Reading it cost the connection or the look: once may be chance. */
  struck(now: number): void {
    this.#strikes++
    if (this.#strikes < mostStrikes) return
    this.value = undefined
    this.#notBefore = now + Math.min(longestLeftOutMs, refusedMs * 2 ** (this.#strikes - mostStrikes))
  }
}

/** A read that leaves a watch even where there is no such node: only `exists` waits for one to come. */
export async function readWatched<T>(ask: Ask, query: Query<T>): Promise<Result<T | undefined>> {
  const value = await ask(query)
  if (!value.ok || value.value !== undefined) return value
  const awaited = await ask(exists(query.path, true))
  if (!awaited.ok) return awaited
  return awaited.value === undefined ? success(undefined) : ask(query)
}

/** Data that say nothing are a failure of their node. */
export function understood<T, V>(
  path: string,
  value: T | undefined,
  parse: (value: T) => V | undefined,
): Result<V | undefined> {
  if (value === undefined) return success(undefined)
  const parsed = parse(value)
  return parsed === undefined ? failed('protocol', `${path} holds something else`) : success(parsed)
}
