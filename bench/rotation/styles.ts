import { closeSync, copyFileSync, existsSync, ftruncateSync, openSync, renameSync, unlinkSync } from 'node:fs'

/** What rotates a log: the file that is written to, and a way to write on before it goes on. */
export interface Rotating {
  readonly path: string
  /** Counts the rotations from 1. */
  readonly turn: number
  readonly fd: number
  /** Writes on into whatever `fd` leads to, milliseconds; resolves when they are over. */
  readonly writeOn: (ms: number) => Promise<void>
  /** Writes nothing. */
  readonly pause: (ms: number) => Promise<void>
}

/** Resolves with the file to write to from now on. */
export type Style = (rotating: Rotating) => Promise<number> | number

/** As log4j's RollingFileAppender shifts them. */
const backups = 20

export const styles: Readonly<Record<string, Style>> = {
  rename: ({ path, turn, fd }) => {
    renameSync(path, `${path}.${turn}`)
    return another(fd, path)
  },
  'rename, gap': async ({ path, turn, fd, pause }) => {
    renameSync(path, `${path}.${turn}`)
    await pause(200)
    return another(fd, path)
  },
  // logrotate: the process writes on until it is told to open its log again.
  'rename, written on': async ({ path, turn, fd, writeOn }) => {
    renameSync(path, `${path}.${turn}`)
    await writeOn(200)
    return another(fd, path)
  },
  shift: ({ path, fd }) => {
    for (let i = backups; i >= 1; i--) if (existsSync(`${path}.${i}`)) renameSync(`${path}.${i}`, `${path}.${i + 1}`)
    renameSync(path, `${path}.1`)
    return another(fd, path)
  },
  daily: ({ path, turn, fd }) => {
    const target = `${path}.2024-02-${String(turn).padStart(2, '0')}`
    if (existsSync(target)) unlinkSync(target)
    renameSync(path, target)
    return another(fd, path)
  },
  copytruncate: ({ path, turn, fd }) => {
    copyFileSync(path, `${path}.${turn}`)
    ftruncateSync(fd)
    return fd
  },
  'copytruncate, written on': async ({ path, turn, fd, writeOn }) => {
    copyFileSync(path, `${path}.${turn}`)
    await writeOn(20)
    ftruncateSync(fd)
    return fd
  },
  unlink: ({ path, fd }) => {
    unlinkSync(path)
    return another(fd, path)
  },
}

function another(fd: number, path: string): number {
  closeSync(fd)
  return openSync(path, 'a')
}
