import { dirname } from 'node:path'
import type { FileStat } from './disk.ts'
import { isAbsent } from './disk-failure.ts'
import type { FollowContext } from './follow-context.ts'
import { TurnOver, type Turn } from './turn.ts'

/** What the file system says of a name. */
export type Named = { readonly stat: FileStat } | { readonly error: unknown }

/** Which one, and when a name in it was last made, changed or taken away. */
export type Directory = Pick<FileStat, 'dev' | 'ino' | 'mtimeMs'>

/** What a path leads to, look by look. */
export class FollowedName {
  readonly #path: string
  readonly #context: FollowContext
  #absentSince: number | undefined
  #absence: unknown

  constructor(path: string, context: FollowContext) {
    this.#path = path
    this.#context = context
  }

  /** Why the newest look found no file under the name. */
  get absence(): unknown {
    return this.#absence
  }

  /** Absent for longer than a rotation takes. */
  isGone(now: number): boolean {
    return this.#absentSince !== undefined && now - this.#absentSince >= this.#context.limits.goneMs
  }

  /** Undefined: it cannot be asked. */
  async directory(turn: Turn): Promise<Directory | undefined> {
    try {
      const { dev, ino, mtimeMs } = await turn.step(this.#context.disk.stat(dirname(this.#path)))
      return { dev, ino, mtimeMs }
    } catch (error) {
      if (error instanceof TurnOver) throw error
      return undefined
    }
  }

  async ask(turn: Turn): Promise<Named> {
    try {
      return { stat: await turn.step(this.#context.disk.stat(this.#path)) }
    } catch (error) {
      if (error instanceof TurnOver) throw error
      return { error }
    }
  }

  /** Undefined: to nothing, or to what is no file. Throws where that cannot be known. */
  take(named: Named, turn: Turn): FileStat | undefined {
    if ('error' in named) {
      if (!isAbsent(named.error)) throw named.error
      this.#miss(named.error, turn)
      return undefined
    }
    if (!named.stat.isFile) {
      this.#miss(new Error(`${this.#path} is not a regular file`), turn)
      return undefined
    }
    this.#absentSince = this.#absence = undefined
    return named.stat
  }

  #miss(error: unknown, turn: Turn): void {
    this.#absentSince ??= turn.now
    this.#absence = error
  }
}
