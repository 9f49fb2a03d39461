import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

/** A comparison takes a tenth of a second and more of pure computing: on the main thread it would hold up every probe. */
const WORKER = `
const { parentPort, workerData } = require('node:worker_threads')
const bcrypt = require(workerData)
parentPort.on('message', ({ id, password, hash }) => parentPort.postMessage({ id, same: bcrypt.compareSync(password, hash) }))
`

export interface Comparer {
  /** Whether the hash is the password's; rejects if the thread dies. */
  compare(password: string, hash: string): Promise<boolean>
  close(): Promise<void>
}

interface Waiting {
  readonly resolve: (same: boolean) => void
  readonly reject: (error: Error) => void
}

/** One thread, started with the first comparison, that takes one at a time. It does not keep the process alive. */
export function startComparer(): Comparer {
  let worker: Worker | undefined
  let nextId = 0
  const waiting = new Map<number, Waiting>()

  function start(): Worker {
    const started = new Worker(WORKER, { eval: true, workerData: createRequire(import.meta.url).resolve('bcryptjs') })
    started.unref()
    started.on('message', ({ id, same }: { id: number; same: boolean }) => {
      waiting.get(id)?.resolve(same)
      waiting.delete(id)
    })
    const end = (error: Error) => {
      if (worker === started) worker = undefined
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    }
    started.on('error', end)
    started.on('exit', () => end(new Error('the thread that compares passwords ended')))
    return started
  }

  return {
    compare(password, hash) {
      worker ??= start()
      const id = nextId++
      const answer = new Promise<boolean>((resolve, reject) => waiting.set(id, { resolve, reject }))
      worker.postMessage({ id, password, hash })
      return answer
    },
    async close() {
      await worker?.terminate()
    },
  }
}
