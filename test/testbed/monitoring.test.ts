import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { alertChanges, nameOf, type Alert } from '../../testbed/monitoring/alerts.ts'
import { alertmanagerConfig, prometheusConfig } from '../../testbed/monitoring/configuration.ts'
import { startMonitoring } from '../../testbed/monitoring/monitoring.ts'
import { findPrograms, missingPrograms } from '../../testbed/monitoring/programs.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'monitoring-test-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function program(name: string, text: string, mode = 0o755): string {
  const file = join(directory, name)
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}

describe('programs', () => {
  it('are found by either name, and only where they can be run', () => {
    const alertmanager = program('alertmanager', '')
    program('prometheus', '', 0o644)
    const path = ['', join(directory, 'none'), directory].join(delimiter)
    expect(findPrograms(path)).toEqual({ prometheus: undefined, alertmanager })
    const debian = program('prometheus-alertmanager', '')
    expect(findPrograms(path).alertmanager).toBe(debian)
  })

  it('are asked for in one line', () => {
    expect(missingPrograms({ prometheus: '/p', alertmanager: '/a' })).toBeUndefined()
    expect(missingPrograms({ prometheus: '/p', alertmanager: undefined })).toBe(
      'prometheus-alertmanager is not installed (Debian: apt-get install prometheus-alertmanager): going on without',
    )
    expect(missingPrograms({ prometheus: undefined, alertmanager: undefined })).toMatch(/^prometheus and .* are not/)
  })
})

describe('configurations', () => {
  it('scrape the exporters under the name that the rules expect', () => {
    const scraped = { exporters: ['127.0.0.1:1', '127.0.0.1:2'], ruleFile: '/rules.yaml' }
    const config = parse(prometheusConfig({ ...scraped, alertmanager: '127.0.0.1:3' })) as Record<string, unknown>
    expect(config['scrape_configs']).toEqual([
      { job_name: 'kafka-ha', static_configs: [{ targets: scraped.exporters }] },
    ])
    expect(config['rule_files']).toEqual(['/rules.yaml'])
    expect(JSON.stringify(config['alerting'])).toContain('127.0.0.1:3')
    expect(prometheusConfig({ ...scraped, alertmanager: undefined })).not.toContain('alerting')
  })

  it('send everything to the webhook, or nothing to nobody', () => {
    const receivers = (webhook?: string): unknown =>
      (parse(alertmanagerConfig(webhook)) as { receivers: unknown }).receivers
    expect(receivers('http://w/')).toEqual([
      { name: 'testbed', webhook_configs: [{ url: 'http://w/', send_resolved: true }] },
    ])
    expect(receivers()).toEqual([{ name: 'testbed' }])
  })
})

describe('starting', () => {
  const wanted = (prometheus: string | undefined) => ({
    directory: mkdtempSync(join(directory, 'cluster-')),
    exporters: ['127.0.0.1:1'],
    programs: { prometheus, alertmanager: undefined },
  })

  it('does nothing without a Prometheus', async () => {
    expect(await startMonitoring(wanted(undefined))).toBeUndefined()
  })

  it('fails at once, and with its words, when Prometheus ends', async () => {
    const broken = program('broken', '#!/bin/sh\necho "flag provided but not defined: $1"; exit 1\n')
    await expect(startMonitoring(wanted(broken))).rejects.toThrow('flag provided but not defined: --config.file=')
  })

  it('waits until it is ready, and ends it', async () => {
    // Answers /-/ready on the port that it is given, as the real one does; SIGTERM ends it.
    const server = `#!${process.execPath}
const [host, port] = process.argv.find((a) => a.startsWith('--web.listen-address=')).split('=')[1].split(':')
require('node:http').createServer((request, response) => response.end(request.url)).listen(Number(port), host)
`
    const monitoring = await startMonitoring(wanted(program('ready.cjs', server)))
    const answer = await fetch(`${monitoring?.prometheus ?? ''}/-/ready`)
    expect(await answer.text()).toBe('/-/ready')
    await monitoring?.stop()
    await expect(fetch(`${monitoring?.prometheus ?? ''}/-/ready`)).rejects.toThrow()
  })
})

describe('what becomes of alerts', () => {
  const alert = (state: Alert['state'], labels: Record<string, string> = {}): Alert => ({
    labels: { alertname: 'A', job: 'kafka-ha', severity: 'critical', ...labels },
    annotations: { description: 'Do this.' },
    state,
  })

  it('has a name without what all of them share', () => {
    expect(nameOf(alert('firing', { broker: '1', instance: 'i' }))).toBe('A broker=1')
  })

  it.each([
    ['begins', [], [alert('pending')], ['alert A: pending']],
    ['fires', [alert('pending')], [alert('firing')], ['ALERT A: firing (critical). Do this.']],
    ['goes on', [alert('firing')], [alert('firing')], []],
    ['is over', [alert('firing')], [], ['ALERT A: resolved']],
    ['was nothing', [alert('pending')], [], ['alert A: no longer pending']],
    [
      'changes places',
      [alert('firing', { broker: '1' })],
      [alert('firing', { broker: '1' }), alert('pending', { broker: '2' })],
      ['alert A broker=2: pending'],
    ],
  ])('%s', (_, before, after, lines) => {
    expect(alertChanges(before, after)).toEqual(lines)
  })
})
