import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Something to read; `size` is 0 where it is not known beforehand. */
export interface Input {
  /** As it is called in what is told. */
  readonly path: string
  readonly size: number
}

export interface Inputs {
  readonly found: readonly Input[]
  /** What was given and holds no log file. */
  readonly bare: readonly string[]
  readonly failed: readonly { readonly path: string; readonly reason: string }[]
}

const deepest = 6
const most = 10_000
/** Rotated ones too; not a broker's data (`00000000000000000042.log`) and not a JVM's garbage collector's. */
const isLog = (name: string): boolean =>
  /\.(log|out)([.-].*)?$/i.test(name) && !/^\d{20}\./.test(name) && !/gc[^/]*\.log/i.test(name)

/** Files as given, directories as the log files in them, each once. */
export async function findInputs(paths: readonly string[]): Promise<Inputs> {
  const found = new Map<string, Input>()
  const bare: string[] = []
  let seen = 0
  const failed: { path: string; reason: string }[] = []
  const visit = async (path: string, depth: number): Promise<void> => {
    if (found.size >= most) return
    if (path === '-') {
      seen++
      found.set('-', { path, size: 0 })
      return
    }
    try {
      const about = await stat(path)
      if (!about.isDirectory()) {
        seen++
        const real = await realpath(path)
        if (!found.has(real)) found.set(real, { path, size: about.isFile() ? about.size : 0 })
        return
      }
      for (const entry of (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
        const isHidden = entry.name.startsWith('.')
        if (entry.isDirectory() && !isHidden && depth < deepest) await visit(join(path, entry.name), depth + 1)
        else if ((entry.isFile() || entry.isSymbolicLink()) && !isHidden && isLog(entry.name))
          await visit(join(path, entry.name), depth + 1)
      }
    } catch (error) {
      seen++
      failed.push({ path, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  for (const path of paths) {
    const before = seen
    await visit(path, 0)
    if (seen === before && found.size < most) bare.push(path)
  }
  return { found: [...found.values()], bare, failed }
}
