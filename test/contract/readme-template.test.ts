import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkContract } from '../../src/contract/contract.ts'
import { contractFolder } from '../support/contract-folder.ts'

test('the template that the README shows has nothing wrong in it', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const [, template = ''] = /`earning\.json`, for instance:\n+```json\n([\s\S]*?)```/.exec(readme) ?? []
  expect(template).toContain('{{')
  const { cwd } = await contractFolder({ 'earning.json': template })
  const problems = await checkContract('my-contract', { cwd })
  expect(problems.filter((problem) => problem.startsWith('my-contract/earning.json'))).toEqual([])
})
