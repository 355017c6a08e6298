import type { Advice } from '../advice.ts'

/** How an event is applied once, in any order, whatever happens meanwhile. */
export const STORAGE_ADVICE = {
  'not-idempotent': {
    javascript:
      "Put a unique index on `event_id` and run, in the transaction of the effect, `INSERT INTO processed_events (event_id) VALUES ($1) ON CONFLICT DO NOTHING`; apply the event only if `rowCount` is 1. Knex: `.onConflict('event_id').ignore()`; Prisma: `createMany` with `skipDuplicates`.",
    symfony:
      "In `$connection->transactional()` run `executeStatement('INSERT INTO processed_events (event_id) VALUES (?) ON CONFLICT DO NOTHING', [$id])` and apply only if it returns 1. Do not rely on a failed `flush()`: it closes the EntityManager.",
    laravel:
      "Put a unique index on `event_id`; in `DB::transaction()` apply the event only if `DB::table('processed_events')->insertOrIgnore(['event_id' => $id]) === 1`.",
    spring:
      'In one `@Transactional` method run `jdbcTemplate.update("insert into processed_events (event_id) values (?) on conflict do nothing", id)` and apply only if it returns 1. `repository.save()` with your own id merges and never fails.',
    django:
      "Give `ProcessedEvent` an `event_id` with `unique=True`; within `transaction.atomic()` take `_, created = ProcessedEvent.objects.get_or_create(event_id=event['id'])` and apply the event only if `created`.",
    aspnet:
      'Put a unique index with `HasIndex(e => e.EventId).IsUnique()`; in one transaction run `Database.ExecuteSqlAsync($"INSERT INTO processed_events (event_id) VALUES ({id}) ON CONFLICT DO NOTHING")` and apply the event only if it returns 1.',
  },
  race: {
    javascript:
      'Do not look with `findUnique` and then `create`: at each `await` the other request runs. Insert into a table with a unique `event_id` first (`ON CONFLICT DO NOTHING`), in one transaction with the effect. A `Set` or mutex in memory does not reach another process.',
    symfony:
      'Do not look with `findOneBy` and then `persist`: insert first with `ON CONFLICT DO NOTHING` on a unique `event_id` in `$connection->transactional()`, and apply only if a row was made. `LockFactory` may help, the unique index has to decide.',
    laravel:
      'Do not look with `exists()` and then `create()`: let `insertOrIgnore` on a unique `event_id` decide, in `DB::transaction()` with the effect. `Cache::lock` and `ShouldBeUnique` do not replace the unique index.',
    spring:
      'Do not look with `existsById` and then `save`; `@Transactional` alone does not prevent it at READ COMMITTED, and `synchronized` only in one process. Insert first with `on conflict do nothing` on a unique `event_id`, and apply only if a row was made.',
    django:
      'Do not look with `.exists()` and then `.create()`: `get_or_create` on a field with `unique=True`, in `transaction.atomic()` with the effect, lets only one request have `created`. Without `unique=True` it does not.',
    aspnet:
      'Do not look with `AnyAsync` and then `Add`: insert first into a table with a unique `EventId`, in one transaction with the effect, and take a `DbUpdateException` of it as a duplicate. `lock` and `SemaphoreSlim` do not reach another process.',
  },
  'order-assumed': {
    javascript:
      'Write levels and balances in one conditional statement: `UPDATE members SET level = $1, level_at = $2 WHERE id = $3 AND level_at < $2`. Prisma: `updateMany({ where: { id, levelAt: { lt: occurredAt } }, data })`.',
    symfony:
      "Write levels and balances in one conditional statement: `$connection->executeStatement('UPDATE members SET level = ?, level_at = ? WHERE id = ? AND level_at < ?', [$level, $at, $id, $at])`.",
    laravel:
      "Write levels and balances in one conditional statement: `Member::whereKey($id)->where('level_at', '<', $at)->update(['level' => $level, 'level_at' => $at])`.",
    spring:
      'Write levels and balances in one conditional statement: `@Modifying @Query("update Member m set m.level = :level, m.levelAt = :at where m.id = :id and m.levelAt < :at")`.',
    django:
      'Write levels and balances in one conditional statement: `Member.objects.filter(pk=id, level_at__lt=at).update(level=level, level_at=at)`, instead of reading and `save()`.',
    aspnet:
      'Write levels and balances in one conditional statement: `Members.Where(m => m.Id == id && m.LevelAt < at).ExecuteUpdateAsync(s => s.SetProperty(m => m.Level, level).SetProperty(m => m.LevelAt, at))`.',
  },
  'events-lost': {
    javascript:
      'Loop with `for (const event of events)` and `await` each: `events.forEach(async (event) => apply(event))` answers before the work is done and loses its errors. Catch per event, and insert the bad one with its error into a dead-letter table.',
    php: 'Put `try`/`catch (\\Throwable $e)` inside the `foreach`, a transaction around each event, and insert the bad one with its error into a dead-letter table. After a failed `flush()` of Doctrine call `$registry->resetManager()`.',
    spring:
      'Give each event its own transaction: call a method with `@Transactional(propagation = Propagation.REQUIRES_NEW)` of another bean from the loop and catch there; one transaction around the loop rolls the good ones back. Keep the bad one in a dead-letter table.',
    django:
      'Put `with transaction.atomic():` inside the loop and `try`/`except` around it, so that one bad event does not roll the others back, and save the bad one with its error in a dead-letter model.',
    aspnet:
      'Call `SaveChangesAsync` for each event in `try`/`catch`, and `ChangeTracker.Clear()` after a failure: a failed entity stays tracked and fails the next ones too. Save the bad event in a dead-letter table.',
  },
} satisfies Advice
