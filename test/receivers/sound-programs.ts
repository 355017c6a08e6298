import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeReceiver } from './node-receiver.ts'
import { startProgram } from './program.ts'
import { addresses, AUTHORIZATION, PREVIOUS_SECRET, SECRET, type CheckedReceiver } from './receiver.ts'

/** PHP: `php://input` under PHP's own server with four workers, which share a locked file. */
export async function phpReceiver(php: string): Promise<CheckedReceiver> {
  const router = fileURLToPath(new URL('router.php', import.meta.url))
  // PHP must leave the body alone: for a form it would parse it, and past post_max_size (8 MB) drop it with a warning.
  const settings = ['display_errors=0', 'enable_post_data_reading=0', 'post_max_size=0', 'memory_limit=512M']
  const { port, folder, close } = await startProgram((port, folder) => ({
    command: php,
    args: [...settings.flatMap((setting) => ['-d', setting]), '-S', `127.0.0.1:${port}`, router],
    env: {
      PHP_CLI_SERVER_WORKERS: '4',
      WEBHOOK_SECRET: SECRET,
      WEBHOOK_PREVIOUS_SECRET: PREVIOUS_SECRET,
      WEBHOOK_AUTHORIZATION: AUTHORIZATION[1],
      WEBHOOK_STORE: join(folder, 'store.json'),
    },
  }))
  return { ...addresses(port), applied: async () => appliedIn(join(folder, 'store.json')), close }
}

function appliedIn(path: string): ReadonlyMap<string, number> {
  try {
    const { applied } = JSON.parse(readFileSync(path, 'utf8')) as { applied: Record<string, number> }
    return new Map(Object.entries(applied))
  } catch {
    // Nothing was written yet.
    return new Map()
  }
}

/** The plain receiver behind a real nginx, which reads the whole body before it hands it on. */
export async function nginxReceiver(nginx: string): Promise<CheckedReceiver> {
  const behind = await nodeReceiver()
  try {
    const { port, close } = await startProgram((port, folder) => {
      const file = join(folder, 'nginx.conf')
      writeFileSync(file, nginxConfig(folder, port, new URL(behind.url).origin))
      return { command: nginx, args: ['-p', folder, '-c', file, '-e', join(folder, 'error.log')] }
    })
    return {
      ...addresses(port),
      applied: behind.applied,
      close: async () => {
        await close()
        await behind.close()
      },
    }
  } catch (error) {
    await behind.close()
    throw error
  }
}

function nginxConfig(folder: string, port: number, upstream: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  // As root the workers would be another user, who cannot enter the folder.
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  return `
${user}
daemon off;
worker_processes 2;
pid ${folder}/nginx.pid;
events { worker_connections 256; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  client_max_body_size 10m; # 1m by default
  large_client_header_buffers 4 16k; # a header line past 8k would be a 400
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass ${upstream};
      proxy_http_version 1.1;
    }
  }
}
`
}
