import { readFileSync } from 'node:fs'
import { get as getHttp } from 'node:http'
import { get as getHttps } from 'node:https'
import { loadConfig } from './config/load.ts'

/** The container's health check: asks `/-/healthy` of the exporter beside it, at the address that one was told. */
const deadlineMs = 4_000

process.exit((await isHealthy()) ? 0 : 1)

async function isHealthy(): Promise<boolean> {
  const loaded = loadConfig(flagsOfTheExporter(), process.env)
  if (!('config' in loaded)) return false
  const { listen, tls } = loaded.config.web
  const anywhere = listen.host === undefined || listen.host === '0.0.0.0' || listen.host === '::'
  const target = { host: anywhere ? '127.0.0.1' : listen.host, port: listen.port, path: '/-/healthy' }
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), deadlineMs)
    // Any answer is a sign of life: 401 where it wants a password, a certificate that names another host.
    const answered = (): void => resolve(true)
    const request = tls ? getHttps({ ...target, rejectUnauthorized: false }, answered) : getHttp(target, answered)
    request.on('error', () => resolve(false))
  })
}

/** In a container the exporter is process 1, or what an init there was told to run. */
function flagsOfTheExporter(): readonly string[] {
  try {
    const command = readFileSync('/proc/1/cmdline', 'utf8').split('\0').slice(0, -1)
    const program = command.findIndex((word) => word.endsWith('/main.js'))
    return program < 0 ? [] : command.slice(program + 1)
  } catch {
    return []
  }
}
