import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { CATALOG } from '../../src/check/catalog.ts'
import { unmet, type Means } from '../../src/check/means.ts'
import { loadContract, typeOfElement, type Contract } from '../../src/contract/contract.ts'
import { isRecord } from '../receivers/event.ts'
import { nodeReceiver, type NodeSteps } from '../receivers/node-receiver.ts'
import { checked, MEANS } from './checked.ts'

/** A sound receiver of events as another contract writes them: what it cannot read it sets aside. */
function receiverOf(contract: Contract, changes: Partial<NodeSteps> = {}) {
  const [identity] = contract.identity
  const memberOf = (element: Record<string, unknown>): unknown =>
    isRecord(element['member']) ? element['member']['id'] : element['member_id']
  return nodeReceiver({
    choose: (elements) =>
      elements.filter(isRecord).flatMap((element) => {
        const type = typeOfElement(contract, element)
        const member = memberOf(element)
        if (type === undefined || typeof member !== 'string') return []
        const id = identity === undefined ? hashOf(element) : String(element[identity])
        const occurredAt = new Date(Number(element['ts']) * 1000 || String(element['occurredAt'])).toISOString()
        return [{ id, type, occurredAt, member: { id: member }, data: element }]
      }),
    ...changes,
  })
}

const hashOf = (element: unknown): string => createHash('sha256').update(JSON.stringify(element)).digest('hex')

const NEEDS_IDENTITY = ['DLV-01', 'DLV-02', 'DLV-03', 'DLV-04', 'DLV-07']

describe.each(['flat-snake', 'no-identity'])('under the contract %s', (name) => {
  const meansOf = ({ identity }: Contract): Means => ({ ...MEANS, 'event-identity': identity.length > 0 })

  test('a sound receiver fails nothing, and what needs an identity says so', { timeout: 40_000 }, async () => {
    const contract = await loadContract(name)
    const receiver = await receiverOf(contract)
    try {
      const means = meansOf(contract)
      const { run, summary, failed } = await checked(receiver, { contract, run: { means } })
      expect(failed).toEqual([])
      expect(summary).toMatchObject({ exitCode: 0, headline: expect.stringMatching(/^CONFORMANT/) })
      const skipped = run.results.filter(({ verdict }) => verdict === 'SKIP').map(({ check }) => check.number)
      const noIdentity = contract.identity.length === 0 ? NEEDS_IDENTITY : []
      expect(skipped).toEqual([...noIdentity, 'PRF-04', 'TRN-01', 'TRN-02'])
      for (const { check, reason } of run.results.filter(({ check: { number } }) => noIdentity.includes(number)))
        expect([check.number, reason]).toEqual([check.number, expect.stringContaining('no event identity')])
      expect(CATALOG.filter((check) => unmet(check, means) !== undefined)).toHaveLength(noIdentity.length + 2)
      // Under a contract without ids there are none to clean up by.
      expect(run.eventIds.length > 0).toBe(contract.identity.length > 0)
    } finally {
      await receiver.close()
    }
  })

  test('a receiver that takes its own types only fails what has another', async () => {
    const contract = await loadContract(name)
    const receiver = await receiverOf(contract, {
      consider: (elements) =>
        elements.some((element) => isRecord(element) && typeOfElement(contract, element) === undefined)
          ? { status: 400 }
          : undefined,
    })
    try {
      const checks = CATALOG.filter(({ number }) => /^(CON|AUT|ROB-08)/.test(number))
      const { failed } = await checked(receiver, { contract, checks, run: { means: meansOf(contract) } })
      expect(failed).toEqual(['CON-06', 'CON-07'])
    } finally {
      await receiver.close()
    }
  })
})

test('under flat-snake the oracle is asked for the ids of that contract', async () => {
  const contract = await loadContract('flat-snake')
  const receiver = await receiverOf(contract, { apply: ({ id }, store) => store.apply(id) })
  try {
    const checks = CATALOG.filter(({ number }) => /^DLV-0[134]$/.test(number))
    expect((await checked(receiver, { contract, checks })).failed).toEqual(['DLV-01', 'DLV-03', 'DLV-04'])
  } finally {
    await receiver.close()
  }
})
