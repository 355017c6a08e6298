import type { Webhook } from '../records.ts'

/** How long the secret before a change goes on signing: 30 minutes (documented). */
export const ROTATION_MS = 30 * 60 * 1000

type Secrets = Pick<Webhook, 'secret' | 'previousSecret' | 'rotation'>

/** The secret that signs now; null when nothing is signed. */
export function secretSigning({ secret, previousSecret, rotation }: Secrets, nowMs: number): string | null {
  if (rotation === 'immediate' || previousSecret === null || nowMs >= previousSecret.untilMs) return secret
  return previousSecret.value
}

/**
 * The webhook with another secret. With rotation `overlap` the one that signs now goes on for 30 minutes, shortened
 * by `speed`: also when that is itself the secret before an earlier change. The same secret again changes nothing, and a
 * first secret, or none any more, takes effect at once: only a change from one to another is documented to overlap.
 */
export function rotated<Rotating extends Secrets>(
  webhook: Rotating,
  secret: string | null,
  { nowMs, speed }: { readonly nowMs: number; readonly speed: number | 'max' },
): Rotating {
  if (secret === webhook.secret) return webhook
  const signing = secretSigning(webhook, nowMs)
  const overlapMs = webhook.rotation === 'immediate' || speed === 'max' ? 0 : Math.round(ROTATION_MS / speed)
  const isOver = overlapMs === 0 || signing === secret || signing === null || secret === null
  return {
    ...webhook,
    secret,
    previousSecret: isOver ? null : { value: signing, untilMs: nowMs + overlapMs },
  }
}
