import { setImmediate as nextTurn } from 'node:timers/promises'
import { pipeline } from 'node:stream/promises'
import type { TransformOptions } from 'node:stream'
import { constants, createGzip, type ZlibOptions } from 'node:zlib'
import type { Request, RequestHandler, Response } from 'express'
import type { Pieces, WebDeps, WebLimits } from './contract.ts'

/** Small enough to be made in well under a millisecond, large enough that a page of 80 MB is not a million writes. */
const CHUNK_CHARS = 65_536
/** zlib works on its own threads; its fastest level already makes a twentieth of it. While it has one chunk, the next is made. */
const GZIP: ZlibOptions & TransformOptions = { level: constants.Z_BEST_SPEED, highWaterMark: 256 * 1024 }

/**
 * Streams the metrics as fast as the reader takes them: rendering waits for a slow one, ends with one that goes away, and one
 * that is too slow is cut off, so that it cannot hold its place for ever.
 */
export function scrapeHandler(deps: WebDeps, limits: WebLimits): RequestHandler {
  let underWay = 0
  const turns = new Turns()
  return async (request, response) => {
    response.set({ 'Content-Type': deps.contentType, Vary: 'Accept-Encoding' })
    if (request.method === 'HEAD') return void response.end()
    // It left while its password was being checked.
    if (response.destroyed) return
    if (underWay >= limits.scrapes) {
      response.set('Retry-After', '1').status(503).type('text/plain').send('too many scrapes at once\n')
      return
    }
    underWay++
    try {
      await stream(deps, request, response, limits.responseMs, turns)
    } finally {
      underWay--
    }
  }
}

/** One turn of the event loop for each chunk of whichever scrape: many at once must not make one chunk each in a single turn. */
class Turns {
  #last: Promise<void> = Promise.resolve()

  next(): Promise<void> {
    this.#last = this.#last.then(() => nextTurn())
    return this.#last
  }
}

async function stream(
  deps: WebDeps,
  request: Request,
  response: Response,
  responseMs: number,
  turns: Turns,
): Promise<void> {
  const cut = new AbortController()
  const late = new Error(`the response took longer than ${responseMs} ms`)
  const leave = () => cut.abort()
  response.once('close', leave)
  const deadline = setTimeout(() => cut.abort(late), responseMs)
  let chunks: AsyncGenerator<Buffer> | undefined
  try {
    chunks = inChunks(deps.render(), cut.signal, turns)
    // Nothing is sent before the first chunk is there, so that what fails at once can still become a 500.
    const first = await unlessCut(chunks.next(), cut.signal)
    const body = first.done ? [] : startingWith(first.value, chunks)
    if (request.acceptsEncodings(['gzip', 'identity']) === 'gzip') {
      response.set('Content-Encoding', 'gzip')
      await pipeline(body, createGzip(GZIP), response, { signal: cut.signal })
    } else {
      await pipeline(body, response, { signal: cut.signal })
    }
  } catch (error) {
    // Whoever hung up needs no answer, and is no news.
    if (cut.signal.reason === late) failed(deps, response, late)
    else if (!cut.signal.aborted || !isDisconnect(error)) failed(deps, response, error)
  } finally {
    clearTimeout(deadline)
    response.off('close', leave)
    // Not awaited: a rendering that hangs would never come back to be ended.
    void chunks?.return(undefined).catch(() => undefined)
  }
}

function failed(deps: WebDeps, response: Response, error: unknown): void {
  deps.onError('a scrape failed', error)
  if (response.headersSent || response.destroyed) {
    // Half a page must not look like a whole one.
    response.destroy()
    return
  }
  response.removeHeader('Content-Encoding')
  response.status(500).type('text/plain').send('rendering failed\n')
}

/** Joins strings, and gives the event loop a turn before each chunk: probes of brokers must not wait for a large page. */
async function* inChunks(pieces: Pieces, signal: AbortSignal, turns: Turns): AsyncGenerator<Buffer> {
  let text = ''
  const take = (piece: string | Buffer): Buffer | undefined => {
    if (typeof piece === 'string') {
      text += piece
      if (text.length < CHUNK_CHARS) return undefined
    }
    const bytes = text === '' ? undefined : Buffer.from(text)
    text = ''
    if (typeof piece === 'string') return bytes
    return bytes === undefined ? piece : Buffer.concat([bytes, piece])
  }
  const iterator = Symbol.iterator in pieces ? pieces[Symbol.iterator]() : pieces[Symbol.asyncIterator]()
  try {
    await turns.next()
    while (!signal.aborted) {
      const next = iterator.next()
      // Not `await` in any case: a promise for each of a million lines is a second of its own.
      const step: IteratorResult<string | Buffer, unknown> = next instanceof Promise ? await next : next
      if (step.done === true) break
      const chunk = take(step.value)
      if (chunk === undefined) continue
      yield chunk
      await turns.next()
    }
    if (text !== '') yield Buffer.from(text)
  } finally {
    await iterator.return?.()
  }
}

async function* startingWith(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first
  yield* rest
}

async function unlessCut<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const cut = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  return Promise.race([promise, cut])
}

function isDisconnect(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? error.code : undefined
  return (
    error.name === 'AbortError' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'EPIPE' || code === 'ECONNRESET'
  )
}
