import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { recordProcess } from '../ledger.ts'
import { logPatternsOf } from '../log-files.ts'
import { freePorts, isFree } from '../ports.ts'
import type { Cluster } from '../types.ts'
import { Hopeless, waitUntil } from '../wait.ts'
import { scrape } from './watch.ts'

const USUAL_PORT = 10_308
const READY_DEADLINE_MS = 20_000
const END_DEADLINE_MS = 10_000

export interface Exporter {
  /** Of its metrics. */
  readonly url: string
  readonly outputFile: string
  /** Resolves with the reason when it has ended, wanted or not. */
  readonly ended: Promise<string>
  stop(): Promise<void>
}

/** The exporter as an operator runs it: a program with flags. Resolves when it answers a scrape. */
export async function startExporter(cluster: Cluster, program: string): Promise<Exporter> {
  const port = (await isFree(USUAL_PORT)) ? USUAL_PORT : ((await freePorts(1))[0] ?? 0)
  const servers = [
    ...cluster.bootstrap.map((address) => `--kafka.server=${address}`),
    ...cluster.zookeepers.map(({ host, port }) => `--zookeeper.server=${host}:${port}`),
    ...cluster.controllers.map(({ host, port: at }) => `--kafka.controller=${host}:${at}`),
  ]
  const logs = logPatternsOf(cluster)
  const followed = [
    ...logs.kafka.map((pattern) => `--logs.kafka=${pattern}`),
    ...logs.zookeeper.map((pattern) => `--logs.zookeeper=${pattern}`),
  ]
  const outputFile = join(cluster.directory, 'exporter.txt')
  const output = openSync(outputFile, 'a')
  // A session of its own, as the servers: Ctrl-C is for the demo, which then ends all of them.
  const child = spawn(process.execPath, [program, ...servers, ...followed, `--web.listen-address=127.0.0.1:${port}`], {
    detached: true,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  if (child.pid !== undefined) recordProcess(cluster.directory, child.pid)

  let end: string | undefined
  const ended = new Promise<string>((resolve) => {
    const conclude = (reason: string): void => resolve((end = reason))
    child.once('error', (error) => conclude(error.message))
    child.once('exit', (code, signal) =>
      conclude(`${code === null ? (signal ?? '') : `exit code ${code}`}\n${tail(outputFile)}`),
    )
  })
  const url = `http://127.0.0.1:${port}/metrics`
  const answers = async (): Promise<boolean> => {
    if (end !== undefined) throw new Hopeless(`the exporter ended: ${end}`)
    await scrape(url)
    return true
  }
  await waitUntil(`the exporter to answer ${url}`, answers, READY_DEADLINE_MS)
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), END_DEADLINE_MS)
    await ended
    clearTimeout(killer)
  }
  return { url, outputFile, ended, stop }
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-10).join('\n')
}
