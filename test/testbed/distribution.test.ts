import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { takeLock } from '../../testbed/distribution-fetch.ts'
import { defaultVersion, getDistribution, loggingOf, versionOf } from '../../testbed/distribution.ts'
import { parseJavaVersion } from '../../testbed/java.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'distribution-test-'))
  vi.stubEnv('KAFKA_HOME', '')
  vi.stubEnv('XDG_CACHE_HOME', join(root, 'cache'))
  // A Java that says its version and nothing else, and no Maven.
  vi.stubEnv('JAVA_HOME', root)
  vi.stubEnv('PATH', join(root, 'bin'))
  java('17.0.15')
})

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  rmSync(root, { recursive: true })
})

function program(name: string, script: string): void {
  mkdirSync(join(root, 'bin'), { recursive: true })
  writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

function java(version: string): void {
  program('java', `echo 'openjdk version "${version}"' >&2`)
}

/** Puts a jar where it is told to and ends with that code. */
function maven(code: number): void {
  const output = 'for a; do case $a in -DoutputDirectory=*) d=${a#*=};; esac; done; [ -z "$d" ] && exit 0'
  program('mvn', `${output}\n/bin/mkdir -p "$d"; : > "$d/kafka_2.13-3.9.1.jar"\necho no network; exit ${code}`)
}

function jarsIn(directory: string, version: string): string {
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, `kafka_2.13-${version}.jar`), '')
  return directory
}

describe('getDistribution', () => {
  test('KAFKA_HOME when it is the version asked for', async () => {
    const libs = jarsIn(join(root, 'home', 'libs'), '3.9.1')
    vi.stubEnv('KAFKA_HOME', join(root, 'home'))
    expect(await getDistribution('3.9.1')).toEqual({ version: '3.9.1', libs })
    expect(defaultVersion()).toBe('3.9.1')
    expect(defaultVersion('kraft')).toBe('3.9.1')
  })

  test('KAFKA_HOME is nothing for KRaft when its version knows none', () => {
    jarsIn(join(root, 'home', 'libs'), '2.6.0')
    vi.stubEnv('KAFKA_HOME', join(root, 'home'))
    expect(defaultVersion('kraft')).toBe('4.1.1')
    expect(defaultVersion()).toBe('2.6.0')
  })

  test('another version in KAFKA_HOME is passed over', async () => {
    jarsIn(join(root, 'home', 'libs'), '3.9.1')
    vi.stubEnv('KAFKA_HOME', join(root, 'home'))
    const libs = jarsIn(join(root, 'cache', 'kafka-ha-exporter', '2.6.0'), '2.6.0')
    expect(await getDistribution('2.6.0')).toEqual({ version: '2.6.0', libs })
  })

  test('a KAFKA_HOME that is none is an error, not a silent download', async () => {
    vi.stubEnv('KAFKA_HOME', root)
    await expect(getDistribution('2.6.0')).rejects.toThrow(/KAFKA_HOME=.* is not a Kafka distribution/)
  })

  test('an old Java: one message with the three ways', async () => {
    java('1.8.0_412')
    await expect(getDistribution('3.9.1')).rejects.toThrow(
      /^no Kafka 3\.9\.1 to test with \(only Java 8 here\).*KAFKA_HOME.*cache.*Maven/,
    )
  })

  test('no Java: the same', async () => {
    vi.stubEnv('JAVA_HOME', join(root, 'nothing'))
    await expect(getDistribution('3.9.1')).rejects.toThrow(/^no Kafka 3\.9\.1 to test with \(no Java here\)/)
  })

  test('no Maven: the same', async () => {
    await expect(getDistribution('3.9.1')).rejects.toThrow(/^no Kafka 3\.9\.1 to test with \(no Maven \(mvn\) here\)/)
  })

  test('through Maven, once, into the cache', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    maven(0)
    const libs = join(root, 'cache', 'kafka-ha-exporter', '3.9.1')
    expect(await getDistribution('3.9.1')).toEqual({ version: '3.9.1', libs })
    maven(1)
    expect(await getDistribution('3.9.1')).toEqual({ version: '3.9.1', libs })
    expect(readdirSync(join(root, 'cache', 'kafka-ha-exporter'))).toEqual(['3.9.1'])
  })

  test('a download that fails leaves nothing behind and says what Maven said', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    maven(1)
    await expect(getDistribution('3.9.1')).rejects.toThrow('no network')
    expect(readdirSync(join(root, 'cache', 'kafka-ha-exporter'))).toEqual([])
  })

  test('a cache directory without the broker is named, not used', async () => {
    jarsIn(join(root, 'cache', 'kafka-ha-exporter', '3.9.1'), '2.6.0')
    await expect(getDistribution('3.9.1')).rejects.toThrow(/3\.9\.1 holds no kafka_2\.x-3\.9\.1\.jar: remove it/)
  })

  test.each(['5.0.0', '3.9', 'latest', '../3.9.1'])('%s is no version this testbed runs', async (version) => {
    await expect(getDistribution(version)).rejects.toThrow(/versions 2\.x\.y to 4\.x\.y/)
  })
})

test('versionOf reads the name of the broker’s jar', () => {
  expect(versionOf(['kafka-clients-2.6.0.jar', 'kafka_2.12-2.6.0-sources.jar', 'kafka_2.12-2.6.0.jar'])).toBe('2.6.0')
  expect(versionOf(['kafka-clients-2.6.0.jar'])).toBeUndefined()
})

test('a lock is taken once, and again when its owner is dead', () => {
  const lock = join(root, 'lock')
  expect(takeLock(lock)).toBe(true)
  expect(takeLock(lock)).toBe(false)
  writeFileSync(lock, '999999999')
  expect(takeLock(lock)).toBe(false)
  expect(takeLock(lock)).toBe(true)
})

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['java version "1.8.0_412"', 8],
  ['openjdk version "21" 2023-09-19', 21],
  ['nonsense', undefined],
])('%s', (text, version) => {
  expect(parseJavaVersion(text)).toBe(version)
})

describe('log4j files', () => {
  const logsBySize = { size: '64KB', keep: 500 } as const
  const fileOf = ([option = '']: readonly string[]): string => option.replace(/^.*=file:/, '')

  test.each([
    ['2.6.0', 'kafka', 'kafka-by-size.properties'],
    ['3.9.1', 'zookeeper', 'zookeeper-by-size.properties'],
    ['4.1.1', 'kafka', 'kafka4-by-size.properties'],
  ] as const)('%s: logs of %s by size come from a file that has every option it is given', (version, role, name) => {
    const options = loggingOf({ version, libs: '/libs' }, role, logsBySize)
    expect(fileOf(options)).toMatch(new RegExp(`/${name}$`))
    expect(options.slice(1)).toEqual([
      '-Dtestbed.logs.size=64KB',
      '-Dtestbed.logs.keep=500',
      '-Dtestbed.logs.level=INFO',
    ])
    const used = [...readFileSync(fileOf(options), 'utf8').matchAll(/\$\{(?:sys:)?(testbed\.[\w.]+)\}/g)].map(
      ([, key]) => key,
    )
    expect(new Set(used)).toEqual(
      new Set(['testbed.logs', 'testbed.logs.size', 'testbed.logs.keep', 'testbed.logs.level']),
    )
  })

  test('without it they are those that are rotated each hour', () => {
    const options = loggingOf({ version: '3.9.1', libs: '/libs' }, 'kafka')
    expect(options).toHaveLength(1)
    expect(fileOf(options)).toMatch(/\/kafka\.properties$/)
  })
})
