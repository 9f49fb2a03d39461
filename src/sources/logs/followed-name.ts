import type { FileStat } from './disk.ts'
import { isAbsent } from './disk-failure.ts'
import type { FollowContext } from './follow-context.ts'
import type { Turn } from './turn.ts'

/** What a path leads to, look by look. */
export class FollowedName {
  readonly #path: string
  readonly #context: FollowContext
  #absentSince: number | undefined
  #absence: unknown
  #firstSeen: FileStat | undefined

  constructor(path: string, context: FollowContext) {
    this.#path = path
    this.#context = context
  }

  /** Why the newest look found no file under the name. */
  get absence(): unknown {
    return this.#absence
  }

  /** The first file that it ever led to. */
  get firstSeen(): FileStat | undefined {
    return this.#firstSeen
  }

  /** Absent for longer than a rotation takes. */
  isGone(now: number): boolean {
    return this.#absentSince !== undefined && now - this.#absentSince >= this.#context.limits.goneMs
  }

  /** Undefined: to nothing, or to what is no file. Rejects where that cannot be known. */
  async look(turn: Turn): Promise<FileStat | undefined> {
    try {
      const stat = await turn.step(this.#context.disk.stat(this.#path))
      if (!stat.isFile) {
        this.#miss(new Error(`${this.#path} is not a regular file`), turn)
        return undefined
      }
      this.#absentSince = this.#absence = undefined
      this.#firstSeen ??= stat
      return stat
    } catch (error) {
      if (!isAbsent(error)) throw error
      this.#miss(error, turn)
      return undefined
    }
  }

  #miss(error: unknown, turn: Turn): void {
    this.#absentSince ??= turn.now
    this.#absence = error
  }
}
