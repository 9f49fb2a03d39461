import { describe, expect, it } from 'vitest'
import { run } from './run.ts'

const session = '0x300138012d60000'
const expired = (day: string, id = session): string =>
  `[${day}] INFO Expiring session ${id}, timeout of 18000ms exceeded (org.apache.zookeeper.server.ZooKeeperServer)\n`
/** Times without a date before them. */
const bare = /(?<![\d-] )\b\d\d:\d\d:\d\d\b/
const shown = (out: string): string[] =>
  out.split('\n').filter((line) => !/^(<style|:root|main)/.test(line) && bare.test(line))
const told = async (format: string, zone: string, ...days: string[]): Promise<string> =>
  (
    await run(
      [`--format=${format}`, `--time-zone=${zone}`, '-'],
      days.map((day, i) => expired(day, `0x${i + 1}`)).join(''),
    )
  ).out

describe.each(['text', 'html'])('times as %s', (format) => {
  it('carry the date where the logs are of more than one day', async () => {
    const out = await told(format, 'UTC', '2026-11-22 23:59:58,000', '2026-11-23 00:00:03,000')
    expect(out).toContain('11-22 23:59:58.000')
    expect(out).toContain('11-23 00:00:03.000')
    expect(shown(out)).toEqual([])
  })
  it('carry the year, too, where there are two', async () => {
    const out = await told(format, 'UTC', '2026-12-31 23:59:58,000', '2027-01-01 00:00:03,000')
    expect(shown(out)).toEqual([])
    expect(out.replace(/2026-12-31|2027-01-01/g, '')).not.toMatch(/12-31|01-01/)
  })
  it('carry none within one day', async () => {
    const out = await told(format, 'UTC', '2026-11-22 10:59:58,000', '2026-11-22 12:00:03,000')
    expect(shown(out)).not.toEqual([])
    expect(out.replace(/2026-11-22/g, '')).not.toContain('11-22')
  })
})

describe('a step of several things', () => {
  // Two partitions go to another leader, 51 s apart.
  const moved = (time: string, partition: string): string =>
    `[2026-11-22 ${time}] INFO [Controller id=3 epoch=1] Changed partition ${partition} from OfflinePartition to OnlinePartition with state LeaderAndIsr(leader=2, leaderEpoch=1, isr=List(2), zkVersion=1) (state.change.logger)\n`
  const started = (partition: string): string =>
    `[2026-11-22 17:37:00,000] INFO [Controller id=3 epoch=1] Changed partition ${partition} from NewPartition to OnlinePartition with state LeaderAndIsr(leader=1, leaderEpoch=0, isr=List(1, 2), controllerEpoch=1) (state.change.logger)\n`
  const log =
    started('a-0') +
    started('a-1') +
    '[2026-11-22 17:38:00,000] INFO [Controller id=3] Broker failure callback for 1 (kafka.controller.KafkaController)\n' +
    moved('17:38:06,327', 'a-0') +
    moved('17:38:57,572', 'a-1')
  it.each(['text', 'html'])('says from when to when: %s', async (format) => {
    const { out } = await run([`--format=${format}`, '--time-zone=UTC', '-'], log)
    expect(out).toContain('17:38:06.327 to 17:38:57.572')
    expect(out).toContain('2 partitions (a-0, a-1)')
  })
  it('has until in the JSON', async () => {
    const { out } = await run(['--format=json', '--time-zone=UTC', '-'], log)
    expect(out).toMatch(/"at": "2026-11-22T17:38:06.327Z",\s+"until": "2026-11-22T17:38:57.572Z"/)
  })
})
