// The few functions of the C library that the quick engine needs, through koffi: an optional dependency
// that ships as a prebuilt binary. Everything here is Linux's own interface.
import { createRequire } from 'node:module';

/** An address or a result of the C library. */
type Word = number | bigint;

/** The part of koffi we use. */
interface Koffi {
  load(path: null): { func(definition: string): (...words: readonly unknown[]) => Word };
  view(address: bigint, length: number): ArrayBuffer;
  errno(): number;
}

/** Memory outside JavaScript's heap: the kernel may write to it at any time, and it never moves. */
export interface NativeMemory {
  readonly address: number;
  readonly buffer: ArrayBuffer;
}

export interface Native {
  /** A system call by number, of at most six words. Returns its result, or minus the error number. */
  syscall(number: number, ...words: readonly Word[]): number;
  socket(domain: number, type: number, protocol: number): number;
  setOption(fd: number, level: number, name: number, value: Int32Array): number;
  shutdown(fd: number): void;
  close(fd: number): void;
  /** Maps `length` bytes of `fd`, or of nothing when fd is -1. Throws RangeError when there is no memory. */
  map(length: number, fd: number, offset: number): NativeMemory;
  unmap(memory: NativeMemory): void;
}

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const MAP_PRIVATE_ANONYMOUS = 0x22;
const SHUT_RDWR = 2;

/** The C library, or undefined where koffi is not installed or has no binary for this platform. */
export function loadNative(): Native | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const koffi: Koffi = createRequire(import.meta.url)('koffi');
    return bind(koffi);
  } catch {
    return undefined;
  }
}

function bind(koffi: Koffi): Native {
  const libc = koffi.load(null);
  const syscall = libc.func('long syscall(long number, long a, long b, long c, long d, long e, long f)');
  const socket = libc.func('int socket(int domain, int type, int protocol)');
  const setsockopt = libc.func(
    'int setsockopt(int fd, int level, int name, const void *value, uint32_t length)',
  );
  const shutdown = libc.func('int shutdown(int fd, int how)');
  const close = libc.func('int close(int fd)');
  const mmap = libc.func(
    'uintptr_t mmap(uintptr_t at, size_t length, int protection, int flags, int fd, long offset)',
  );
  const munmap = libc.func('int munmap(uintptr_t at, size_t length)');
  return {
    syscall: (number, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0) => {
      const result = Number(syscall(number, a, b, c, d, e, f));
      return result === -1 ? -koffi.errno() : result;
    },
    socket: (domain, type, protocol) => Number(socket(domain, type, protocol)),
    setOption: (fd, level, name, value) => Number(setsockopt(fd, level, name, value, value.byteLength)),
    shutdown: (fd) => void shutdown(fd, SHUT_RDWR),
    close: (fd) => void close(fd),
    map: (length, fd, offset) => {
      const flags = fd < 0 ? MAP_PRIVATE_ANONYMOUS : MAP_SHARED;
      const address = BigInt(mmap(0, length, PROT_READ_WRITE, flags, fd, offset));
      // MAP_FAILED is the largest address.
      if (address > 2n ** 63n) throw new RangeError(`no memory of ${length} bytes (error ${koffi.errno()})`);
      return { address: Number(address), buffer: koffi.view(address, length) };
    },
    unmap: ({ address, buffer }) => void munmap(address, buffer.byteLength),
  };
}
