import type { LogFile } from '../../model/logs.ts'
import type { Failure } from '../../model/result.ts'

/** A disk that goes takes all files with it; a glob may match any number. */
const mostKept = 1_000

/** Remembers why a file cannot be read for as long as it cannot. */
export class Failures {
  readonly #details = new Map<string, string>()

  add(path: string, { detail }: Failure): void {
    if (this.#details.size < mostKept || this.#details.has(path)) this.#details.set(path, detail)
  }

  explain(files: readonly LogFile[]): readonly LogFile[] {
    if (this.#details.size === 0) return files
    // Of files that are not followed any more, and of what is no file: nobody asks for it.
    const paths = new Set(files.map(({ path }) => path))
    for (const path of this.#details.keys()) if (!paths.has(path)) this.#details.delete(path)
    return files.map((file) => {
      const failure = this.#details.get(file.path)
      if (failure === undefined) return file
      if (!file.up) return { ...file, failure }
      this.#details.delete(file.path)
      return file
    })
  }
}
