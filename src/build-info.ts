import { readFileSync } from 'node:fs'

/** Version of the package, and the commit it was built from (empty when run from sources or built without git). */
export function readBuildInfo(): { readonly version: string; readonly revision: string; readonly node: string } {
  const { version = '' } = readJson('../package.json')
  const { revision = '' } = readJson('./build-info.json')
  return { version, revision, node: process.versions.node }
}

function readJson(path: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Record<string, string>
  } catch {
    return {}
  }
}
