import { setImmediate as nextTurn } from 'node:timers/promises'
import { pipeline } from 'node:stream/promises'
import { constants, createGzip } from 'node:zlib'
import type { Request, RequestHandler, Response } from 'express'
import type { WebDeps, WebLimits } from './contract.ts'

/** Small enough to be made in well under a millisecond, large enough that a page of 40 MB is not a million writes. */
const CHUNK_CHARS = 65_536

/**
 * Streams the metrics as fast as the reader takes them: rendering waits for a slow one, ends with one that goes away, and one
 * that is too slow is cut off, so that it cannot hold its place for ever.
 */
export function scrapeHandler(deps: WebDeps, limits: WebLimits): RequestHandler {
  let underWay = 0
  return async (request, response) => {
    response.set({ 'Content-Type': deps.contentType, Vary: 'Accept-Encoding' })
    if (request.method === 'HEAD') return void response.end()
    if (underWay >= limits.scrapes) {
      response.set('Retry-After', '1').status(503).type('text/plain').send('too many scrapes at once\n')
      return
    }
    underWay++
    try {
      await stream(deps, request, response, limits.responseMs)
    } finally {
      underWay--
    }
  }
}

async function stream(deps: WebDeps, request: Request, response: Response, responseMs: number): Promise<void> {
  const cut = new AbortController()
  const late = new Error(`the response took longer than ${responseMs} ms`)
  const leave = () => cut.abort()
  response.once('close', leave)
  const deadline = setTimeout(() => cut.abort(late), responseMs)
  let chunks: AsyncGenerator<Buffer> | undefined
  try {
    chunks = inChunks(deps.render(), cut.signal)
    // Nothing is sent before the first chunk is there, so that what fails at once can still become a 500.
    const first = await unlessCut(chunks.next(), cut.signal)
    const body = first.done ? [] : startingWith(first.value, chunks)
    if (request.acceptsEncodings(['gzip', 'identity']) === 'gzip') {
      response.set('Content-Encoding', 'gzip')
      // zlib works on its own threads; its fastest level already makes a tenth of it.
      await pipeline(body, createGzip({ level: constants.Z_BEST_SPEED }), response, { signal: cut.signal })
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

/** Joins pieces, and gives the event loop a turn after each chunk: probes of brokers must not wait for a large page. */
async function* inChunks(
  pieces: Iterable<string> | AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let text = ''
  if (Symbol.iterator in pieces) {
    // Not `for await`: a promise for each of a million lines is a second of its own.
    for (const piece of pieces) {
      text += piece
      if (text.length < CHUNK_CHARS) continue
      yield Buffer.from(text)
      text = ''
      await nextTurn()
      if (signal.aborted) return
    }
  } else {
    for await (const piece of pieces) {
      text += piece
      if (text.length < CHUNK_CHARS) continue
      yield Buffer.from(text)
      text = ''
      await nextTurn()
      if (signal.aborted) return
    }
  }
  if (text !== '') yield Buffer.from(text)
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
