import { describe, expect, it } from 'vitest'
import { firstHistory, type History } from '../../src/verdicts/history.ts'
import { paceMode, wakes } from '../../src/verdicts/pace.ts'

const begin = 1_000_000

function changed(at: Partial<History['changedAt']>): History {
  const history = firstHistory({ mono: begin, wall: 0 })
  return { ...history, changedAt: { ...history.changedAt, ...at } }
}

describe('paceMode', () => {
  const long = begin + 3_600_000
  it.each<[why: string, History, stirredAt: number, now: number, 'calm' | 'alert']>([
    ['just started: nothing is known yet', changed({}), begin, begin, 'alert'],
    ['a minute after the start', changed({}), begin, begin + 60_000, 'calm'],
    ['59.999 s after a change', changed({ topology: long }), begin, long + 59_999, 'alert'],
    ['60 s after the last change', changed({ topology: long }), begin, long + 60_000, 'calm'],
    ['a broker went', changed({ liveness: long }), begin, long + 1, 'alert'],
    ['another broker is expected', changed({ roster: long }), begin, long + 1, 'alert'],
    ['a quorum changed', changed({ quorum: long }), begin, long + 1, 'alert'],
    ['something stirred', changed({}), long, long + 59_999, 'alert'],
    ['it stirred a minute ago', changed({}), long, long + 60_000, 'calm'],
    ['the newest of several counts', changed({ liveness: long - 70_000, topology: long }), begin, long + 1, 'alert'],
    [
      'degraded for days, and nothing changes',
      changed({ liveness: begin + 10 }),
      begin,
      begin + 3 * 86_400_000,
      'calm',
    ],
  ])('%s', (_, history, stirredAt, now, expected) => {
    expect(paceMode(history, stirredAt, now)).toBe(expected)
  })
})

describe('wakes', () => {
  it.each<[why: string, Partial<History['changedAt']>, string[]]>([
    ['nothing changed', {}, []],
    [
      'a broker went: leaders are about to move',
      { liveness: begin + 1 },
      ['configs', 'offsets', 'quorum', 'reassignments', 'sessions', 'topology', 'znodes', 'zookeeper'],
    ],
    [
      'leaders moved: offsets come from others now, and who may lead without loss',
      { topology: begin + 1 },
      ['configs', 'elr', 'offsets', 'reassignments'],
    ],
    [
      'a quorum went or came, or has another leader: sessions are re-armed, Kafka elects or cannot',
      { quorum: begin + 1 },
      ['configs', 'sessions', 'topology', 'znodes'],
    ],
    ['somebody else is expected: probe it', { roster: begin + 1 }, ['liveness']],
    [
      'all at once',
      { liveness: 1, topology: 1, roster: 1, quorum: 1 },
      [
        ...['configs', 'elr', 'liveness', 'offsets', 'quorum', 'reassignments', 'sessions', 'topology', 'znodes'],
        'zookeeper',
      ],
    ],
  ])('%s', (_, at, expected) => {
    expect([...wakes(changed({}), changed(at))].sort()).toEqual(expected)
  })
})
