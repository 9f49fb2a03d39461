import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { atEnd } from './ending.ts'
import { isMissing, run } from './run.ts'
import { isAlive } from './process-identity.ts'
import { waitUntil } from './wait.ts'

const POM = fileURLToPath(new URL('distribution/pom.xml', import.meta.url))
const DOWNLOAD_DEADLINE_MS = 10 * 60_000

/** Fills the directory, all or nothing; of two at once one downloads and the other waits. False when there is no Maven. */
export async function fetchWithMaven(version: string, libs: string): Promise<boolean> {
  if (!(await hasMaven())) return false
  mkdirSync(dirname(libs), { recursive: true })
  const lock = `${libs}.lock`
  await waitUntil(`another download of Kafka ${version} (${lock})`, () => takeLock(lock), DOWNLOAD_DEADLINE_MS, 500)
  const unlock = atEnd(() => rmSync(lock, { force: true }))
  try {
    if (!existsSync(libs)) await download(version, libs)
    return true
  } finally {
    rmSync(lock, { force: true })
    unlock()
  }
}

/** The file names its owner, so that one left by a killed process holds nobody up. */
export function takeLock(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid}`, { flag: 'wx' })
    return true
  } catch {
    const owner = Number(readFileSync(file, 'utf8'))
    if (owner > 0 && !isAlive(owner)) rmSync(file, { force: true })
    return false
  }
}

async function hasMaven(): Promise<boolean> {
  try {
    await run('mvn', ['-v'], { deadlineMs: 30_000 })
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

async function download(version: string, libs: string): Promise<void> {
  const unfinished = `${libs}.unfinished-${process.pid}`
  const drop = (): void => rmSync(unfinished, { recursive: true, force: true })
  const undo = atEnd(drop)
  try {
    const profile = `kafka-${version.slice(0, 1)}`
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${unfinished}`]
    console.error(`testbed: downloading Kafka ${version} with Maven, once, into ${libs}`)
    const { code, stdout, stderr } = await run(
      'mvn',
      ['-B', '-q', '-f', POM, '-P', profile, `-Dkafka.version=${version}`, ...goal],
      { deadlineMs: DOWNLOAD_DEADLINE_MS },
    )
    if (code !== 0) throw new Error(`Maven could not download Kafka ${version}:\n${(stdout + stderr).slice(0, 2_000)}`)
    renameSync(unfinished, libs)
  } finally {
    drop()
    undo()
  }
}
