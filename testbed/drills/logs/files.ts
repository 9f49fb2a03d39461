/** Log files as they lie on the disk, with what log4j has rotated them to: read anew and as a whole, nothing is followed. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

export interface Extent {
  /** Of all generations together: it only grows, whatever is rotated. */
  readonly bytes: number
  /** 1 as long as it was never rotated, 0 where it is not there. */
  readonly generations: number
}

/** `server.log.2`, `server.log.1`, `server.log`: oldest first, by the time of the last line in it. */
export function generationsOf(file: string): readonly string[] {
  const name = basename(file)
  const isRotated = (other: string): boolean =>
    other.startsWith(`${name}.`) && /^\d+$/.test(other.slice(name.length + 1))
  const all = readdirSync(dirname(file)).filter((other) => other === name || isRotated(other))
  const aged = all.map((other) => {
    const path = join(dirname(file), other)
    return { path, isNewest: other === name, at: statSync(path, { bigint: true }).mtimeNs }
  })
  return aged
    .sort((a, b) => Number(a.isNewest) - Number(b.isNewest) || (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ path }) => path)
}

const LOOKS = 20

/** A rotation in between moves files away, or shows one twice: again, until two looks are the same. */
export function extentOf(file: string): Extent {
  let before = look(file)
  for (let looks = 1; looks < LOOKS; looks++) {
    const after = look(file)
    if (before !== undefined && after?.bytes === before.bytes && after.generations === before.generations) return after
    before = after
  }
  throw new Error(`${file} changes faster than it can be looked at`)
}

function look(file: string): Extent | undefined {
  try {
    const sizes = generationsOf(file).map((path) => statSync(path).size)
    return { bytes: sizes.reduce((sum, size) => sum + size, 0), generations: sizes.length }
  } catch {
    return undefined
  }
}

/** All generations, one after the other, as far as `bytes`. */
export function readWhole(file: string, bytes: number): Buffer {
  return Buffer.concat(generationsOf(file).map((path) => readFileSync(path))).subarray(0, bytes)
}
