import type tls from 'node:tls'
import type { Address } from '../../model/address.ts'
import { failed, success, type Result } from '../../model/result.ts'
import { networkFailure } from '../kafka/network-failure.ts'
import { openSocket } from '../kafka/socket.ts'

/** `crst` and `srst` reset statistics, `wchc` and `wchp` may take a server minutes: never. */
export type Word = 'mntr' | 'srvr' | 'conf' | 'ruok' | 'dump' | 'cons'

/** Answers that grow with an ensemble's sessions or its metrics, in bytes; the others are a page at most. */
const largest: Readonly<Partial<Record<Word, number>>> = { dump: 1 << 20, cons: 1 << 20, mntr: 1 << 20 }
const largestOther = 64 * 1024

export interface Asking {
  readonly address: Address
  readonly word: Word
  /** undefined = plain TCP. */
  readonly tls: tls.ConnectionOptions | undefined
  /** For all of it: connecting, the handshake and the whole answer. */
  readonly deadlineMs: number
  /** For connecting alone, if that is to take less. */
  readonly connectMs?: number
  /** The server accepted the connection, and the word has been sent. */
  readonly connected?: () => void
  readonly signal?: AbortSignal
  /** Longest answer that is taken. */
  readonly maxBytes?: number
}

/**
 * Asks one server one four-letter word: a connection of its own, which the server closes behind its answer. The text is as
 * the server wrote it; see `replies.ts` for what is no answer to the word. `refused`, `no_route`, `tls`; `timeout`: no
 * connection in time; `hung`: connected, and no end of the answer in time; `closed`: closed without a byte; `protocol`: too
 * long an answer. Nothing of it outlives the deadline or the signal.
 */
export async function askWord(asking: Asking): Promise<Result<string>> {
  const { address, word, deadlineMs, connectMs = deadlineMs, signal, connected } = asking
  const maxBytes = asking.maxBytes ?? largest[word] ?? largestOther
  const startedAt = performance.now()
  if (signal?.aborted === true) return abandoned()
  const opening = openSocket(address, asking.tls, Math.min(connectMs, deadlineMs))
  const opened = await unlessAborted(opening, signal)
  if (opened === undefined) {
    // It connects, fails or times out without us, and must then not stay open.
    void opening.then((late) => late.ok && late.value.destroy())
    return abandoned()
  }
  if (!opened.ok) return opened
  connected?.()
  const socket = opened.value
  const chunks: Buffer[] = []
  let length = 0
  const text = (): Result<string> => success(Buffer.concat(chunks).toString())
  const result = await new Promise<Result<string>>((resolve) => {
    const restMs = Math.max(0, deadlineMs - (performance.now() - startedAt))
    const timer = setTimeout(() => {
      const told = length === 0 ? 'connects, but says nothing' : `still not done after ${length} bytes`
      settle(failed('hung', `${word}: ${told} within ${Math.round(deadlineMs)} ms`))
    }, restMs)
    const aborted = (): void => settle(abandoned())
    const settle = (outcome: Result<string>): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
      resolve(outcome)
    }
    const ended = (): void => settle(length === 0 ? failed('closed', `${word}: closed without an answer`) : text())
    signal?.addEventListener('abort', aborted, { once: true })
    socket.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > maxBytes) settle(failed('protocol', `${word}: an answer of more than ${maxBytes} bytes`))
      else chunks.push(chunk)
    })
    socket.once('end', ended)
    socket.once('close', ended)
    // A server that hangs up behind its answer may do so with a reset.
    socket.on('error', (error) => settle(length === 0 ? networkFailure(error) : text()))
    socket.write(word)
  })
  socket.destroy()
  return result
}

function abandoned(): Result<never> {
  return failed('closed', 'not waited for any longer')
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  if (signal === undefined) return promise
  return new Promise((resolve) => {
    const aborted = (): void => resolve(undefined)
    signal.addEventListener('abort', aborted, { once: true })
    void promise.then((value) => {
      signal.removeEventListener('abort', aborted)
      resolve(value)
    })
  })
}
