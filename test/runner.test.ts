import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { emptyView } from '../src/model/view.ts'
import { after, Looks, never } from './support/looks.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** When each look began. A zero delay is a millisecond of Node's, so the last digit is rounded off. */
const seconds = ({ starts }: Looks) => starts.map((ms) => Math.round(ms / 10) / 100)

const quick = () => Promise.resolve('fact')

describe('pace', () => {
  it('is calm, from the start of one look to that of the next', async () => {
    const looks = await new Looks(() => after(1_000, 'fact')).started(16_500)
    expect(seconds(looks)).toEqual([0, 5, 10, 15])
    expect(looks.reports.map(({ out, tookMs, failure }) => [out, tookMs, failure])).toEqual(
      Array(4).fill(['fact', 1_000, undefined]),
    )
  })

  it('is alert when the mode says so', async () => {
    const looks = new Looks(quick)
    looks.mode = 'alert'
    expect((await looks.started(1_100)).starts).toHaveLength(3)
  })

  it('a look that takes longer than the pace is followed by the next at once, never overlapped', async () => {
    const looks = new Looks(() => after(1_200, 'fact'))
    looks.mode = 'alert'
    await looks.started(5_000)
    expect(looks.starts).toHaveLength(5)
    expect(looks.mostAtOnce).toBe(1)
  })

  it('a source that computes rests for nine times as long', async () => {
    const looks: Looks = new Looks(async () => {
      looks.busyMs += 1_000
      return after(1_000, 'fact')
    })
    looks.mode = 'alert'
    expect(seconds(await looks.started(20_500))).toEqual([0, 10, 20])
  })

  it('a source may be allowed more: half of the time', async () => {
    const looks: Looks = new Looks(
      async () => {
        looks.busyMs += 1_000
        return after(1_000, 'fact')
      },
      {},
      { busyShare: 2 },
    )
    looks.mode = 'alert'
    expect(seconds(await looks.started(4_500))).toEqual([0, 2, 4])
  })

  it('each look gets the view of its moment', async () => {
    const view = vi.fn(() => emptyView)
    const looks = new Looks(quick, { view })
    await looks.started(5_100)
    expect(view).toHaveBeenCalledTimes(2)
  })
})

describe('a look that fails', () => {
  it.each([
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'throws before its first await',
      () => {
        throw new Error('broken')
      },
    ],
  ])('%s: it counts as internal, and the next look comes in its time', async (_, observe) => {
    const looks = await new Looks(observe).started(5_100)
    expect(looks.reports).toHaveLength(2)
    expect(looks.reports[0]).toMatchObject({ out: undefined, failure: { reason: 'internal', detail: 'Error: broken' } })
  })

  it('brings nothing without failing: no failure is told', async () => {
    const looks = await new Looks(() => Promise.resolve(undefined)).started()
    expect(looks.reports).toMatchObject([{ out: undefined, failure: undefined }])
  })
})

describe('the deadline', () => {
  it('is told when it passes, and the signal is given', async () => {
    let signal: AbortSignal | undefined
    const looks = await new Looks((look) => {
      signal = look.signal
      return never()
    }).started(2_999)
    expect(looks.reports).toEqual([])
    expect(signal?.aborted).toBe(false)
    await looks.pass(1)
    expect(looks.reports).toMatchObject([{ out: undefined, tookMs: 3_000, failure: { reason: 'deadline' } }])
    expect(signal?.aborted).toBe(true)
  })

  it('what comes late is dropped, and the next look waits for it', async () => {
    const looks = await new Looks((_, n) => after(n === 1 ? 10_000 : 0, `fact ${n}`)).started(9_999)
    expect(looks.starts).toHaveLength(1)
    await looks.pass(10)
    expect(looks.reports.map(({ out }) => out)).toEqual([undefined, 'fact 2'])
    expect(looks.mostAtOnce).toBe(1)
  })

  it('a failure that comes late is dropped, too', async () => {
    const late = () => after(4_000, 0).then(() => Promise.reject(new Error('late')))
    const looks = await new Looks(late).started(4_500)
    expect(looks.reports.map(({ failure }) => failure?.reason)).toEqual(['deadline'])
  })

  it('a look that never ends is never overlapped, whoever wakes it', async () => {
    const looks = await new Looks(never).started(4_000)
    looks.runner.wake()
    await looks.pass(60_000)
    expect(looks.starts).toHaveLength(1)
  })
})

