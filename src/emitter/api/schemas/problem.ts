import { z } from 'zod'
import { PROBLEMS } from '../problem.ts'
import type { ProblemCode, ProblemDocument } from '../problem.ts'
import { component, listOf } from './component.ts'
import { storyView } from './member.ts'

/** An RFC 9457 problem document. */
export const problemSchema = component<ProblemDocument>('Problem')(
  z.object({
    type: z.string().describe('urn:qualifio-sim:problem: and the code'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().describe('what is wrong and what to do'),
    instance: z.string().describe('the path that was asked for'),
    code: z.enum(Object.keys(PROBLEMS) as readonly ProblemCode[]),
    errors: listOf(z.object({ at: z.string(), detail: z.string() }))
      .exactOptional()
      .describe('what is wrong where: scope.events[1] in the body, ?limit in the query'),
    story: storyView
      .exactOptional()
      .describe('the story as it is, where another step comes next than the one that was asked for'),
  }),
)
