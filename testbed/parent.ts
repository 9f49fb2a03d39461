import { parentOf } from './process-identity.ts'

const CHECK_MS = 500

/** Ends this process, with all its clean-up, when the one that started it has gone. */
export function endWithParent(): void {
  const parent = process.ppid
  every(() => process.ppid === parent)
}

/**
 * `npm run` starts a shell, that starts tsx, that starts this process. A SIGTERM for npm ends the shell, and what it had
 * started would run on with a cluster that nobody sees. Does nothing when npm has no part in it.
 */
export function endWithNpm(): void {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const parent = process.ppid
  const grandparent = parentOf(parent)
  every(() => process.ppid === parent && parentOf(parent) === grandparent)
}

function every(isAsBefore: () => boolean): void {
  setInterval(() => {
    if (!isAsBefore()) process.exit(1)
  }, CHECK_MS).unref()
}