describe('a wake', () => {
  it('between two looks asks for one at once, and the pace goes on from there', async () => {
    const looks = await new Looks(quick).started(2_000)
    looks.runner.wake()
    await looks.pass(5_001)
    expect(seconds(looks)).toEqual([0, 2, 7])
  })

  it('right after a look waits for the least gap', async () => {
    const looks = await new Looks(quick).started(10)
    looks.runner.wake()
    await looks.pass(100)
    expect(seconds(looks)).toEqual([0, 0.05])
  })

  it('during a look causes exactly one more, however many they are', async () => {
    const looks = await new Looks(() => after(200, 'fact')).started(100)
    for (let i = 0; i < 100; i++) looks.runner.wake()
    await looks.pass(4_000)
    expect(seconds(looks)).toEqual([0, 0.2])
  })

  it('by the report of its own look causes exactly one more', async () => {
    const looks: Looks = new Looks(quick, {
      report: () => {
        if (looks.starts.length === 1) looks.runner.wake()
      },
    })
    expect(seconds(await looks.started(4_000))).toEqual([0, 0.05])
  })

  it('before the start and after the end wakes nobody', async () => {
    const looks = new Looks(quick)
    looks.runner.wake()
    await looks.pass(10_000)
    expect(looks.starts).toEqual([])
    await looks.started(0)
    void looks.runner.stop()
    looks.runner.wake()
    expect((await looks.pass(60_000)).starts).toHaveLength(1)
  })
})

describe('a storm of wakes', () => {
  async function storm(looks: Looks, forMs: number): Promise<Looks> {
    await looks.started()
    const wakes = setInterval(() => looks.runner.wake(), 3)
    await looks.pass(forMs)
    clearInterval(wakes)
    return looks
  }

  it('is bounded by the least gap', async () => {
    const { starts, mostAtOnce } = await storm(new Looks(quick), 1_000)
    expect(starts.length).toBeGreaterThan(10)
    expect(starts.length).toBeLessThanOrEqual(21)
    expect(mostAtOnce).toBe(1)
  })

  it('does not make a source compute for more than a tenth of the time', async () => {
    const looks: Looks = new Looks(() => {
      looks.busyMs += 40
      return after(40, 'fact')
    })
    const { starts } = await storm(looks, 4_000)
    expect(starts.length).toBeGreaterThanOrEqual(9)
    expect(starts.length).toBeLessThanOrEqual(11)
  })
})

describe('what was taken', () => {
  it('is told to the source after the report and before the next look; where nothing was brought there is nothing to tell', async () => {
    const said: string[] = []
    const brought = ['a', undefined, 'b']
    const observe = () => {
      said.push('look')
      return Promise.resolve(brought.shift())
    }
    const looks = new Looks(
      observe,
      { report: ({ out }) => said.push(`report ${out ?? 'nothing'}`) },
      {
        committed: async () => {
          await after(100, undefined)
          said.push('committed')
        },
      },
    )
    await looks.started(14_000)
    const nothing = ['look', 'report nothing']
    expect(said).toEqual(['look', 'report a', 'committed', ...nothing, 'look', 'report b', 'committed'])
  })

  it('is not told where the report was not taken', async () => {
    const committed = vi.fn(() => Promise.resolve())
    const report = () => {
      throw new Error('not taken')
    }
    const looks = new Looks(quick, { report, defect: () => undefined }, { committed })
    await looks.started(6_000)
    expect(looks.starts).toHaveLength(2)
    expect(committed).not.toHaveBeenCalled()
  })

  it('is waited for no longer than a look, and what goes wrong with it is told', async () => {
    const defects: unknown[] = []
    const answers = [never<void>, () => Promise.reject(new Error('disk full'))]
    const committed = () => answers.shift()?.() ?? Promise.resolve()
    const looks = new Looks(quick, { defect: (error) => defects.push(error) }, { committed })
    expect(seconds(await looks.started(14_000))).toEqual([0, 5, 10])
    expect(defects.map(String)).toEqual(['Error: disk full'])
  })
})

describe('stop', () => {
  it('waits for the source to close, but not for ever', async () => {
    const ended: string[] = []
    const closing = async (name: string, close: () => Promise<void>) => {
      const looks = await new Looks(quick, {}, { close }).started(0)
      void looks.runner.stop().then(() => ended.push(name))
    }
    await closing('quick', () => after(500, undefined))
    await closing('never', never)
    await vi.advanceTimersByTimeAsync(400)
    expect(ended).toEqual([])
    await vi.advanceTimersByTimeAsync(200)
    expect(ended).toEqual(['quick'])
    await vi.advanceTimersByTimeAsync(1_500)
    expect(ended).toEqual(['quick', 'never'])
  })

  it('ends the looks and closes the source', async () => {
    const looks = await new Looks(quick).started(0)
    void looks.runner.stop()
    await looks.pass(60_000)
    expect(looks).toMatchObject({ closed: 1, starts: [expect.anything()] })
  })

  it('while looking: what the look brings is dropped, and its deadline is not waited for', async () => {
    let signal: AbortSignal | undefined
    const looks = await new Looks((look) => {
      signal = look.signal
      return never()
    }).started(100)
    void looks.runner.stop()
    await looks.pass(0)
    expect(signal?.aborted).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
    await looks.pass(60_000)
    expect(looks.reports).toEqual([])
  })
})
