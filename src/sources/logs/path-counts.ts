import type { LogFile } from '../../model/logs.ts'
import type { OpenLog } from './open-log.ts'

/** What is counted of a path, over all files that it led to. */
export class PathCounts {
  rotations = 0
  truncations = 0
  #closedBytes = 0
  #closedCutLines = 0

  closed({ bytes, cutLines }: OpenLog): void {
    this.#closedBytes += bytes
    this.#closedCutLines += cutLines
  }

  /** With those that are open. */
  with(logs: readonly OpenLog[]): Pick<LogFile, 'bytes' | 'rotations' | 'truncations' | 'cutLines'> {
    const { rotations, truncations } = this
    const bytes = logs.reduce((sum, log) => sum + log.bytes, this.#closedBytes)
    const cutLines = logs.reduce((sum, log) => sum + log.cutLines, this.#closedCutLines)
    return { bytes, rotations, truncations, cutLines }
  }
}
