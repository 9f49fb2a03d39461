// Part of `npm run build`: which commit dist/ was built from. REVISION overrides git, for builds without a checkout.
import { execFileSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'

function gitRevision() {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim()
  } catch {
    return ''
  }
}

const revision = process.env.REVISION ?? gitRevision()
writeFileSync('dist/build-info.json', `${JSON.stringify({ revision })}\n`)
chmodSync('dist/main.js', 0o755)
