import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchWithMaven } from './distribution-fetch.ts'
import { javaVersion, OLDEST_JAVA } from './java.ts'
import type { LogsBySize, Mode } from './types.ts'

/** The jars of one Kafka version: broker, its ZooKeeper up to 3.x, command-line tools. */
export interface Distribution {
  readonly version: string
  /** Directory of the jars. */
  readonly libs: string
}

/** The newest that knows the mode. */
export const DEFAULT_VERSIONS: Readonly<Record<Mode, string>> = { zookeeper: '3.9.1', kraft: '4.1.1' }

/** What to run when nobody asked for a version: the one of KAFKA_HOME, unless KRaft is asked for and it knows none. */
export function defaultVersion(mode: Mode = 'zookeeper'): string {
  const home = kafkaHome()?.version
  if (home === undefined || (mode === 'kraft' && home.startsWith('2.'))) return DEFAULT_VERSIONS[mode]
  return home
}

/**
 * From KAFKA_HOME if that is exactly this version (another one there is passed over: a drill on 2.6.0 must not run on
 * 3.9.1 because of somebody's environment), else from the cache, else through Maven into the cache.
 */
export async function getDistribution(version: string): Promise<Distribution> {
  if (!/^[234]\.\d+\.\d+$/.test(version)) {
    throw new Error(`Kafka ${version}: this testbed runs versions 2.x.y to 4.x.y, such as 2.6.0, 3.9.1 or 4.1.1`)
  }
  const java = await javaVersion()
  if (java === undefined || java < OLDEST_JAVA) throw new Error(howToGet(version, java))
  const home = kafkaHome()
  if (home?.version === version) return home
  const libs = join(cacheRoot(), version)
  if (!existsSync(libs) && !(await fetchWithMaven(version, libs))) throw new Error(howToGet(version, java))
  if (versionOf(readdirSync(libs)) !== version) throw new Error(`${libs} holds no kafka_2.x-${version}.jar: remove it`)
  return { version, libs }
}

function cacheRoot(): string {
  const xdg = process.env['XDG_CACHE_HOME']
  return join(xdg === undefined || xdg === '' ? join(homedir(), '.cache') : xdg, 'kafka-ha-exporter')
}

function kafkaHome(): Distribution | undefined {
  const home = process.env['KAFKA_HOME']
  if (home === undefined || home === '') return undefined
  const libs = join(home, 'libs')
  const version = versionOf(existsSync(libs) ? readdirSync(libs) : [])
  if (version === undefined)
    throw new Error(`KAFKA_HOME=${home} is not a Kafka distribution: no libs/kafka_2.x-VERSION.jar there`)
  return { version, libs }
}

/**
 * What a ZooKeeper server needs to run its AdminServer. Kafka 2.x, as Maven gives it, comes without Jetty: a later one's has
 * the same classes.
 */
export async function jettyJars({ libs }: Distribution): Promise<readonly string[]> {
  const isJetty = (jar: string): boolean => /^(jetty-|javax\.servlet-api-)/.test(jar)
  if (readdirSync(libs).some(isJetty)) return []
  const later = await getDistribution(DEFAULT_VERSIONS.zookeeper)
  return readdirSync(later.libs)
    .filter(isJetty)
    .map((jar) => join(later.libs, jar))
}

/** From the name of the broker's jar. */
export function versionOf(jars: readonly string[]): string | undefined {
  for (const jar of jars) {
    const version = /^kafka_2\.\d+-(\d+\.\d+\.\d+)\.jar$/.exec(jar)?.[1]
    if (version !== undefined) return version
  }
  return undefined
}

/** Tools moved from kafka.* to org.apache.kafka.tools one by one. A jar's directory names its classes in plain bytes. */
export function hasClass(distribution: Distribution, name: string): boolean {
  const entry = `${name.replaceAll('.', '/')}.class`
  return readdirSync(distribution.libs)
    .filter((jar) => jar.startsWith('kafka'))
    .some((jar) => readFileSync(join(distribution.libs, jar)).includes(entry))
}

/** The JVM's option that names its log4j file: Kafka 4 has log4j 2, with a syntax and an option of its own. */
export function loggingOf(
  { version }: Distribution,
  role: 'kafka' | 'zookeeper' | 'tools',
  logsBySize?: LogsBySize,
): string[] {
  const suffix = logsBySize === undefined ? '' : '-by-size'
  const file = (name: string): string => fileURLToPath(new URL(`log4j/${name}${suffix}.properties`, import.meta.url))
  const limits = logsBySize === undefined ? [] : bySize(logsBySize)
  return knowsZookeeper(version)
    ? [`-Dlog4j.configuration=file:${file(role)}`, ...limits]
    : [`-Dlog4j2.configurationFile=file:${file(`${role}4`)}`, ...limits]
}

/** What the log4j files leave open. */
function bySize({ size, keep, level = 'INFO' }: LogsBySize): string[] {
  return Object.entries({ size, keep, level }).map(([name, value]) => `-Dtestbed.logs.${name}=${value}`)
}

/** Kafka 4 has no ZooKeeper any more. */
export function knowsZookeeper(version: string): boolean {
  return Number(version.split('.')[0]) < 4
}

function howToGet(version: string, java: number | undefined): string {
  const missing =
    java === undefined ? 'no Java here' : java < OLDEST_JAVA ? `only Java ${java} here` : 'no Maven (mvn) here'
  return (
    `no Kafka ${version} to test with (${missing}). One of three ways, each with Java ${OLDEST_JAVA} or newer: ` +
    `set KAFKA_HOME to an unpacked Kafka ${version}; put its libs/*.jar into ${join(cacheRoot(), version)}; ` +
    `or install Maven, which then downloads it once`
  )
}
