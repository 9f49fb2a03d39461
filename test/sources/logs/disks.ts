import { setTimeout as sleep } from 'node:timers/promises'
import { localDisk, type Disk, type FileStat } from '../../../src/sources/logs/disk.ts'

/** The real file system, of which each stat is told as `change` says: of names and of open files. */
export function toldAs(change: (stat: FileStat) => FileStat): Disk {
  return {
    ...localDisk,
    stat: async (path) => change(await localDisk.stat(path)),
    open: async (path) => {
      const file = await localDisk.open(path)
      return { ...file, stat: async () => change(await file.stat()) }
    },
  }
}

/** It does not know when a file was made. */
export const birthless = (): Disk => toldAs((stat) => ({ ...stat, birthMs: 0 }))

/** Each name takes it a millisecond, from when it is told to be slow. */
export function slowDisk(): { readonly disk: Disk; readonly slowDown: () => void } {
  let isSlow = false
  const stat: Disk['stat'] = async (path) => {
    if (isSlow) await sleep(1)
    return localDisk.stat(path)
  }
  return { disk: { ...localDisk, stat }, slowDown: () => (isSlow = true) }
}
