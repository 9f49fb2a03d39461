#!/usr/bin/env node
import { createApp } from './app.ts'
import { readBuildInfo } from './build-info.ts'
import { runCommand } from './cli/command.ts'
import { helpText, versionText } from './config/help.ts'
import { loadConfig } from './config/load.ts'
import { describeConfig } from './config/redacted.ts'
import { createLogger } from './log.ts'

const exitCodes = { ok: 0, failed: 1, badConfiguration: 2 } as const
/** Whatever is left to do after this long is not worth waiting for. */
const stopWithinMs = 10_000

process.exitCode = await main(process.argv.slice(2), process.env)

async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const build = readBuildInfo()
  const io = { in: process.stdin, out: process.stdout, err: process.stderr }
  const code = runCommand(argv, io, () => versionText(build))
  if (code !== undefined) return code
  const loaded = loadConfig(argv, env)
  if (!loaded.ok) {
    process.stderr.write(`${loaded.message}\n`)
    return exitCodes.badConfiguration
  }
  if (!('config' in loaded)) {
    process.stdout.write(loaded.action === 'help' ? helpText() : `${versionText(build)}\n`)
    return exitCodes.ok
  }
  if (loaded.action === 'check') {
    for (const warning of loaded.warnings) process.stderr.write(`warning: ${warning}\n`)
    process.stdout.write(describeConfig(loaded.config))
    return exitCodes.ok
  }
  const { config, warnings } = loaded
  const logger = createLogger(config.log)
  for (const warning of warnings) logger.warn(warning)
  const app = createApp(config, logger, build)
  const asked = stopSignal()
  try {
    const { port } = await app.start()
    logger.info({ version: build.version, port, path: config.web.telemetryPath }, 'listening')
  } catch (error) {
    logger.error(error instanceof Error ? error.message : String(error))
    return exitCodes.failed
  }
  const signal = await asked
  logger.info({ signal }, 'stopping')
  setTimeout(() => process.exit(exitCodes.failed), stopWithinMs).unref()
  await app.stop()
  // Not waiting for connections that are still being opened.
  process.exit(exitCodes.ok)
}

/** The first SIGTERM or SIGINT asks for an orderly end; a second one ends at once. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false
    const receive = (signal: NodeJS.Signals): void => {
      if (asked) process.exit(exitCodes.failed)
      asked = true
      resolve(signal)
    }
    process.on('SIGTERM', receive)
    process.on('SIGINT', receive)
  })
}
