import { endianness } from 'node:os';

/** A `sockaddr_in` or `sockaddr_in6` as the kernel reads it (ip(7), ipv6(7)). */
export function encodeAddress(address: string, port: number, family: number): Uint8Array {
  const bytes = address.includes(':') ? new Uint8Array(28) : new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, family, endianness() === 'LE');
  view.setUint16(2, port);
  if (address.includes(':')) writeIpv6(view, address);
  else
    address.split('.').forEach((part, at) => {
      view.setUint8(4 + at, Number(part));
    });
  return bytes;
}

function writeIpv6(view: DataView, address: string): void {
  const [plain = ''] = address.split('%');
  const [head = '', tail] = plain.split('::');
  const left = groupsOf(head);
  const right = groupsOf(tail ?? '');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => 0);
  [...left, ...zeros, ...right].forEach((group, at) => {
    view.setUint16(8 + 2 * at, group);
  });
}

/** The groups of `a:b` or of `a:1.2.3.4`. */
function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
