"""formats.md, 10: a document's file as moving code."""
import hashlib
import re
from zlib import crc32

from basics import listing

PAIRS = [pair for line in listing('bytewords') for pair in re.findall('..', line)]
MASK = 2**64 - 1


def bytewords(data):
    return ''.join(PAIRS[byte] for byte in data + crc32(data).to_bytes(4, 'big'))


def from_bytewords(text):
    data = bytes(PAIRS.index(pair) for pair in re.findall('..', text))
    body, sum_ = data[:-4], data[-4:]
    if crc32(body).to_bytes(4, 'big') != sum_:
        raise ValueError('checksum')
    return body


def head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    for info, count in ((24, 1), (25, 2), (26, 4)):
        if value < 256**count:
            return bytes([major << 5 | info]) + value.to_bytes(count, 'big')
    raise ValueError('too large')


def read_head(data, at, major):
    info = data[at] & 31
    count = 0 if info < 24 else {24: 1, 25: 2, 26: 4}[info]
    value = info if count == 0 else int.from_bytes(data[at + 1 : at + 1 + count], 'big')
    end = at + 1 + count
    if data[at:end] != head(major, value):
        raise ValueError('head')
    return value, end


def draws(seed):
    state = [int.from_bytes(hashlib.sha256(seed).digest()[at : at + 8], 'big') for at in (0, 8, 16, 24)]

    def rotate(value, by):
        return (value << by | value >> (64 - by)) & MASK

    while True:
        yield (rotate(state[1] * 5 & MASK, 7) * 9 & MASK) / 2**64
        shifted = state[1] << 17 & MASK
        state[2] ^= state[0]
        state[3] ^= state[1]
        state[1] ^= state[2]
        state[0] ^= state[3]
        state[2] ^= shifted
        state[3] = rotate(state[3], 45)


def alias_table(count):
    weights = [1 / (index + 1) for index in range(count)]
    total = 0.0
    for weight in weights:
        total += weight
    scaled = [weight * count / total for weight in weights]
    chances, aliases = [1.0] * count, list(range(count))
    small = [index for index in reversed(range(count)) if scaled[index] < 1]
    large = [index for index in reversed(range(count)) if scaled[index] >= 1]
    while small and large:
        less, more = small.pop(), large.pop()
        chances[less], aliases[less] = scaled[less], more
        scaled[more] = scaled[more] + scaled[less] - 1
        (small if scaled[more] < 1 else large).append(more)
    return chances, aliases


def fragments_of(part, count, checksum, table):
    if part <= count:
        return [part - 1]
    random = draws(part.to_bytes(4, 'big') + checksum.to_bytes(4, 'big'))
    chances, aliases = table
    slot = int(next(random) * count)
    degree = 1 + (slot if next(random) < chances[slot] else aliases[slot])
    left = list(range(count))
    return [left.pop(int(next(random) * len(left))) for _ in range(degree)]


def xor(one, other):
    return (int.from_bytes(one, 'big') ^ int.from_bytes(other, 'big')).to_bytes(len(one), 'big')


def frames(data, most):
    message = head(2, len(data)) + data
    count = -(-len(message) // most)
    size = -(-len(message) // count)
    count = -(-len(message) // size)
    if count == 1:
        return [('ur:bytes/' + bytewords(message)).upper()]
    checksum, table = crc32(message), alias_table(count)
    padded = message.ljust(count * size, b'\0')
    made = []
    for part in range(1, max(3 * count, 12) + 1):
        total = bytes(size)
        for fragment in fragments_of(part, count, checksum, table):
            total = xor(total, padded[fragment * size : (fragment + 1) * size])
        numbers = b''.join(head(0, value) for value in (part, count, len(message), checksum))
        made.append(f'ur:bytes/{part}-{count}/{bytewords(head(4, 5) + numbers + head(2, size) + total)}'.upper())
    return made


def read(strings):
    """The file, from the frames of one code in any order; None while they do not tell it all."""
    rows, facts = {}, None
    for string in strings:
        parts = string.lower().split('/')
        body = from_bytewords(parts[-1])
        if len(parts) == 2:
            size, end = read_head(body, 0, 2)
            return body[end : end + size]
        five, at = read_head(body, 0, 4)
        numbers = []
        for _ in range(4):
            value, at = read_head(body, at, 0)
            numbers.append(value)
        size, at = read_head(body, at, 2)
        part, count, length, checksum = numbers
        facts = (count, length, checksum, size)
        mask, total = 0, body[at:]
        for fragment in fragments_of(part, count, checksum, alias_table(count)):
            mask |= 1 << fragment
        while mask:
            first = mask & -mask
            if first not in rows:
                rows[first] = (mask, total)
                break
            mask, total = mask ^ rows[first][0], xor(total, rows[first][1])
    if facts is None or len(rows) < facts[0]:
        return None
    count, length, checksum, size = facts
    for first in sorted(rows, reverse=True):
        mask, total = rows[first]
        for other in sorted(rows):
            if other > first and mask & other:
                mask, total = mask ^ rows[other][0], xor(total, rows[other][1])
        rows[first] = (mask, total)
    message = b''.join(rows[first][1] for first in sorted(rows))[:length]
    if crc32(message) != checksum:
        raise ValueError('the parts do not add up')
    size, end = read_head(message, 0, 2)
    return message[end : end + size]
