import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Sampler, type Asking, type Sample } from '../../testbed/drills/sampler.ts'

class Server {
  asked = 0
  closed = 0
  readonly waiting: { answer: (words: string) => void; fail: (error: Error) => void }[] = []

  begin(): Asking<string> {
    return {
      ask: () => {
        this.asked++
        return new Promise((answer, fail) => this.waiting.push({ answer, fail }))
      },
      close: () => {
        this.closed++
      },
    }
  }
}

let server: Server
let heard: Sample<string>[]
let sampler: Sampler<string>

beforeEach(() => {
  vi.useFakeTimers()
  server = new Server()
  heard = []
  sampler = new Sampler(
    250,
    () => server.begin(),
    (sample) => heard.push(sample),
  )
  return () => vi.useRealTimers()
})

describe('a sampler', () => {
  it('asks again 250 ms after it asked, whether it was answered or not', async () => {
    sampler.start()
    await vi.advanceTimersByTimeAsync(100)
    server.waiting[0]?.answer('well')
    await vi.advanceTimersByTimeAsync(149)
    expect(server.asked).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    server.waiting[1]?.fail(new Error('refused'))
    await vi.advanceTimersByTimeAsync(250)
    expect(server.asked).toBe(3)
    expect(heard).toMatchObject([
      { words: 'well', error: undefined },
      { words: undefined, error: 'refused' },
    ])
  })

  it('waits for a slow answer, and asks at once after it', async () => {
    sampler.start()
    await vi.advanceTimersByTimeAsync(900)
    expect(server.asked).toBe(1)
    server.waiting[0]?.answer('late')
    await vi.advanceTimersByTimeAsync(0)
    expect(server.asked).toBe(2)
  })

  it('drops what comes after a stop, and begins anew', async () => {
    sampler.start()
    sampler.stop()
    sampler.start()
    server.waiting[0]?.answer('of before')
    server.waiting[1]?.answer('of now')
    await vi.advanceTimersByTimeAsync(0)
    expect(heard).toMatchObject([{ words: 'of now' }])
    sampler.stop()
    await vi.advanceTimersByTimeAsync(1_000)
    expect([server.asked, server.closed]).toEqual([2, 2])
  })
})
