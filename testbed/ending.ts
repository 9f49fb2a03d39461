/** What must be undone however this process ends: exit, an uncaught error, Ctrl-C, SIGTERM. Only kill -9 gets past it. */

type Undo = () => void

const undos = new Set<Undo>()
let deferred: ((signal: NodeJS.Signals) => void) | undefined
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const

/** The undo runs synchronously while the process exits. Returns a function that takes it back. */
export function atEnd(undo: Undo): () => void {
  if (undos.size === 0) listen()
  undos.add(undo)
  return () => {
    undos.delete(undo)
    if (undos.size === 0) unlisten()
  }
}

function listen(): void {
  process.on('exit', undoAll)
  for (const signal of Object.keys(SIGNALS)) process.on(signal, endBySignal)
}

/** With nothing left to undo the process is to die of a signal as if this module were not there. */
function unlisten(): void {
  process.off('exit', undoAll)
  for (const signal of Object.keys(SIGNALS)) process.off(signal, endBySignal)
}

/** Until taken back, a signal is given to this function instead of ending the process. */
export function deferSignals(to: (signal: NodeJS.Signals) => void): () => void {
  deferred = to
  return () => (deferred = undefined)
}

function endBySignal(signal: keyof typeof SIGNALS): void {
  if (deferred === undefined) process.exit(128 + SIGNALS[signal])
  deferred(signal)
}

function undoAll(): void {
  // Newest first: processes go before the directories and namespaces they live in.
  for (const undo of [...undos].reverse()) {
    try {
      undo()
    } catch (error) {
      console.error('testbed: clean-up:', error instanceof Error ? error.message : error)
    }
  }
  undos.clear()
}
