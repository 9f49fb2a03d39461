import { expect, it } from 'vitest'
import { followedLogs } from '../src/followed-logs.ts'

const none = { kafka: [], zookeeper: [], positions: undefined, fromStart: false, timeZone: 'UTC' }

it.each([
  [{ kafka: ['/k/*.log', '/c.log'] }, { kafka: '/k/*.log,/c.log', from: 'end' }],
  [
    { zookeeper: ['/z.log'], fromStart: true },
    { zookeeper: '/z.log', from: 'beginning' },
  ],
  [
    { kafka: ['-'], zookeeper: ['/z.log'], positions: '/p' },
    { kafka: '-', zookeeper: '/z.log', from: 'positions, else end', positions: '/p' },
  ],
  [
    { kafka: ['/k.log'], positions: '/p', fromStart: true },
    { kafka: '/k.log', from: 'positions, else beginning', positions: '/p' },
  ],
  [{ kafka: ['-'] }, { kafka: '-' }],
])('of %j it is told what is followed, and from where', (logs, told) => {
  expect(followedLogs({ ...none, ...logs })).toEqual({ ...told, time_zone: 'UTC' })
})
