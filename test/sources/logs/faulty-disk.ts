import { localDisk, type Disk, type DiskFile, type FileStat } from '../../../src/sources/logs/disk.ts'

type Step = 'stat' | 'open' | 'list' | 'read' | 'fstat'

/** The real file system, in between which faults can be put: by step and the end of the path. */
export class FaultyDisk implements Disk {
  readonly #faults = new Map<string, () => Promise<void>>()
  /** By path: births that the file system is to tell, milliseconds since 1970. */
  readonly births = new Map<string, number>()
  /** What holes read as. */
  fill = 0
  opened = 0
  /** What was asked of it, in its order. */
  readonly asked: Step[] = []

  /** Every such step fails with this code until `heal`. */
  fail(step: Step, path: string, code: string): void {
    const error = Object.assign(new Error(`${code}: injected, ${step}`), { code })
    this.#faults.set(`${step} ${path}`, () => Promise.reject(error))
  }

  /** Every such step waits for `answer`; `asked` resolves when the first one does. */
  hang(step: Step, path: string): { readonly asked: Promise<void>; readonly answer: () => void } {
    let answer = (): void => undefined
    let ask = (): void => undefined
    const answered = new Promise<void>((resolve) => (answer = resolve))
    const asked = new Promise<void>((resolve) => (ask = resolve))
    this.#faults.set(`${step} ${path}`, () => {
      ask()
      return answered
    })
    return {
      asked,
      answer: () => {
        this.heal()
        answer()
      },
    }
  }

  heal(): void {
    this.#faults.clear()
  }

  async stat(path: string): ReturnType<Disk['stat']> {
    await this.#fault('stat', path)
    return this.#aged(path, await localDisk.stat(path))
  }

  async open(path: string): Promise<DiskFile> {
    await this.#fault('open', path)
    const file = await localDisk.open(path)
    this.opened += 1
    return {
      stat: async () => {
        await this.#fault('fstat', path)
        return this.#aged(path, await file.stat())
      },
      read: async (into, ...of) => {
        await this.#fault('read', path)
        const read = await file.read(into, ...of)
        // Only whole reads of nothing but a hole.
        if (this.fill !== 0 && into[0] === 0 && into[read - 1] === 0) into.fill(this.fill, 0, read)
        return read
      },
      close: () => {
        this.opened -= 1
        return file.close()
      },
    }
  }

  async list(directory: string): Promise<readonly string[]> {
    await this.#fault('list', directory)
    return localDisk.list(directory)
  }

  find(...of: Parameters<Disk['find']>): ReturnType<Disk['find']> {
    return localDisk.find(...of)
  }

  #aged(path: string, stat: FileStat): FileStat {
    return { ...stat, birthMs: this.births.get(path) ?? stat.birthMs }
  }

  async #fault(step: Step, path: string): Promise<void> {
    this.asked.push(step)
    for (const [where, fault] of this.#faults) {
      const [faultyStep, end = ''] = where.split(' ')
      if (faultyStep === step && path.endsWith(end)) await fault()
    }
  }
}
